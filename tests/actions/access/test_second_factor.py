"""A login in two halves: what the first opens, which codes the second takes, and how often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from app.actions.access.log_in import log_in_by_link, log_in_by_password
from app.actions.access.login_outcomes import (
    HALF_LOGIN_IS_OVER,
    WRONG_CODE,
    HalfLogin,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.passwords import (
    make_password_link,
    set_password,
    set_password_by_link,
)
from app.actions.access.second_factor import log_in_by_code
from app.actions.access.second_factors import (
    begin_authenticator,
    finish_authenticator,
    remove_authenticator,
    remove_second_factors,
    renew_recovery_codes,
)
from app.actions.access.sessions import resume_session
from app.actions.access.users import UserRefused, disable_user
from app.domain.access.login_token import HOLDS, TokenPurpose
from app.domain.access.recovery_codes import HOW_MANY
from app.domain.access.users import User
from app.domain.access.web_session import Client
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.login_tokens import add_login_token
from app.store.second_factors import find_authenticator, second_factors_of
from tests.support.sample_desk import NIGHT, blank_database, later
from tests.support.second_factors import STEP, shown, with_authenticator
from tests.support.users import PASSWORD, a_user, author, with_password

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


@pytest.fixture
def codes(database: Database, kari: User) -> tuple[str, ...]:
    return with_authenticator(database, kari, NIGHT)


def half(database: Database, at: datetime = NIGHT) -> str:
    found = log_in_by_password(database, KARI, PASSWORD, HERE, at)
    assert isinstance(found, HalfLogin), found
    return found.secret


def by_code(
    database: Database, code: str, at: datetime = NIGHT, secret: str = ""
) -> NewLogin | LoginRefused:
    return log_in_by_code(database, secret or half(database, at), code, HERE, at)


def trail(database: Database) -> list[tuple[str, object]]:
    with database.read() as connection:
        listed = list_audit_events(connection, AuditFilter())
    return [(str(each.event.kind), each.event.after) for each in reversed(listed)]


def test_an_app_counts_only_after_a_code_of_it_was_right(database: Database, kari: User) -> None:
    begin_authenticator(database, kari, author())
    assert isinstance(log_in_by_password(database, KARI, PASSWORD, HERE, NIGHT), NewLogin)
    assert finish_authenticator(database, kari, "000000", author()) == WRONG_CODE
    codes = finish_authenticator(database, kari, shown(database, kari, NIGHT), author())
    assert len(set(codes)) == HOW_MANY  # type: ignore[arg-type]
    assert half(database)
    assert finish_authenticator(database, kari, "000000", author()) == WRONG_CODE, "it is over"


def test_one_that_counts_is_not_replaced_by_beginning_anew(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    before = shown(database, kari, NIGHT)
    begin_authenticator(database, kari, author())
    assert shown(database, kari, NIGHT) == before


def test_the_first_half_alone_opens_nothing(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    assert resume_session(database, half(database), NIGHT) is None


def test_password_link_and_new_password_all_ask_for_the_second_half(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    link = TokenPurpose.LOGIN_LINK
    database.write(lambda connection: add_login_token(connection, link, kari.id, "l", NIGHT))
    by_link = log_in_by_link(database, "l", HERE, NIGHT)
    secret = make_password_link(database, kari, author())
    by_new = set_password_by_link(database, secret, NEW_PASSWORD, HERE, NIGHT)
    for number, found in enumerate((by_link, by_new)):
        assert isinstance(found, HalfLogin), found
        at = NIGHT + STEP * 2 * number
        done = by_code(database, shown(database, kari, at), at, found.secret)
        if number:
            assert isinstance(done, NewLogin)
        else:
            assert done == HALF_LOGIN_IS_OVER, "a new password ends what was begun before it"


def test_a_code_logs_in_once_whoever_has_seen_it(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    code, secret, other = shown(database, kari, NIGHT), half(database), half(database)
    found = by_code(database, code, secret=secret)
    assert isinstance(found, NewLogin)
    login = resume_session(database, found.secret, NIGHT)
    assert login
    assert login.user == kari
    assert by_code(database, code, secret=other) == WRONG_CODE
    assert by_code(database, shown(database, kari, later(31)), later(31), secret) == (
        HALF_LOGIN_IS_OVER
    )
    assert trail(database)[-1] == (
        "logged_in", {"by": "password", "second": "authenticator"}
    )  # fmt: skip


def test_a_code_used_by_two_at_once_logs_one_in(migrated_url: str) -> None:
    with blank_database(migrated_url) as database:
        kari = with_password(database, a_user(database))
        with_authenticator(database, kari, NIGHT)
        code, halves = shown(database, kari, NIGHT), [half(database) for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(lambda each: by_code(database, code, secret=each), halves))
        assert sum(isinstance(each, NewLogin) for each in found) == 1


def test_each_recovery_code_stands_in_once_and_is_stored_nowhere(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    typed = f"{codes[3][:8]}-{codes[3][8:]}".upper()
    assert isinstance(by_code(database, typed), NewLogin)
    assert by_code(database, typed) == WRONG_CODE
    with database.read() as connection:
        left = second_factors_of(connection, kari.id).recovery_codes
    assert left == HOW_MANY - 1
    used, logged_in = trail(database)[-2:]
    assert used == ("recovery_code_used", {"codes_left": 9})
    assert logged_in == ("logged_in", {"by": "password", "second": "recovery_code"})
    assert not any(code in str(trail(database)) for code in codes)


def test_new_recovery_codes_replace_the_old_ones(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    anew = renew_recovery_codes(database, kari, author())
    assert by_code(database, codes[0]) == WRONG_CODE
    assert isinstance(by_code(database, anew[0]), NewLogin)


def test_nobody_has_recovery_codes_without_a_factor_that_they_stand_in_for(
    database: Database, kari: User
) -> None:
    assert renew_recovery_codes(database, kari, author()) == ()


def test_codes_are_tried_ten_times_an_hour_with_the_password_or_without(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    for number in range(10):
        assert by_code(database, "000000", later(number)) == WRONG_CODE
    for code in (shown(database, kari, later(11)), codes[0]):
        refused = by_code(database, code, later(11))
        assert isinstance(refused, LoginRefused)
        assert refused.refusal is LoginRefusal.TOO_MANY
    assert isinstance(by_code(database, codes[0], later(400)), NewLogin)


def test_the_second_half_comes_soon_or_not_at_all(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    secret, late = half(database), NIGHT + HOLDS[TokenPurpose.SECOND_FACTOR]
    assert by_code(database, shown(database, kari, late), late, secret) == HALF_LOGIN_IS_OVER
    ended = half(database)
    set_password(database, kari, NEW_PASSWORD, author())
    assert by_code(database, codes[0], secret=ended) == HALF_LOGIN_IS_OVER


def test_who_is_disabled_between_the_halves_stays_out(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    secret = half(database)
    disable_user(database, kari.id, author())
    assert by_code(database, codes[0], secret=secret) == HALF_LOGIN_IS_OVER


def test_whoever_switches_it_off_logs_in_as_before_and_paper_counts_no_more(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    remove_authenticator(database, kari, author())
    assert isinstance(log_in_by_password(database, KARI, PASSWORD, HERE, NIGHT), NewLogin)
    with database.read() as connection:
        assert second_factors_of(connection, kari.id).recovery_codes == 0
    assert [kind for kind, _ in trail(database)][-3:] == [
        "recovery_codes_made", "second_factor_removed", "logged_in",
    ]  # fmt: skip


def test_a_lost_factor_is_taken_away_and_every_login_ends(
    database: Database, kari: User, codes: tuple[str, ...]
) -> None:
    login = by_code(database, codes[0])
    assert isinstance(login, NewLogin)
    remove_second_factors(database, kari.id, author())
    assert resume_session(database, login.secret, NIGHT + timedelta(seconds=1)) is None
    assert isinstance(log_in_by_password(database, KARI, PASSWORD, HERE, NIGHT), NewLogin)
    with database.read() as connection:
        assert find_authenticator(connection, kari.id) is None
    with pytest.raises(UserRefused):
        remove_second_factors(database, kari.id, author())
