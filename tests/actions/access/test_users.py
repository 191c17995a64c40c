"""Users are added and changed by one action each; who did it, from what, to what, is kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.actions.access.sessions import begin_session, resume_session
from app.actions.access.users import (
    UserRefusal,
    UserRefused,
    add_user,
    change_user_details,
    disable_user,
    enable_user,
    give_role,
    take_role,
    user_with_email,
)
from app.domain.access.audit import AuditKind
from app.domain.access.may import may_somewhere
from app.domain.access.permissions import AccessRole, Permission
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, PersonLink, User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.users import NewUser, find_user, list_users
from tests.support.sample_desk import DESK, later, sample_database
from tests.support.users import OPERATOR, a_user, author

COORDINATOR = Grant(AccessRole.COORDINATOR)
ADMINISTRATOR = Grant(AccessRole.ADMINISTRATOR)


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        yield database


def trail(database: Database) -> list[tuple[AuditKind, dict[str, object], dict[str, object]]]:
    with database.read() as connection:
        events = list_audit_events(connection, AuditFilter())
    assert all(each.event.actor == OPERATOR for each in events)
    return [(e.event.kind, dict(e.event.before), dict(e.event.after)) for e in reversed(events)]


def test_a_user_is_added_with_a_role_and_the_trail_tells_both(database: Database) -> None:
    kari = a_user(database, person=PersonLink(DESK, "duty-1"))
    assert user_with_email(database, "kari@kommune.example") == kari
    assert trail(database) == [
        (
            AuditKind.USER_ADDED,
            {},
            {
                "name": "Kari Vik",
                "email": "kari@kommune.example",
                "language": "nb",
                "person": f"{DESK}/duty-1",
            },
        ),
        (AuditKind.ROLE_GIVEN, {}, {"role": "coordinator"}),
    ]


@pytest.mark.parametrize(
    ("person", "grant", "why"),
    [
        (PersonLink(DESK, "nobody"), None, UserRefusal.UNKNOWN_PERSON),
        (None, Grant(AccessRole.READER, Scope(desk="elsewhere")), UserRefusal.UNKNOWN_DESK),
        (None, Grant(AccessRole.READER, Scope(roster="elsewhere")), UserRefusal.UNKNOWN_ROSTER),
        (None, Grant(AccessRole.ADMINISTRATOR, Scope(desk=DESK)), UserRefusal.ONLY_EVERYWHERE),
    ],
)
def test_a_user_who_cannot_be_is_refused_whole(
    database: Database, person: PersonLink | None, grant: Grant | None, why: UserRefusal
) -> None:
    new = NewUser("kari@kommune.example", "Kari Vik", "nb", person)
    with pytest.raises(UserRefused) as refused:
        add_user(database, new, (grant,) if grant else (), author())
    assert refused.value.refusal is why
    with database.read() as connection:
        assert list_users(connection) == ()
    assert trail(database) == []


def test_an_address_is_one_users_only(database: Database) -> None:
    kari, ola = a_user(database, "kari"), a_user(database, "ola")
    with pytest.raises(UserRefused, match="email_taken"):
        a_user(database, "kari")
    with pytest.raises(UserRefused, match="email_taken"):
        change_user_details(database, ola.id, replace(ola, email=kari.email), author())


def test_only_what_differs_is_in_the_trail(database: Database) -> None:
    kari = a_user(database)
    wanted = replace(kari, name="Kari Lund", language="nn", grants=(ADMINISTRATOR,))
    changed = change_user_details(database, kari.id, wanted, author())
    assert changed.grants == (COORDINATOR,), "a role is no detail"
    change_user_details(database, kari.id, wanted, author())
    assert trail(database)[2:] == [
        (
            AuditKind.USER_CHANGED,
            {"name": "Kari Vik", "language": "nb"},
            {"name": "Kari Lund", "language": "nn"},
        )
    ]


def logged_in(database: Database, user: User) -> str:
    return database.write(
        lambda connection: begin_session(
            connection, user, LoginKind.PASSWORD, Client("192.0.2.7"), later(1)
        )
    )


def test_a_role_given_and_taken_holds_from_the_next_page_on(database: Database) -> None:
    kari = a_user(database, role=None)
    secret = logged_in(database, kari)

    def may_see() -> bool:
        now = resume_session(database, secret, later(5))
        assert now
        return may_somewhere(now.user, Permission.SEE_NOW).is_allowed

    assert not may_see()
    at_desk = Grant(AccessRole.READER, Scope(desk=DESK))
    give_role(database, kari.id, at_desk, author())
    give_role(database, kari.id, at_desk, author())
    assert may_see()
    take_role(database, kari.id, at_desk, author())
    take_role(database, kari.id, at_desk, author())
    assert not may_see()


def test_who_is_disabled_is_out_at_once_and_comes_back_with_the_same_roles(
    database: Database,
) -> None:
    kari = a_user(database)
    secret = logged_in(database, kari)
    disable_user(database, kari.id, author(later(5)))
    assert resume_session(database, secret, later(6)) is None
    enable_user(database, kari.id, author(later(7)))
    assert resume_session(database, secret, later(8)) is None, "the old login stays ended"
    with database.read() as connection:
        assert find_user(connection, kari.id) == kari


def test_somebody_can_always_manage_users(database: Database) -> None:
    kari = a_user(database, "kari", AccessRole.ADMINISTRATOR)
    for change in (
        lambda: take_role(database, kari.id, ADMINISTRATOR, author()),
        lambda: disable_user(database, kari.id, author()),
    ):
        with pytest.raises(UserRefused, match="last_administrator"):
            change()
    ola = a_user(database, "ola", AccessRole.ADMINISTRATOR)
    disable_user(database, kari.id, author())
    with pytest.raises(UserRefused, match="last_administrator"):
        take_role(database, ola.id, ADMINISTRATOR, author())


def test_the_trail_is_found_by_what_and_by_who(database: Database) -> None:
    kari = a_user(database)
    logged_in(database, replace(kari, name="Åse Vik"))

    def found(asked: AuditFilter) -> list[AuditKind]:
        with database.read() as connection:
            return [each.event.kind for each in list_audit_events(connection, asked)]

    assert found(AuditFilter(kind=AuditKind.ROLE_GIVEN)) == [AuditKind.ROLE_GIVEN]
    for who in ("Åse", "se VIK", "åse vik"):
        wanted = ["logged_in"] if who != "åse vik" else []  # SQLite knows small letters of a to z
        assert found(AuditFilter(who=who)) == wanted
    assert found(AuditFilter(who="person")) == found(AuditFilter(who="%")) == []
    assert len(found(AuditFilter(since=later(0), until=later(1)))) == 2
    with database.read() as connection:
        newest = list_audit_events(connection, AuditFilter(limit=1))
        older = list_audit_events(connection, AuditFilter(below=newest[0].id))
    assert [each.event.kind for each in (*newest, *older)] == [
        AuditKind.LOGGED_IN,
        AuditKind.ROLE_GIVEN,
        AuditKind.USER_ADDED,
    ]
