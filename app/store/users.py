"""Users and their roles as rows. What a role lets them do is domain/access."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, PersonLink, User
from app.store.people import find_customer
from app.store.tables import DeskRow, GrantRow, PersonRow, RosterRow, UserRow
from app.store.upsert import insert_once

# Everything but the hash of the password, which only who checks it needs.
USER_COLUMNS: Final = (
    UserRow.id,
    UserRow.email,
    UserRow.name,
    UserRow.language,
    UserRow.roster,
    UserRow.person,
    UserRow.created_at,
    UserRow.disabled_at,
)
GRANTS_OF: Final = (
    select(GrantRow.user_id, GrantRow.role, GrantRow.desk, GrantRow.roster, GrantRow.customer)
    .where(GrantRow.user_id.in_(bindparam("users", expanding=True)))
    .order_by(GrantRow.id)
)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be added. `email` is as read_email returns it."""

    email: str
    name: str
    language: str
    person: PersonLink | None = None


def add_user(connection: Connection, user: NewUser, now: datetime) -> User | None:
    """Add a user without a role; None where somebody has that address already."""
    is_new = insert_once(
        connection,
        UserRow,
        {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            **_person_columns(user.person),
            "password_hash": None,
            "created_at": now,
            "disabled_at": None,
        },
    )
    return find_user_by_email(connection, user.email) if is_new else None


def find_user(connection: Connection, user_id: int) -> User | None:
    """Return a user, also a disabled one; None where there is none."""
    return _first(connection, UserRow.id == user_id)


def find_user_by_email(connection: Connection, email: str) -> User | None:
    """Return the user with an address, as read_email returns it; None where there is none."""
    return _first(connection, UserRow.email == email)


def lock_user(connection: Connection, user_id: int) -> User | None:
    """Return a user whom nobody else changes meanwhile."""
    this = select(UserRow.id).where(UserRow.id == user_id).with_for_update()
    return find_user(connection, user_id) if connection.execute(this).first() else None


def list_users(connection: Connection) -> tuple[User, ...]:
    """List every user by name, the disabled ones last."""
    wanted = select(*USER_COLUMNS).order_by(
        UserRow.disabled_at.is_not(None), func.lower(UserRow.name), UserRow.id
    )
    rows = connection.execute(wanted).all()
    grants = grants_of(connection, [row.id for row in rows])
    return tuple(read_user(row, grants.get(row.id, ())) for row in rows)


def change_user(connection: Connection, user: User) -> None:
    """Give a user another name, language, address or place on a roster."""
    columns = {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "disabled_at": user.disabled_at,
        **_person_columns(user.person),
    }
    connection.execute(update(UserRow).where(UserRow.id == user.id).values(columns))


def add_grant(connection: Connection, user_id: int, grant: Grant) -> None:
    """Give a user a role."""
    row = {"user_id": user_id, "role": grant.role, **_scope_columns(grant.scope)}
    connection.execute(insert(GrantRow), row)


def remove_grant(connection: Connection, user_id: int, grant: Grant) -> None:
    """Take a role from a user."""
    connection.execute(delete(GrantRow).where(_is_grant(user_id, grant)))


def lock_administrators(connection: Connection) -> frozenset[int]:
    """Return who may manage users and can log in, and let nobody change that meanwhile.

    Two who take the role from each other at once would else both see the other.
    """
    enabled = and_(UserRow.id == GrantRow.user_id, UserRow.disabled_at.is_(None))
    wanted = select(GrantRow.user_id).join(UserRow, enabled).order_by(GrantRow.id)
    are_some = wanted.where(GrantRow.role == AccessRole.ADMINISTRATOR).with_for_update()
    return frozenset(connection.execute(are_some).scalars())


def users_of_customer(connection: Connection, scope: Scope) -> tuple[User, ...]:
    """List by name whoever has a role for a customer and may log in."""
    theirs = select(GrantRow.user_id).where(_is_customers(scope))
    wanted = select(*USER_COLUMNS).where(UserRow.id.in_(theirs), UserRow.disabled_at.is_(None))
    rows = connection.execute(wanted.order_by(func.lower(UserRow.name), UserRow.id)).all()
    grants = grants_of(connection, [row.id for row in rows])
    return tuple(read_user(row, grants.get(row.id, ())) for row in rows)


