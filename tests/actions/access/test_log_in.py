"""Logging in: by password and by link, once, limited, and telling strangers nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.actions.access.log_in import (
    log_in_by_link,
    log_in_by_password,
    password_tries,
    user_of_link,
)
from app.actions.access.login_links import LOGIN_PATH, send_login_link
from app.actions.access.login_outcomes import (
    WRONG,
    HalfLogin,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.password_hashes import PASSWORDS, HashingBusy, PasswordHashes
from app.actions.access.passwords import (
    change_password,
    confirm_by_password,
    make_password_link,
    set_password,
    set_password_by_link,
)
from app.actions.access.sessions import (
    end_one_session,
    end_other_sessions,
    log_out,
    resume_session,
)
from app.actions.access.users import disable_user
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.access.login_token import TokenPurpose
from app.domain.access.users import User
from app.domain.access.web_session import Client
from app.domain.message_refs import MessageError
from app.store import Database
from app.store.tables import Base, JobRow, LoginTokenRow, RateLimitRow, WebSessionRow
from app.store.users import password_hash_of, save_password_hash
from app.store.web_sessions import LoggedIn, list_sessions
from app.voice_prompts import texts
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import NIGHT, blank_database, later
from tests.support.users import HASHED, PASSWORD, a_user, author, with_password

HERE = Client("192.0.2.7", "Firefox")
KARI = "kari@kommune.example"
NEW_PASSWORD = "fire turre skonrokkar"


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with blank_database(migrated_sqlite_url) as database:
        yield database


@pytest.fixture
def kari(database: Database) -> User:
    return with_password(database, a_user(database))


def by_password(
    database: Database,
    password: str = PASSWORD,
    email: str = KARI,
    client: Client = HERE,
    at: datetime = NIGHT,
) -> NewLogin | HalfLogin | LoginRefused:
    return log_in_by_password(database, email, password, client, at)


def is_in(
    database: Database, login: NewLogin | HalfLogin | LoginRefused, at: datetime = NIGHT
) -> LoggedIn:
    assert isinstance(login, NewLogin), login
    found = resume_session(database, login.secret, at)
    assert found
    return found


def why(refused: object) -> LoginRefusal:
    assert isinstance(refused, LoginRefused), refused
    return refused.refusal


def rows(database: Database, table: type[Base]) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def test_who_has_the_password_is_in_whatever_the_letters_of_the_address(
    database: Database, kari: User
) -> None:
    found = is_in(database, by_password(database, email=" Kari@Kommune.example "))
    assert (found.user, found.session.client) == (kari, HERE)


def test_all_who_are_refused_are_told_the_same(database: Database, kari: User) -> None:
    without = a_user(database, "utan")
    gone = with_password(database, a_user(database, "slutta"))
    disable_user(database, gone.id, author())
    for email, password in (
        (KARI, "feil passord heilt"),
        ("ingen@kommune.example", PASSWORD),
        (without.email, PASSWORD),
        (gone.email, PASSWORD),
        ("", ""),
        ("ikkje ei adresse", "x" * 100_000),
    ):
        assert by_password(database, password, email) == LoginRefused(LoginRefusal.WRONG), email
    assert rows(database, WebSessionRow) == []


def test_of_a_login_nothing_is_stored_that_opens_it(database: Database, kari: User) -> None:
    login = by_password(database)
    assert isinstance(login, NewLogin)
    assert login.secret not in str(rows(database, WebSessionRow))
    assert len(login.secret) >= 43
    other = by_password(database)
    assert isinstance(other, NewLogin)
    assert other.secret != login.secret


def test_an_account_is_tried_ten_times_an_hour_whoever_tries(
    database: Database, kari: User
) -> None:
    assert by_password(database, "feil passord heilt") == WRONG
    for number in range(9):
        tried = password_tries(KARI, Client(f"192.0.2.{number}"))
        assert tried.take(database, NIGHT) is None
    before = rows(database, RateLimitRow)
    locked = by_password(database)
    assert locked == LoginRefused(LoginRefusal.TOO_MANY, later(360))
    assert rows(database, RateLimitRow) == before, "who is held off writes nothing"
    is_in(database, by_password(database, at=later(360)), later(360))


def test_an_account_that_nobody_has_is_held_off_like_one_that_somebody_has(
    database: Database,
) -> None:
    nobody = "ingen@kommune.example"
    assert by_password(database, email=nobody) == WRONG
    for _ in range(9):
        assert password_tries(nobody, HERE).take(database, NIGHT) is None
    assert why(by_password(database, email=nobody)) is LoginRefusal.TOO_MANY


def test_an_address_that_tries_many_accounts_is_held_off(database: Database, kari: User) -> None:
    for number in range(50):
        client = Client(f"2001:db8:1:2::{number}")
        tried = password_tries(f"a{number}@kommune.example", client)
        assert tried.take(database, NIGHT) is None
    assert why(by_password(database, client=Client("2001:db8:1:2::99"))) is LoginRefusal.TOO_MANY
    is_in(database, by_password(database))


def test_who_logs_in_is_not_held_off_by_having_done_so(database: Database, kari: User) -> None:
    for _ in range(9):
        assert password_tries(KARI, HERE).take(database, NIGHT) is None
    for _ in range(2):
        is_in(database, by_password(database))


def test_a_hash_of_older_parameters_is_made_anew(database: Database, kari: User) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    database.write(lambda connection: save_password_hash(connection, kari.id, weak))
    is_in(database, by_password(database))
    with database.read() as connection:
        renewed = password_hash_of(connection, kari.id)
    assert renewed
    assert PASSWORDS.renewed(renewed, PASSWORD) is None
    is_in(database, by_password(database))


def test_a_hash_costs_what_owasp_asks_for() -> None:
    shipped = PasswordHashes()
    made = shipped.make(PASSWORD)
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert shipped.fits(made, PASSWORD)
    assert not shipped.fits(made, f"{PASSWORD} ")
    assert shipped.renewed(HASHED, PASSWORD)


def test_few_passwords_are_checked_at_once() -> None:
    one_at_a_time = PasswordHashes(at_once=1, wait_seconds=0)
    with one_at_a_time.turns, pytest.raises(HashingBusy):
        one_at_a_time.fits(None, PASSWORD)
    assert not one_at_a_time.fits(None, PASSWORD)


# --- by a link ------------------------------------------------------------------------------


def mailed_link(database: Database, at: datetime = NIGHT, email: str = KARI) -> str:
    """Ask for a link, let the worker send it, and return what stands in the mail."""
    assert send_login_link(database, email, HERE, at) is None
    gateway = FakeGateway()
    assert do_next_job(database, gateway, texts(), at)
    ((to, _, body),) = gateway.mails
    assert to == email
    assert "15 minutter" in body
    return next(word for word in body.split() if LOGIN_PATH in word).rpartition("/")[2]


def test_a_link_logs_in_once_and_looking_at_it_uses_nothing_up(
    database: Database, kari: User
) -> None:
    secret = mailed_link(database)
    for _ in range(3):
        assert user_of_link(database, TokenPurpose.LOGIN_LINK, secret, later(5)) == kari
    assert is_in(database, log_in_by_link(database, secret, HERE, later(6)), later(6)).user == kari
    assert why(log_in_by_link(database, secret, HERE, later(7))) is LoginRefusal.LINK_IS_OVER


def test_a_link_is_for_its_purpose_and_for_a_quarter_of_an_hour(
    database: Database, kari: User
) -> None:
    secret = mailed_link(database)
    assert user_of_link(database, TokenPurpose.PASSWORD_LINK, secret, later(1)) is None
    late = later(15 * 60)
    assert user_of_link(database, TokenPurpose.LOGIN_LINK, secret, late) is None
    assert why(log_in_by_link(database, secret, HERE, late)) is LoginRefusal.LINK_IS_OVER


def test_a_link_used_by_two_at_once_logs_one_in(migrated_url: str) -> None:
    with blank_database(migrated_url) as database:
        a_user(database)
        secret = mailed_link(database)
        with ThreadPoolExecutor(4) as pool:
            tries = pool.map(lambda _: log_in_by_link(database, secret, HERE, later(1)), range(4))
        assert sum(isinstance(each, NewLogin) for each in tries) == 1


def test_the_secret_of_a_link_is_stored_nowhere(database: Database, kari: User) -> None:
    secret = mailed_link(database)
    assert secret not in f"{rows(database, LoginTokenRow)} {rows(database, JobRow)}"


def test_nobody_learns_who_has_an_account_and_nobody_gets_ten_mails(
    database: Database, kari: User
) -> None:
    assert send_login_link(database, "ingen@kommune.example", HERE, NIGHT) is None
    assert rows(database, JobRow) == []
    for email in (KARI, "ingen@kommune.example"):
        asked = [send_login_link(database, email, HERE, later(n)) for n in range(1, 7)]
        assert why(asked[-1]) is LoginRefusal.TOO_MANY


def test_who_was_disabled_meanwhile_gets_no_link(database: Database, kari: User) -> None:
    assert send_login_link(database, KARI, HERE, NIGHT) is None
    disable_user(database, kari.id, author())
    gateway = FakeGateway()
    do_next_job(database, gateway, texts(), NIGHT)
    assert gateway.mails == []
    assert rows(database, LoginTokenRow) == []


# --- passwords set and changed ----------------------------------------------------------------


def test_a_new_user_sets_a_password_by_a_link_that_works_once(database: Database) -> None:
    kari = a_user(database)
    first = make_password_link(database, kari, author())
    secret = make_password_link(database, kari, author())
    assert why(set_password_by_link(database, first, PASSWORD, HERE, NIGHT)) is (
        LoginRefusal.LINK_IS_OVER
    )
    with pytest.raises(MessageError):
        set_password_by_link(database, secret, "kort", HERE, NIGHT)
    done = set_password_by_link(database, secret, PASSWORD, HERE, later(23 * 3600))
    is_in(database, done, later(23 * 3600))
    again = set_password_by_link(database, secret, NEW_PASSWORD, HERE, later(23 * 3600))
    assert why(again) is LoginRefusal.LINK_IS_OVER
    is_in(database, by_password(database))


def test_a_password_from_the_terminal_logs_out_everywhere(database: Database, kari: User) -> None:
    login = by_password(database)
    set_password(database, kari, NEW_PASSWORD, author())
    assert isinstance(login, NewLogin)
    assert resume_session(database, login.secret, NIGHT) is None
    assert why(by_password(database)) is LoginRefusal.WRONG
    is_in(database, by_password(database, NEW_PASSWORD))


def test_changing_a_password_asks_again_who_it_is_and_ends_the_other_logins(
    database: Database, kari: User
) -> None:
    other, login = by_password(database), by_password(database)
    assert isinstance(login, NewLogin)
    assert isinstance(other, NewLogin)
    late = NIGHT + timedelta(minutes=20)

    def now_in() -> LoggedIn:
        return is_in(database, login, late)

    changed = change_password(database, now_in(), NEW_PASSWORD, author(late))
    assert changed == LoginRefused(LoginRefusal.UNCONFIRMED)
    wrong = confirm_by_password(database, now_in(), "feil passord heilt", HERE, late)
    assert wrong == LoginRefused(LoginRefusal.WRONG)
    assert confirm_by_password(database, now_in(), PASSWORD, HERE, late) is None
    assert change_password(database, now_in(), NEW_PASSWORD, author(late)) is None
    assert resume_session(database, other.secret, late) is None
    assert now_in().user == kari


# --- sessions ---------------------------------------------------------------------------------


def test_logins_are_listed_and_ended_one_by_one_or_all_others(
    database: Database, kari: User
) -> None:
    phone, home, work = (
        is_in(database, by_password(database, client=Client("192.0.2.7", name)))
        for name in ("Telefon", "Heime", "Jobb")
    )

    def open_now() -> list[str]:
        with database.read() as connection:
            listed = list_sessions(connection, kari.id, NIGHT)
        return sorted(each.client.user_agent for each in listed)

    stranger = a_user(database, "ola")
    assert not end_one_session(database, stranger, phone.session.id, author()), "none of theirs"
    assert end_one_session(database, kari, phone.session.id, author())
    assert open_now() == ["Heime", "Jobb"]
    assert end_other_sessions(database, kari, work.session.id, author()) == 1
    assert open_now() == ["Jobb"]
    log_out(database, work, NIGHT)
    assert open_now() == []
    assert home


def test_a_login_that_is_not_used_ends_and_one_that_is_used_goes_on(
    database: Database, kari: User
) -> None:
    login = by_password(database)
    hours = timedelta(hours=11)
    for number in range(1, 30):
        is_in(database, login, NIGHT + hours * number)
    assert isinstance(login, NewLogin)
    assert resume_session(database, login.secret, NIGHT + hours * 30 + timedelta(hours=7)) is None
    fortnight = NIGHT + timedelta(days=14)
    assert resume_session(database, login.secret, fortnight) is None


def test_pages_note_their_use_once_a_minute(database: Database, kari: User) -> None:
    login = by_password(database)
    noted = [
        is_in(database, login, later(second)).session.last_seen_at for second in (30, 60, 90, 121)
    ]
    assert noted == [NIGHT, NIGHT, later(60), later(60)]
