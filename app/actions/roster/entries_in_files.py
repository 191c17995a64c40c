"""The entries of a roster.toml: taken into rows by an import, and written out by an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.requests_in_files import keep_requests_whole
from app.domain.access.actor import file_import
from app.domain.access.audit import Author
from app.domain.config.date_part import wall_text
from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity
from app.domain.config.entry_part import positions
from app.domain.config.entry_writing import replace_entries
from app.domain.config.folder import ROSTER, DeskFolder
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.entries import (
    RosterEntry,
    dated_of,
    identity_of,
    is_over,
    with_dated,
)
from app.domain.roster.entries_import import Addition, EntriesImport, import_entries
from app.domain.roster.plan import Roster
from app.store.desks import Edit
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    every_entry,
    lock_roster,
)
from app.store.roster_plans import load_document


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What importing a roster's document does to its entries, and the plan that comes of it."""

    changes: EntriesImport
    plan: Roster


def prepare_roster_import(connection: Connection, roster: Roster) -> RosterImport:
    """Lock the roster, and work out what an import of the document would do."""
    lock_roster(connection, roster.id)
    return preview_roster_import(connection, roster)


def preview_roster_import(connection: Connection, roster: Roster) -> RosterImport:
    """Work out what an import of the document would do. Changes nothing."""
    before = load_document(connection, roster.id)
    stored = every_entry(connection, roster.id)
    changes = import_entries(dated_of(before) if before else (), dated_of(roster), stored)
    return RosterImport(changes, with_dated(roster, changes.result(stored)))


def carry_out(connection: Connection, roster: str, changes: EntriesImport, edit: Edit) -> None:
    """Store what a file changes, as one revision, and undo what was agreed about it."""
    importer = file_import(edit.author.name)
    change = EntryChange(
        importer,
        edit.at,
        tuple(_new_entry(each, importer.name) for each in changes.add),
        tuple(entry.id for entry in changes.withdraw),
    )
    if change:
        change_entries(connection, roster, change)
        keep_requests_whole(connection, roster, changes.withdraw, Author(importer, edit.at))


def _new_entry(addition: Addition, importer: str) -> NewEntry:
    author = addition.author or file_import(addition.dated.author or importer)
    return NewEntry(addition.dated, author)


def entry_diagnostics(
    folder: DeskFolder, prepared: RosterImport, at: datetime
) -> Iterator[Diagnostic]:
    """Tell what of a file is not taken in, and which entries name people that it has not."""
    roster = folder.roster
    if roster is None:
        return
    people, places = {person.id for person in roster.people}, positions(roster)
    report = partial(folder.diagnostic, ROSTER)
    for entry in prepared.changes.left_withdrawn:
        if not is_over(entry.dated, at) and entry.withdrawal:
            where = places.get(identity_of(entry.dated), ())
            said = _left_withdrawn(entry, entry.withdrawal.by.name, roster)
            yield report(where, DiagnosticSeverity.WARNING, said)
    for entry in prepared.changes.not_in_file:
        for person in _unknown(entry, people) if not is_over(entry.dated, at) else ():
            said = ref("diagnostic.unknown_person.entry", entry=str(entry.id), person=person)
            yield report((), DiagnosticSeverity.ERROR, said)


def _left_withdrawn(entry: RosterEntry, name: str, roster: Roster) -> MessageRef:
    assert entry.withdrawal
    when = wall_text(entry.withdrawal.at, ZoneInfo(roster.time_zone))
    return ref("diagnostic.entry_withdrawn", name=name, when=when, entry=str(entry.id))


def _unknown(entry: RosterEntry, people: set[str]) -> Iterator[str]:
    identity = identity_of(entry.dated)
    yield from (
        each for each in (identity.person, identity.instead_of) if each and each not in people
    )


def roster_text(connection: Connection, roster: str, text: str) -> str:
    """Return the live text, just as it is while its entries are those in force."""
    document = load_document(connection, roster)
    if document is None:
        return text
    stored, written = every_entry(connection, roster), dated_of(document)
    changes = import_entries(written, written, stored)
    if not (changes.add or changes.withdraw or changes.left_withdrawn or changes.not_in_file):
        return text
    in_force = (each.dated for each in stored if each.withdrawal is None)
    return replace_entries(text, in_force, ZoneInfo(document.time_zone))
