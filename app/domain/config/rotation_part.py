"""The rotations of a roster: who takes turns, when, and what is laid over what."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.config.calendar_part import calendar
from app.domain.config.date_part import date_at
from app.domain.config.holiday_part import KEY as HOLIDAYS
from app.domain.config.holiday_part import holidays
from app.domain.config.table_reader import TableReader
from app.domain.message_refs import ref
from app.domain.roles import TURN_ROLES, Role, TurnRole
from app.domain.roster.rotation import HolidayPeriod, Rotation, RotationKind, holds_some_week
from app.domain.roster.turn_order import FULL, Weights
from app.domain.time.calendars import Calendar
from app.domain.time.wall_time import MINUTES_A_DAY, WEEKDAYS

ROTATION_CALENDAR: Final = "rotation"
HAS_HANDOVER_DAY: Final = (RotationKind.WEEKLY, RotationKind.HOLIDAYS)


class BackupIs(StrEnum):
    """Who is backup of a primary rotation, in one word."""

    NEXT = "next"


@dataclass(slots=True)
class RotationReader:
    """Reads the rotations of a roster, one after another: a later one may lie over an earlier."""

    people: Collection[str]
    time_zone: str
    roles: dict[str, TurnRole] = field(default_factory=dict)  # of those above

    def read(self, top: TableReader) -> Iterator[Rotation]:
        """Yield every rotation that can be made; what is wrong is noted."""
        for part in top.list_of_tables("rotations"):
            rotation_id = part.id("id")
            if rotation_id in self.roles:
                part.error("id", ref("diagnostic.rotation_twice", rotation=rotation_id))
            role = part.choice("role", TURN_ROLES)
            rotation = self._rotation(part, rotation_id, role)
            part.close()
            self.roles[rotation_id] = role
            if rotation:
                yield rotation

    def _rotation(self, part: TableReader, rotation_id: str, role: TurnRole) -> Rotation | None:
        kind = part.choice("kind", RotationKind)
        minute, weekday = _handover(part), _weekday(part, kind)
        start = date_at(part, "start")
        until = date_at(part, "until") if part.has("until") else None
        every = _every(part, kind)
        members = self._members(part)
        over = self._over(part, role)
        backup_is_next = _backup_is_next(part, role, members, over)
        weights = tuple(_weights(part, members))
        hours, shared = self._hours(part), _holidays(part, kind)
        if start and until and until <= start:
            said = ref("diagnostic.ends_before_start.rotation", until=str(until), start=str(start))
            part.error("until", said)
        is_weekly, of_holidays = kind is RotationKind.WEEKLY, kind is RotationKind.HOLIDAYS
        if start is None or (is_weekly and weekday is None) or (of_holidays and not shared):
            return None
        return Rotation(
            id=rotation_id,
            role=role,
            members=members,
            kind=kind,
            handover_minute=minute,
            start=start,
            handover_weekday=weekday,
            every=every,
            until=until,
            weights=weights,
            backup_is_next=backup_is_next,
            over=over,
            hours=hours,
            holidays=shared,
        )

    def _members(self, part: TableReader) -> tuple[str, ...]:
        members = part.texts("members", needed=True)
        for index, member in enumerate(members):
            part.known("members", member, self.people, "person", index)
        if part.has("members") and not members:
            part.error("members", ref("diagnostic.nobody_takes_turns"))
        return members

    def _over(self, part: TableReader, role: TurnRole) -> str | None:
        """The rotation below: one that stands above in the document, of the same role."""
        if not part.has("over"):
            return None
        below = part.text("over")
        if not below or not part.known("over", below, self.roles, "rotation"):
            return None
        if self.roles[below] is not role:
            said = ref("diagnostic.over_another_role", rotation=below, role=self.roles[below])
            part.error("over", said)
            return None
        return below

    def _hours(self, part: TableReader) -> Calendar | None:
        table = part.table("hours")
        found = calendar(table, ROTATION_CALENDAR, self.time_zone) if table else None
        return found if found and holds_some_week(found) else None


def _every(part: TableReader, kind: RotationKind) -> int:
    if kind is RotationKind.HOLIDAYS and part.has("every"):
        part.error("every", ref("diagnostic.holidays_have_no_length"))
        return 1
    return part.whole("every", 1, 52, 1)


def _holidays(part: TableReader, kind: RotationKind) -> tuple[HolidayPeriod, ...]:
    if kind is RotationKind.HOLIDAYS:
        return holidays(part) if part.needs(HOLIDAYS) else ()
    if part.has(HOLIDAYS):
        part.error(HOLIDAYS, ref("diagnostic.not_holidays"))
    return ()


def _backup_is_next(
    part: TableReader, role: TurnRole, members: tuple[str, ...], over: str | None
) -> bool:
    if not part.has("backup"):
        return False
    part.choice("backup", BackupIs)
    if role is not Role.PRIMARY:
        part.error("backup", ref("diagnostic.backup_of_backup"))
        return False
    if over:
        part.error("backup", ref("diagnostic.backup_of_the_one_below", rotation=over))
        return False
    if len(set(members)) == 1:
        message = ref("diagnostic.nobody_is_next", person=members[0])
        part.error("backup", message)
    return True


def _weights(part: TableReader, members: tuple[str, ...]) -> Iterator[Weights]:
    """Read how much of a full share members have; the tables stand in the order of their dates."""
    latest: date | None = None
    for index, table in enumerate(part.list_of_tables("weights")):
        from_ = date_at(table, "from") if index or table.has("from") else None
        percent = tuple(_percents(table, members))
        table.close()
        if from_ and latest and from_ <= latest:
            table.error(
                "from", ref("diagnostic.weights_not_in_order", date=str(from_), latest=str(latest))
            )
        latest = from_ or latest
        yield Weights(percent, from_)
    if part.has("weights") and len(set(members)) < len(members):
        message = ref("diagnostic.member_twice")
        part.error("members", message)


def _percents(table: TableReader, members: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    percents = table.table("percent", needed=True)
    for person in percents.values if percents else ():
        assert percents
        percents.has(person)
        percents.known(person, person, members, "member")
        yield person, percents.whole(person, 1, FULL, FULL)


def _handover(part: TableReader) -> int:
    minute = part.clock("handover") or 0
    if minute == MINUTES_A_DAY:
        part.error("handover", ref("diagnostic.bad_time.handover"))
        return 0
    return minute


def _weekday(part: TableReader, kind: RotationKind) -> int | None:
    """Needed of a weekly rotation; one of holidays takes whole weeks with it."""
    if kind not in HAS_HANDOVER_DAY:
        if part.has("handover_day"):
            part.error("handover_day", ref("diagnostic.not_weekly"))
        return None
    if kind is RotationKind.HOLIDAYS and not part.has("handover_day"):
        return None
    name = part.text("handover_day")
    if not name or not part.known("handover_day", name, WEEKDAYS, "weekday"):
        return None
    return WEEKDAYS.index(name)
