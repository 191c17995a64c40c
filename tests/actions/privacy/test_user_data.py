"""What is stored about a user is given out and erased; what was done stays in the trail."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from app.actions.access.identities import link_identity
from app.actions.access.log_in import log_in_by_password
from app.actions.access.login_links import send_login_link
from app.actions.access.passwords import make_password_link
from app.actions.access.sessions import begin_session
from app.actions.access.users import disable_user, user_with_email
from app.actions.privacy.personal_data import export_person
from app.actions.privacy.purge import purge_batch
from app.actions.privacy.user_data import erase_user, export_user
from app.actions.roster.entries import EntryRequest, add_entry, list_entries
from app.actions.tickets.move_ticket import Assign, Close, MoveRequest, TicketChange, move_ticket
from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
from app.domain.access.audit import AuditKind, Author
from app.domain.access.identities import Identity
from app.domain.access.permissions import AccessRole
from app.domain.access.users import PersonLink, User
from app.domain.access.web_session import Client, LoginKind
from app.domain.desks.desk import Priority
from app.domain.roster.entries import EntryKind
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Assignee
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.outbox import NewJob, put_jobs
from app.store.tables import (
    AuditEventRow,
    Base,
    JobKind,
    LoginTokenRow,
    RateLimitRow,
    UserRow,
    WebSessionRow,
)
from app.store.ticket_lists import find_ticket, ticket_events
from app.store.users import find_user, list_users
from tests.support.sample_desk import DESK, DUTY_1, NIGHT, later, sample_database
from tests.support.second_factors import with_authenticator
from tests.support.users import a_user, author, with_password

KARI = "kari@kommune.example"
HERE = Client("192.0.2.7", "Firefox")


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        a_user(database, "ola", AccessRole.ADMINISTRATOR)
        yield database


@pytest.fixture
def kari(database: Database) -> User:
    """Kari is Duty 1, has logged in, and has made an override."""
    kari = with_password(database, a_user(database, person=PersonLink(DESK, "duty-1")))
    log_in = partial(begin_session, user=kari, kind=LoginKind.PASSWORD, client=HERE, now=later(5))
    database.write(log_in)
    make_password_link(database, kari, Author(kari.actor, later(6), HERE.address))
    with_authenticator(database, kari, NIGHT)
    link_identity(database, kari, Identity("entra", "https://login.example", "oid-k"), author())
    values = {"person": "duty-2", "role": "primary", "from": "2026-12-24", "to": "2026-12-25"}
    values = {**values, "from": "2026-12-24T16:00", "to": "2026-12-24T20:00"}
    add_entry(database, EntryRequest(DESK, EntryKind.OVERRIDE, dict(values), kari.actor), later(7))
    return kari


def works_on_a_ticket(database: Database, kari: User) -> int:
    """Kari reported it, was given it, closed it, and has had an idea sent on."""
    contact = {"name": kari.name, "email": KARI.upper()}
    asked = TicketAsked(DESK, Priority.LOW, "Skjema", kari.actor, **contact)
    opened = open_asked_ticket(database, OpenRequest(asked, "test", "1"), later(8))
    assert isinstance(opened, Opened)
    changes: tuple[TicketChange, ...] = (Assign(Assignee(kari.name, str(kari.id))), Close())
    for minute, change in enumerate(changes, 9):
        request = MoveRequest(opened.number, change, kari.actor)
        assert isinstance(move_ticket(database, request, later(minute)), Outcome)
    idea = {"to": "ideer@kommune.example", "words": f"{kari.name} <{KARI}>", "at": later(9)}
    other = {"to": f"x{KARI}", "at": later(9)}
    jobs = [
        NewJob(JobKind.MAIL, "idea:1:ideer@kommune.example", idea, desk=DESK),
        NewJob(JobKind.MAIL, "another's", other, desk=DESK),
    ]
    database.write(partial(put_jobs, jobs=jobs, now=later(9)))
    return opened.number


def everything(database: Database) -> str:
    with database.read() as connection:
        tables = Base.metadata.sorted_tables
        return str([tuple(row) for t in tables for row in connection.execute(select(t))])


def count(database: Database, table: type[Base]) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_user_gets_all_that_is_stored_about_them_and_no_secret(
    database: Database, kari: User
) -> None:
    found = export_user(database, KARI)
    assert set(found) == {
        "users", "grants", "web_sessions", "login_tokens", "audit_events", "roster_entries",
        "authenticators", "recovery_codes", "identities",
    }  # fmt: skip
    assert found["users"][0]["email"] == KARI
    assert found["web_sessions"][0]["address"] == HERE.address
    assert {row["kind"] for row in found["audit_events"]} == {
        "user_added", "role_given", "logged_in", "password_link_made", "second_factor_added",
        "recovery_codes_made", "identity_linked", "entry_added",
    }  # fmt: skip
    assert "argon2" not in str(found)
    secrets = {"secret_hash", "code_hash", "secret"}
    assert not any(secrets.intersection(row) for rows in found.values() for row in rows)
    assert "ola@" not in str(found)


def test_whoever_asks_by_number_gets_their_logins_too(database: Database, kari: User) -> None:
    found = export_person(database, DUTY_1, "Teamleiar", later(60)).tables
    assert [row["email"] for row in found["users"]] == [KARI]
    assert found["web_sessions"]


def test_an_erased_user_is_out_and_nowhere_named_but_what_was_done_stays(
    database: Database, kari: User
) -> None:
    number = works_on_a_ticket(database, kari)
    exported = export_user(database, KARI)
    assert len(exported["tickets"]) == len(exported["outbox"]) == 1
    assert len(exported["ticket_events"]) == 4
    before = count(database, AuditEventRow)
    done = erase_user(database, KARI, author(later(60)))
    assert done["web_sessions"] == done["login_tokens"] == done["grants"] == 1
    assert done["roster_entries"] == done["authenticators"] == done["identities"] == 1
    assert done["recovery_codes"] == 10
    stored = everything(database)
    for words in ("Kari Vik", KARI, "oid-k", HERE.address, "Firefox"):
        assert words not in stored.replace(f"x{KARI}", ""), words
    assert f"x{KARI}" in stored, "another's address, which ends in the same letters"
    assert KARI.upper() not in stored
    with database.read() as connection:
        ticket = find_ticket(connection, number)
        events = ticket_events(connection, number)
    assert ticket
    assert (ticket.closed_by, ticket.work.changed_by, ticket.contact.email) == (
        "erased",
        "erased",
        "",
    )
    assert {each.who for each in events} == {"erased"}
    assert count(database, AuditEventRow) == before + 2, "disabled, erased"
    with database.read() as connection:
        erased = find_user(connection, kari.id)
        [newest, *_] = list_audit_events(connection, AuditFilter())
    assert erased
    assert (erased.name, erased.is_disabled, erased.grants) == ("erased", True, ())
    assert (newest.event.kind, newest.event.subject.id) == (AuditKind.USER_ERASED, str(kari.id))
    (entry,) = list_entries(database, DESK, "all", later(90)).entries  # type: ignore[arg-type, union-attr]
    assert (entry.author.id, entry.author.name) == (str(kari.id), "erased")


def test_the_number_of_an_erased_user_is_given_to_nobody_else(
    database: Database, kari: User
) -> None:
    erase_user(database, KARI, author(later(60)))
    again = a_user(database)
    assert again.id != kari.id
    assert user_with_email(database, KARI) == again
    with database.read() as connection:
        assert len(list_users(connection)) == 3


def test_logins_go_after_their_time_and_the_trail_after_its_own(
    database: Database, kari: User
) -> None:
    log_in_by_password(database, KARI, "feil passord heilt", HERE, later(10))
    send_login_link(database, KARI, HERE, later(10))

    def left_after(days: float) -> dict[str, int]:
        while purge_batch(database, NIGHT + timedelta(days=days)):
            pass
        tables = (WebSessionRow, LoginTokenRow, RateLimitRow, AuditEventRow, UserRow)
        return {table.__tablename__: count(database, table) for table in tables}

    trail = count(database, AuditEventRow)
    assert left_after(0.002)["rate_limits"] == 2, "the tries are still limited"
    after_a_day = left_after(2.1)
    assert (after_a_day["rate_limits"], after_a_day["login_tokens"]) == (0, 0)
    assert left_after(89)["web_sessions"] == 1
    assert left_after(91)["web_sessions"] == 0
    assert left_after(3 * 365 - 1)["audit_events"] == trail
    assert left_after(3 * 365 + 1) == {
        "web_sessions": 0, "login_tokens": 0, "rate_limits": 0, "audit_events": 0, "users": 2,
    }  # fmt: skip


def test_who_is_disabled_keeps_their_row_until_somebody_erases_it(
    database: Database, kari: User
) -> None:
    disable_user(database, kari.id, author())
    while purge_batch(database, NIGHT + timedelta(days=4000)):
        pass
    assert count(database, UserRow) == 2