def lock_customer_grants(connection: Connection, scope: Scope, role: AccessRole) -> frozenset[int]:
    """Return who has a role for a customer and can log in; nobody changes that meanwhile."""
    enabled = and_(UserRow.id == GrantRow.user_id, UserRow.disabled_at.is_(None))
    wanted = select(GrantRow.user_id).join(UserRow, enabled).where(_is_customers(scope))
    locked = wanted.where(GrantRow.role == role).order_by(GrantRow.id).with_for_update()
    return frozenset(connection.execute(locked).scalars())


def password_hash_of(connection: Connection, user_id: int) -> str | None:
    """Return the hash of a user's password; None for one who has no password."""
    return connection.execute(
        select(UserRow.password_hash).where(UserRow.id == user_id)
    ).scalar_one_or_none()


def save_password_hash(connection: Connection, user_id: int, hashed: str | None) -> None:
    """Store the hash of a user's password."""
    connection.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=hashed))


def users_with_password(connection: Connection, users: Collection[int]) -> frozenset[int]:
    """Return which of these users have a password."""
    have = select(UserRow.id).where(UserRow.id.in_(users), UserRow.password_hash.is_not(None))
    return frozenset(connection.execute(have).scalars())


def is_person(connection: Connection, person: PersonLink) -> bool:
    """Tell whether somebody on a roster has this id, also somebody who has left it."""
    this = and_(PersonRow.roster == person.roster, PersonRow.id == person.person)
    return connection.execute(select(PersonRow.id).where(this)).first() is not None


def is_there(connection: Connection, scope: Scope) -> bool:
    """Tell whether there is a desk, a roster or a customer that a role can hold for."""
    if scope.customer is not None:
        return find_customer(connection, scope.desk or "", scope.customer) is not None
    if scope.desk is not None:
        there = select(DeskRow.id).where(DeskRow.id == scope.desk)
        return connection.execute(there).first() is not None
    if scope.roster is not None:
        there = select(RosterRow.id).where(RosterRow.id == scope.roster)
        return connection.execute(there).first() is not None
    return True


def list_scopes(connection: Connection) -> tuple[Scope, ...]:
    """List every desk and then every roster that a role can hold for."""
    desks = connection.execute(select(DeskRow.id).order_by(DeskRow.id)).scalars()
    rosters = connection.execute(select(RosterRow.id).order_by(RosterRow.id)).scalars()
    return (*(Scope(desk=each) for each in desks), *(Scope(roster=each) for each in rosters))


def grants_of(connection: Connection, users: Iterable[int]) -> dict[int, tuple[Grant, ...]]:
    """Return the roles of users, in the order in which they were given."""
    found: dict[int, tuple[Grant, ...]] = {}
    for row in connection.execute(GRANTS_OF, {"users": list(users)}):
        grant = Grant(row.role, Scope(row.desk, row.roster, row.customer))
        found[row.user_id] = (*found.get(row.user_id, ()), grant)
    return found


def read_user(row: Row[*tuple[Any, ...]], grants: tuple[Grant, ...]) -> User:
    """Make a user of a row that has USER_COLUMNS, by their names."""
    is_on_roster = row.roster is not None and row.person is not None
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        created_at=row.created_at,
        person=PersonLink(row.roster, row.person) if is_on_roster else None,
        grants=grants,
        disabled_at=row.disabled_at,
    )


def _first(connection: Connection, which: ColumnElement[bool]) -> User | None:
    row = connection.execute(select(*USER_COLUMNS).where(which)).first()
    if row is None:
        return None
    return read_user(row, grants_of(connection, [row.id]).get(row.id, ()))


def _is_grant(user_id: int, grant: Grant) -> ColumnElement[bool]:
    where = _scope_columns(grant.scope)
    columns = {"desk": GrantRow.desk, "roster": GrantRow.roster, "customer": GrantRow.customer}
    there = (
        columns[name].is_(None) if value is None else columns[name] == value
        for name, value in where.items()
    )
    return and_(GrantRow.user_id == user_id, GrantRow.role == grant.role, *there)


def _is_customers(scope: Scope) -> ColumnElement[bool]:
    return and_(GrantRow.desk == scope.desk, GrantRow.customer == scope.customer)


def _scope_columns(scope: Scope) -> dict[str, str | None]:
    return {"desk": scope.desk, "roster": scope.roster, "customer": scope.customer}


def _person_columns(person: PersonLink | None) -> dict[str, str | None]:
    if person is None:
        return {"roster": None, "person": None}
    return {"roster": person.roster, "person": person.person}
