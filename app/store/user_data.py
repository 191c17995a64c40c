"""What is stored about a user: their rows, and every place where they stand as an actor."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    false,
    or_,
    select,
    type_coerce,
    update,
)

from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import SubjectKind
from app.domain.privacy.anonymise import ERASED
from app.store.account_requests import delete_account_requests
from app.store.identities import delete_identities
from app.store.login_tokens import delete_login_tokens
from app.store.notice_choices import delete_notice_choices
from app.store.passkeys import delete_passkeys
from app.store.personal_data_search import Key, Row, all_tables, key_of, rows_about
from app.store.portal_cases import forget_portal_user
from app.store.saved_filters import delete_saved_filters
from app.store.second_factors import delete_authenticator, delete_recovery_codes
from app.store.tables import (
    AccountRequestRow,
    AuditEventRow,
    CommentRow,
    GrantRow,
    PersonRow,
    UserRow,
)
from app.store.tables.base import ActorJson
from app.store.ticket_writers import delete_writers
from app.store.user_names import Named, erase_names, is_named
from app.store.web_sessions import delete_sessions

AUDIT: Final = AuditEventRow.__tablename__
NOTHING: Final = "{}"


def users_with_number(connection: Connection, digits: str) -> tuple[int, ...]:
    """Return the users who are somebody on a roster with this number."""
    is_person = and_(PersonRow.roster == UserRow.roster, PersonRow.id == UserRow.person)
    theirs = select(UserRow.id).join(PersonRow, is_person)
    has_number = PersonRow.numbers.contains(json.dumps(digits), autoescape=True)
    return tuple(connection.execute(theirs.where(has_number)).scalars())


def rows_of_user(connection: Connection, table: Table, user_id: int) -> Iterator[Row]:
    """Yield the rows of a table that are a user's, are about them, or were made by them."""
    named = is_named(table, _named(connection, user_id))
    theirs = or_(_of_user(table, user_id), named)
    yield from connection.execute(select(table).where(theirs)).mappings()


def rows_of_person(
    connection: Connection, table: Table, digits: str, users: Sequence[int]
) -> Iterator[Row]:
    """Yield the rows of a table about a number, and those of the users who have it, once each."""
    seen: set[Key] = set()
    found = (rows_of_user(connection, table, user) for user in users)
    for row in chain(rows_about(connection, table, digits), *found):
        key = key_of(table, row)
        if key not in seen:
            seen.add(key)
            yield row


def erase_user_rows(connection: Connection, user_id: int, now: datetime) -> dict[str, int]:
    """Take a disabled user out of every table; return how many rows of each were changed.

    The user's own row stays without a name: no other may ever get its number, which the audit
    trail holds.
    """
    user = _named(connection, user_id)
    done = {
        "account_requests": delete_account_requests(connection, user.email),
        "grants": connection.execute(_delete_grants(user_id)).rowcount,
        "web_sessions": delete_sessions(connection, user_id),
        "login_tokens": delete_login_tokens(connection, user_id),
        "authenticators": delete_authenticator(connection, user_id),
        "identities": delete_identities(connection, user_id),
        "passkeys": delete_passkeys(connection, user_id),
        "notice_choices": delete_notice_choices(connection, user_id),
        "recovery_codes": delete_recovery_codes(connection, user_id),
        "saved_filters": delete_saved_filters(connection, user_id),
        "ticket_writers": delete_writers(connection, user_id),
        AUDIT: _erase_audit_events(connection, user_id),
        "users": _erase_user(connection, user_id),
    }
    done |= forget_portal_user(connection, user_id)
    done["comments"] = connection.execute(_erase_comments(user_id)).rowcount
    done |= erase_names(connection, user, now)
    for table in all_tables():
        changed = _erase_actor(connection, table, user_id)
        done[table.name] = max(done.get(table.name, 0), changed)
    return {name: count for name, count in done.items() if count}


def _delete_grants(user_id: int) -> Any:
    table: Table = GrantRow.__table__  # type: ignore[assignment]
    return table.delete().where(table.c.user_id == user_id)


def _erase_comments(user_id: int) -> Any:
    """Let what somebody wrote say no more who it was."""
    theirs = update(CommentRow).where(CommentRow.author_id == str(user_id))
    return theirs.values(author=ERASED)


def _named(connection: Connection, user_id: int) -> Named:
    this = select(UserRow.id, UserRow.name, UserRow.email).where(UserRow.id == user_id)
    row = connection.execute(this).one()
    return Named(row.id, row.name, row.email)


def _erase_user(connection: Connection, user_id: int) -> int:
    nobody = {
        "email": f"{ERASED} {user_id}",
        "name": ERASED,
        "roster": None,
        "person": None,
        "password_hash": None,
    }
    return connection.execute(update(UserRow).where(UserRow.id == user_id).values(nobody)).rowcount


def _erase_audit_events(connection: Connection, user_id: int) -> int:
    """Take out what a user was called and where their browser was; what was done stays."""
    about = update(AuditEventRow).where(_is_subject(user_id))
    by_them = update(AuditEventRow).where(_names(AuditEventRow.actor, user_id))
    changed = connection.execute(about.values(before=NOTHING, after=NOTHING)).rowcount
    return changed + connection.execute(by_them.values(address="")).rowcount


def _erase_actor(connection: Connection, table: Table, user_id: int) -> int:
    """Let a table say no more what an actor was called."""
    columns = _actor_columns(table)
    done = 0
    for row in connection.execute(select(table).where(_stands_in(table, user_id))).mappings().all():
        new = {each.name: _nameless(row[each.name], user_id) for each in columns}
        keys = zip(table.primary_key.columns, key_of(table, row), strict=True)
        this = and_(*(column == part for column, part in keys))
        connection.execute(update(table).where(this).values(new))
        done += 1
    return done


def _nameless(actor: Actor | None, user_id: int) -> Actor | None:
    if actor is None or actor.kind is not ActorKind.PERSON or actor.id != str(user_id):
        return actor
    return replace(actor, name=ERASED)


def _of_user(table: Table, user_id: int) -> ColumnElement[bool]:
    which: list[ColumnElement[bool]] = [_stands_in(table, user_id)]
    if table.name == UserRow.__tablename__:
        which.append(table.c.id == user_id)
    if "user_id" in table.c:
        which.append(table.c.user_id == user_id)
    own = select(UserRow.email).where(UserRow.id == user_id).scalar_subquery()
    if table.name == AccountRequestRow.__tablename__:
        which.append(table.c.email == own)
    if table.name == CommentRow.__tablename__:
        which.append(table.c.author_id == str(user_id))
    if table.name == AUDIT:
        which.append(_is_subject(user_id))
    return or_(*which)


def _is_subject(user_id: int) -> ColumnElement[bool]:
    return and_(
        AuditEventRow.subject_kind == SubjectKind.USER, AuditEventRow.subject == str(user_id)
    )


def _actor_columns(table: Table) -> list[Any]:
    return [column for column in table.columns if isinstance(column.type, ActorJson)]


def _stands_in(table: Table, user_id: int) -> ColumnElement[bool]:
    return or_(false(), *(_names(column, user_id) for column in _actor_columns(table)))


def _names(column: Any, user_id: int) -> ColumnElement[bool]:
    """Match an actor by kind and id, as tables/base.py writes them."""
    written = type_coerce(column, Text)
    return and_(
        written.like(f'{{"kind": "{ActorKind.PERSON}", %'), written.like(f'%, "id": "{user_id}", %')
    )
