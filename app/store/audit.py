"""The audit trail as rows: added with the change that they tell of, listed, never changed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    type_coerce,
)

from app.domain.access.audit import AuditEvent, AuditKind, Subject, Values
from app.store.pagination import PAGE, page_of
from app.store.tables import AuditEventRow

PURGED_AT_ONCE: Final = 200
# As tables/base.py writes an actor.
BEFORE_NAME: Final = '%"name": "%'
AFTER_NAME: Final = '%", "id"%'


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events are asked for; None leaves it open. Those `below` an id are the next page."""

    kind: AuditKind | None = None
    subject: Subject | None = None
    who: str = ""  # part of the name of whoever did it
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class StoredAuditEvent:
    """An event of the trail, with its number there."""

    id: int
    event: AuditEvent


def add_audit_event(connection: Connection, event: AuditEvent) -> None:
    """Add an event, in the transaction of the change itself."""
    connection.execute(
        insert(AuditEventRow),
        {
            "at": event.at,
            "kind": event.kind,
            "actor": event.actor,
            "subject_kind": event.subject.kind,
            "subject": event.subject.id,
            "before": _written(event.before),
            "after": _written(event.after),
            "address": event.address,
        },
    )


def list_audit_events(connection: Connection, asked: AuditFilter) -> tuple[StoredAuditEvent, ...]:
    """List events, the newest first; the next page is `below` the last id."""
    wanted = select(AuditEventRow).where(_matching(asked)).order_by(AuditEventRow.id.desc())
    return tuple(_read(row) for row in connection.execute(wanted.limit(page_of(asked.limit))))


def purge_audit_events(connection: Connection, before: datetime) -> int:
    """Delete events from before an instant."""
    old = select(AuditEventRow.id).where(AuditEventRow.at < before)
    ids = connection.execute(old.order_by(AuditEventRow.at).limit(PURGED_AT_ONCE)).scalars().all()
    connection.execute(delete(AuditEventRow).where(AuditEventRow.id.in_(ids)))
    return len(ids)


def _matching(asked: AuditFilter) -> ColumnElement[bool]:
    which: list[ColumnElement[bool]] = [true()]
    if asked.kind is not None:
        which.append(AuditEventRow.kind == asked.kind)
    if asked.subject is not None:
        which.append(AuditEventRow.subject_kind == asked.subject.kind)
        which.append(AuditEventRow.subject == asked.subject.id)
    if asked.who:
        which.append(_is_named(asked.who))
    if asked.since is not None:
        which.append(AuditEventRow.at >= asked.since)
    if asked.until is not None:
        which.append(AuditEventRow.at < asked.until)
    if asked.below is not None:
        which.append(AuditEventRow.id < asked.below)
    return and_(*which)


def _is_named(who: str) -> ColumnElement[bool]:
    """Match part of an actor's name as it stands in JSON; SQLite knows small letters of a to z."""
    part = json.dumps(who, ensure_ascii=False)[1:-1]
    for sign in "\\%_":
        part = part.replace(sign, f"\\{sign}")
    actor, pattern = type_coerce(AuditEventRow.actor, Text), f"{BEFORE_NAME}{part}{AFTER_NAME}"
    return or_(
        actor.like(pattern, escape="\\"), func.lower(actor).like(pattern.lower(), escape="\\")
    )


def _written(values: Values) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


def _read(row: Row[*tuple[Any, ...]]) -> StoredAuditEvent:
    event = AuditEvent(
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        subject=Subject(row.subject_kind, row.subject),
        before=json.loads(row.before),
        after=json.loads(row.after),
        address=row.address,
    )
    return StoredAuditEvent(row.id, event)
