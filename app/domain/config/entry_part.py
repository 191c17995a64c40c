"""Overrides and absences: read from a roster's document, or from one request, by the same rules."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from app.domain.config.date_part import instant_at
from app.domain.config.diagnostics import ReadResult, errors, in_order
from app.domain.config.document import Document
from app.domain.config.table_reader import TableReader
from app.domain.message_refs import ref
from app.domain.roles import ROTATION_ROLES
from app.domain.roster.entries import Dated, EntryIdentity, EntryKind, identity_of
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.toml_positions import Path, Toml, TomlValue

OVERRIDES: Final = "overrides"
ABSENCES: Final = "absences"


def overrides(top: TableReader, people: Collection[str], zone: ZoneInfo) -> Iterator[Override]:
    """Read every [[overrides]] of a document."""
    for part in top.list_of_tables(OVERRIDES):
        found = _override(part, people, zone)
        if found:
            yield found


def absences(top: TableReader, people: Collection[str], zone: ZoneInfo) -> Iterator[Absence]:
    """Read every [[absences]] of a document."""
    for part in top.list_of_tables(ABSENCES):
        found = _absence(part, people, zone)
        if found:
            yield found


def read_entry(kind: EntryKind, values: dict[str, TomlValue], roster: Roster) -> ReadResult[Dated]:
    """Read one entry that is asked for, with the keys that a document has."""
    document = Document("", Toml({}, {}))
    part = TableReader(document, (), values)
    people, zone = [person.id for person in roster.people], ZoneInfo(roster.time_zone)
    found: Dated | None
    match kind:
        case EntryKind.OVERRIDE:
            found = _override(part, people, zone)
        case EntryKind.ABSENCE:
            found = _absence(part, people, zone)
        case _:
            assert_never(kind)
    refused = errors(document.diagnostics)
    return ReadResult(None if refused else found, in_order(document.diagnostics))


def positions(roster: Roster) -> dict[EntryIdentity, Path]:
    """Where each entry of a document stands in it."""
    overrides = ((identity_of(each), (OVERRIDES, i)) for i, each in enumerate(roster.overrides))
    absences = ((identity_of(each), (ABSENCES, i)) for i, each in enumerate(roster.absences))
    return {**dict(overrides), **dict(absences)}


def _override(part: TableReader, people: Collection[str], zone: ZoneInfo) -> Override | None:
    person = _person(part, people)
    role = part.choice("role", ROTATION_ROLES) if part.has("role") else None
    instead_of = part.text("instead_of", "") or None
    if instead_of:
        part.known("instead_of", instead_of, people, "person")
    if role is None and instead_of is None:
        part.document.error(part.path, ref("diagnostic.no_role"))
    from_, to = _span(part, zone)
    note, author = part.note_text("note"), part.note_text("author")
    fills = part.truth("fills", default=True)
    part.close()
    if from_ and to and (role or instead_of):
        return Override(person, role, from_, to, note, author, instead_of, fills)
    return None


def _absence(part: TableReader, people: Collection[str], zone: ZoneInfo) -> Absence | None:
    person = _person(part, people)
    from_, to = _span(part, zone)
    note, author = part.note_text("note"), part.note_text("author")
    part.close()
    return Absence(person, from_, to, note, author) if from_ and to else None


def _person(part: TableReader, people: Collection[str]) -> str:
    person = part.text("person")
    if person:
        part.known("person", person, people, "person")
    return person


def _span(part: TableReader, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Read “from” and “to”; a wall time that comes twice is its first occurrence."""
    from_, to = (instant_at(part, key, zone) for key in ("from", "to"))
    if from_ and to and to <= from_:
        part.error("to", ref("diagnostic.ends_before_start.span"))
    return from_, to
