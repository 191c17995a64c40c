"""roster.toml read: a Roster, or every diagnostic. Who is on duty by it is on_duty.py."""

from zoneinfo import ZoneInfo

from app.domain.config.calendar_part import time_zone
from app.domain.config.confirmation_part import confirmation
from app.domain.config.date_part import date_at
from app.domain.config.diagnostics import ReadResult, errors, in_order
from app.domain.config.document import Document, open_document
from app.domain.config.entry_part import absences, overrides
from app.domain.config.pay_part import pay, unnumbered
from app.domain.config.phone_part import phones
from app.domain.config.rotation_part import RotationReader
from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import language
from app.domain.config.working_hours_part import working_hours
from app.domain.message_refs import ref
from app.domain.roster.member_days import MemberDays
from app.domain.roster.plan import USUAL_NOTICE_DAYS, Person, Roster

LONGEST_PERSON_NAME = 60
LONGEST_NOTICE_DAYS = 365


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
        layers=tuple(RotationReader(ids, zone).read(top)),
        overrides=tuple(overrides(top, ids, ZoneInfo(zone))),
        absences=tuple(absences(top, ids, ZoneInfo(zone))),
        last_resort=phones(top, "last_resort", ids),
        working_hours=working_hours(top.table("working_hours"), zone),
        pay=pay(top.table("pay"), ids),
        notice_days=top.whole("notice_days", 0, LONGEST_NOTICE_DAYS, USUAL_NOTICE_DAYS),
        swaps_need_approval=top.truth("swaps_need_approval", default=False),
        confirmation=confirmation(top.table("confirm_shifts")),
    )
    unnumbered(top, roster)
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
    days = _days(part)
    part.close()
    if not numbers and not days.last:
        part.document.warn(part.path, ref("diagnostic.no_number", person=person_id))
    return Person(person_id, name, numbers, code, days)


def _days(part: TableReader) -> MemberDays:
    first = date_at(part, "first_day") if part.has("first_day") else None
    last = date_at(part, "last_day") if part.has("last_day") else None
    if first and last and last < first:
        part.error("last_day", ref("diagnostic.ends_before_start.days", first=str(first)))
    return MemberDays(first, last)


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
