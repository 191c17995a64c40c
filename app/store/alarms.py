"""Alarms: what the desks' contacts were notified of, and whether it is resolved. Real time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update

from app.domain.health.alarms import ALARM_POLICIES, Alarm, AlarmKind
from app.store.tables import AlarmRow
from app.store.upsert import insert_once

LastTold = Select[datetime, datetime | None]  # when it was notified of, and when resolved


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm that was told and is not over."""

    desk: str
    alarm: Alarm
    notified_at: datetime


def open_alarm(connection: Connection, desk: str, alarm: Alarm, now: datetime) -> bool:
    """Note that the contacts are told; False where they were, not too long ago."""
    row = {
        "desk": desk,
        "kind": alarm.kind,
        "subject": alarm.subject,
        "ticket": alarm.ticket,
        "notified_at": now,
        "resolved_at": None,
    }
    if insert_once(connection, AlarmRow, row):
        return True
    last_told = select(AlarmRow.notified_at, AlarmRow.resolved_at).where(_this(desk, alarm))
    if not _is_told_again(connection, last_told, alarm, now):  # most often so: nothing is locked
        return False
    if not _is_told_again(connection, last_told.with_for_update(), alarm, now):
        return False  # somebody else has told them meanwhile
    again = update(AlarmRow).where(_this(desk, alarm))
    connection.execute(again.values(notified_at=now, resolved_at=None))
    return True


def resolve_alarm(connection: Connection, desk: str, alarm: Alarm, now: datetime) -> bool:
    """Note that it is over; False where it was not open."""
    still = update(AlarmRow).where(_this(desk, alarm), AlarmRow.resolved_at.is_(None))
    return connection.execute(still.values(resolved_at=now)).rowcount > 0


def open_alarms(connection: Connection) -> tuple[OpenAlarm, ...]:
    """Return every alarm that is not over, the oldest first."""
    columns = (
        AlarmRow.desk,
        AlarmRow.kind,
        AlarmRow.subject,
        AlarmRow.ticket,
        AlarmRow.notified_at,
    )
    still = select(*columns).where(AlarmRow.resolved_at.is_(None)).order_by(AlarmRow.id)
    return tuple(
        OpenAlarm(row.desk, Alarm(row.kind, row.subject, ticket=row.ticket), row.notified_at)
        for row in connection.execute(still)
    )


def count_open_alarms(connection: Connection) -> dict[str, int]:
    """Count the open alarms by kind; every kind is named."""
    still = select(AlarmRow.kind, func.count()).where(AlarmRow.resolved_at.is_(None))
    found = {str(kind): int(count) for kind, count in connection.execute(still.group_by("kind"))}
    return {str(kind): found.get(kind, 0) for kind in AlarmKind}


def _is_told_again(
    connection: Connection, last_told: LastTold, alarm: Alarm, now: datetime
) -> bool:
    last = connection.execute(last_told).one()
    policy = ALARM_POLICIES[alarm.kind]
    return policy.is_told_again(last.notified_at, last.resolved_at, now)


def _this(desk: str, alarm: Alarm) -> ColumnElement[bool]:
    return and_(
        AlarmRow.desk == desk, AlarmRow.kind == alarm.kind, AlarmRow.subject == alarm.subject
    )
