"""roster.toml read: a Roster, or every diagnostic. Who is on duty by it is on_duty.py."""

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.config.calendar_part import time_zone
from app.domain.config.date_part import date_at
from app.domain.config.diagnostics import ReadResult, errors, in_order
from app.domain.config.document import Document, open_document
from app.domain.config.entry_part import absences, overrides
from app.domain.config.phone_part import phones
from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import language
from app.domain.message_refs import ref
from app.domain.roles import ROTATION_ROLES, Role
from app.domain.roster.plan import Person, Roster
from app.domain.roster.rotation import Rotation, RotationKind
from app.domain.roster.turn_order import FULL, Weights
from app.domain.time.wall_time import MINUTES_A_DAY, WEEKDAYS

LONGEST_PERSON_NAME = 60


class BackupIs(StrEnum):
    """Who is backup of a primary rotation, in one word."""

    NEXT = "next"


def read_roster(text: str, file: str, *, is_stored: bool = False) -> ReadResult[Roster]:
    """Read roster.toml; without a value where an error refuses it, with every diagnostic in
    order.
    """
    document = open_document(text, file, is_stored=is_stored)
    if document.is_unreadable:
        return ReadResult(None, in_order(document.diagnostics))
    roster = _roster(document)
    refused = errors(document.diagnostics)
    partial = roster if document.knows_tables else None
    return ReadResult(None if refused else roster, in_order(document.diagnostics), partial)


def _roster(document: Document) -> Roster:
    top = TableReader(document, (), document.toml.values)
    roster_id, zone = top.id("id"), time_zone(top)
    people = tuple(_person(part, name) for name, part in top.named_tables("people"))
    ids = tuple(person.id for person in people)
    roster = Roster(
        id=roster_id,
        time_zone=zone,
        people=people,
        layers=tuple(_rotations(top, ids)),
        overrides=tuple(overrides(top, ids, ZoneInfo(zone))),
        absences=tuple(absences(top, ids, ZoneInfo(zone))),
        last_resort=phones(top, "last_resort", ids),
    )
    top.close()
    _numbers_of_two(document, people)
    return roster


def _person(part: TableReader, person_id: str) -> Person:
    name = part.text("name")
    if len(name) > LONGEST_PERSON_NAME:
        part.error(
            "name", ref("diagnostic.name_too_long.name", most=LONGEST_PERSON_NAME, count=len(name))
        )
    numbers = phones(part, "phones")
    code = language(part, "language", part.values["language"]) if part.has("language") else ""
    part.close()
    if not numbers:
        part.document.warn(part.path, ref("diagnostic.no_number", person=person_id))
    return Person(person_id, name, numbers, code)


def _numbers_of_two(document: Document, people: tuple[Person, ...]) -> None:
    owner: dict[str, str] = {}
    for person in people:
        for number in person.numbers:
            first = owner.setdefault(number, person.id)
            if first != person.id:
                message = ref(
                    "diagnostic.number_of_two.people", number=number, person=person.id, other=first
                )
                document.warn(("people", person.id, "phones"), message)


def _rotations(top: TableReader, people: Collection[str]) -> Iterator[Rotation]:
    seen: set[str] = set()
    for part in top.list_of_tables("rotations"):
        rotation_id = part.id("id")
        if rotation_id in seen:
            part.error("id", ref("diagnostic.rotation_twice", rotation=rotation_id))
        seen.add(rotation_id)
        rotation = _rotation(part, rotation_id, people)
        part.close()
        if rotation:
            yield rotation


def _rotation(part: TableReader, rotation_id: str, people: Collection[str]) -> Rotation | None:
    role = part.choice("role", ROTATION_ROLES)
    kind = part.choice("kind", RotationKind)
    minute = _handover(part)
    weekday = _weekday(part, kind)
    start, until = date_at(part, "start"), date_at(part, "until") if part.has("until") else None
    every = part.whole("every", 1, 52, 1)
    members = part.texts("members", needed=True)
    for index, member in enumerate(members):
        part.known("members", member, people, "person", index)
    if part.has("members") and not members:
        part.error("members", ref("diagnostic.nobody_takes_turns"))
    backup_is_next = _backup_is_next(part, role, members)
    weights = tuple(_weights(part, members))
    if start is None or (kind is RotationKind.WEEKLY and weekday is None):
        return None
    if until and until <= start:
        part.error(
            "until",
            ref("diagnostic.ends_before_start.rotation", until=str(until), start=str(start)),
        )
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
    )


def _backup_is_next(part: TableReader, role: Role, members: tuple[str, ...]) -> bool:
    if not part.has("backup"):
        return False
    part.choice("backup", BackupIs)
    if role is not Role.PRIMARY:
        part.error("backup", ref("diagnostic.backup_of_backup"))
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
    if kind is not RotationKind.WEEKLY:
        if part.has("handover_day"):
            part.error("handover_day", ref("diagnostic.not_weekly"))
        return None
    name = part.text("handover_day")
    if not name or not part.known("handover_day", name, WEEKDAYS, "weekday"):
        return None
    return WEEKDAYS.index(name)
