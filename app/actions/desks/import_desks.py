"""Takes desk folders in: new versions where a text has changed, customers row by row.

An error refuses the whole import, and the live versions go on. Reading files is the caller's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.document_edits import lost_roster_edits
from app.actions.roster.entries_in_files import (
    RosterImport,
    carry_out,
    entry_diagnostics,
    prepare_roster_import,
)
from app.actions.roster.follow_shifts import follow_shifts, live_plan
from app.actions.roster.own_numbers import (
    forget_who_left,
    own_number_diagnostics,
    with_own_numbers,
)
from app.domain.access.actor import ActorKind
from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import (
    Diagnostic,
    Diagnostics,
    DiagnosticSeverity,
    errors,
    in_order,
)
from app.domain.config.folder import DESK, ROSTER, DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.config.hours_writing import hours_line
from app.domain.desks.customers_merge import (
    CustomerChangeKind,
    CustomersMerge,
    merge_customers,
)
from app.domain.desks.desk_calendars import OWN_HOURS
from app.domain.desks.desk_lists import DeskList, entries_of, lacks_edits
from app.domain.desks.hours_edits import hours_edits, lost_edits
from app.domain.message_refs import ref
from app.domain.roster.entries_import import EntriesImport
from app.store import Database
from app.store.desks import (
    Edit,
    desk_texts,
    find_desk,
    last_file_version,
    list_desks,
    lock_desk,
    save_desk,
    save_roster,
)
from app.store.people import (
    customers_of_other_agreements,
    replace_customers,
    save_people,
)
from app.store.staff_pins import keep_pins_of

Prepared = Mapping[str, RosterImport]  # by roster

LOOKS_AHEAD: Final = timedelta(days=90)  # for duty hours that nobody covers


class ImportRefused(Exception):
    """The folders have errors. Nothing was stored; `diagnostics` has all of them, warnings too."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__("\n".join(f"{each.file}: {each.code}" for each in errors(diagnostics)))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class ImportedDesk:
    """What the import of one desk changed."""

    desk: str
    desk_is_new: bool  # a new version of desk.toml
    roster_is_new: bool
    customers: CustomersMerge
    entries: EntriesImport  # of its roster


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import changed, and the warnings that did not keep it from being done."""

    desks: tuple[ImportedDesk, ...]
    warnings: Diagnostics


def import_desks(
    database: Database,
    folders: Sequence[DeskFolder],
    edit: Edit,
    *,
    may_remove: bool = False,
    replace_edits: bool = False,
) -> ImportResult:
    """Make the folders live, all of them or none.

    Refused on any error, where customers would have an agreement that the desk has no more, and
    where a document lacks what was entered on a page, unless `replace_edits`.
    TooManyRemoved (app/store/people.py) when more than a tenth of a desk's customers would go,
    unless `may_remove`. A folder without customers.csv leaves the desk's customers as they are.
    """
    work = partial(
        import_folders,
        folders=folders,
        edit=edit,
        may_remove=may_remove,
        replace_edits=replace_edits,
    )
    return database.write(work)


def import_folders(
    connection: Connection,
    folders: Sequence[DeskFolder],
    edit: Edit,
    *,
    may_remove: bool = False,
    replace_edits: bool = False,
) -> ImportResult:
    """Make the folders live within a transaction that does more."""
    for desk in sorted({folder.id for folder in folders}):
        lock_desk(connection, desk)  # what a page saves meanwhile is seen, or waits
    prepared = {
        folder.roster.id: prepare_roster_import(connection, folder.roster)
        for folder in folders
        if folder.roster
    }
    diagnostics = check_import(connection, folders, prepared, edit)
    if edit.author.kind is not ActorKind.PERSON:  # a page takes no agreement away
        without = (each for folder in folders for each in _without_agreement(connection, folder))
        diagnostics = in_order((*diagnostics, *without))
    if not replace_edits:
        lost = (each for folder in folders for each in _lost_edits(connection, folder, edit))
        of_rosters = (
            each for folder in folders for each in lost_roster_edits(connection, folder, edit)
        )
        diagnostics = in_order((*diagnostics, *lost, *of_rosters))
    if errors(diagnostics):
        raise ImportRefused(diagnostics)
    folders = [with_own_numbers(connection, folder) for folder in folders]
    before = {each: live_plan(connection, each) for each in prepared}
    new_rosters = {
        folder.roster.id
        for folder in folders
        if folder.roster and save_roster(connection, folder.roster, folder.text(ROSTER), edit)
    }
    for folder in folders:
        if folder.roster:
            save_people(connection, folder.roster, edit.author, edit.at)
            forget_who_left(connection, folder.roster)
            people = [each.id for each in folder.roster.people]
            keep_pins_of(connection, folder.roster.id, people)
            carry_out(connection, folder.roster.id, prepared[folder.roster.id].changes, edit)
    done = tuple(
        _import_one(connection, folder, edit, new_rosters, prepared, may_remove)
        for folder in folders
    )
    for roster in new_rosters:
        follow_shifts(connection, roster, before[roster], edit)
    return ImportResult(done, diagnostics)


def _import_one(
    connection: Connection,
    folder: DeskFolder,
    edit: Edit,
    new_rosters: set[str],
    prepared: Prepared,
    may_remove: bool,
) -> ImportedDesk:
    if folder.desk is None:  # errors were refused before
        raise ImportRefused(folder.diagnostics)
    is_new = save_desk(connection, folder.desk, folder.text(DESK), edit)
    changed = CustomersMerge()
    if folder.customers is not None:
        changed = replace_customers(connection, folder.id, folder.customers, may_remove=may_remove)
    roster = folder.roster.id if folder.roster else ""
    entries = prepared[roster].changes if roster else EntriesImport()
    return ImportedDesk(folder.id, is_new, roster in new_rosters, changed, entries)


def check_import(
    connection: Connection, folders: Sequence[DeskFolder], prepared: Prepared, edit: Edit
) -> Diagnostics:
    """Every fault of these folders, alone, together, and with the desks that are live."""
    ours = [diagnostic for folder in folders for diagnostic in folder.diagnostics]
    for folder in folders:
        if folder.roster:
            ours += entry_diagnostics(folder, prepared[folder.roster.id], edit.at)
            ours += own_number_diagnostics(connection, folder)
    others = tuple(_live_folders(connection, folders))
    live = (each.roster for each in list_desks(connection) if each.roster)
    plans = {roster.id: roster for roster in live}
    plans |= {roster: each.plan for roster, each in prepared.items()}
    between = cross_check((*others, *folders), edit.at, edit.at + LOOKS_AHEAD, plans)
    return in_order(
        (*ours, *(diagnostic for diagnostic in between if _is_about(diagnostic, folders)))
    )


def _without_agreement(connection: Connection, folder: DeskFolder) -> Iterator[Diagnostic]:
    """Agreements that customers would still have and the desk no more: nobody could answer them.

    Those whom no file names, and those whose agreement was chosen on a page.
    """
    if folder.desk is None or folder.is_refused:
        return
    agreements = [each.id for each in folder.desk.agreements]
    stored = customers_of_other_agreements(connection, folder.id, agreements)
    left = [each.customer for each in stored.values()]
    if folder.customers is not None:
        wanted = (each for each in folder.customers if each.number in stored)
        changes = merge_customers(stored, wanted).changes
        left = [each.customer for each in changes if each.kind is not CustomerChangeKind.REMOVED]
    gone = [each for each in left if each.agreement not in agreements]
    for agreement in sorted({each.agreement for each in gone}):
        numbers = [each.number for each in gone if each.agreement == agreement]
        message = ref(
            "diagnostic.agreement_in_use", word=agreement, count=len(numbers), number=numbers[0]
        )
        yield folder.diagnostic(DESK, ("agreements",), DiagnosticSeverity.ERROR, message)


def _lost_edits(connection: Connection, folder: DeskFolder, edit: Edit) -> Iterator[Diagnostic]:
    """What was entered on a page since the last file, and this file lacks."""
    live = find_desk(connection, folder.id) if folder.desk else None
    is_page = edit.author.kind is ActorKind.PERSON
    if not (live and folder.desk) or is_page or live.changed_by.kind is not ActorKind.PERSON:
        return
    base = last_file_version(connection, folder.id)
    if base is None:
        return
    edits = hours_edits(base.desk, live.desk)
    for which in DeskList:
        lists = [entries_of(each, which) for each in (base.desk, live.desk, folder.desk)]
        if lacks_edits(*lists):
            message = ref(f"diagnostic.changed_on_page.{which}", who=live.changed_by.name)
            yield folder.diagnostic(DESK, (str(which),), DiagnosticSeverity.ERROR, message)
    today = edit.at.astimezone(ZoneInfo(live.desk.time_zone)).date()
    for lost in lost_edits(edits, folder.desk, today):
        key = "taken_back" if lost.after is None else "missing"
        line = hours_line(lost, lost.after or lost.before)
        message = ref(f"diagnostic.changed_on_page.{key}", line=line, who=live.changed_by.name)
        path = ("duty", "hours") if lost.calendar == OWN_HOURS else ("calendars", lost.calendar)
        yield folder.diagnostic(DESK, path, DiagnosticSeverity.ERROR, message)


def _is_about(diagnostic: Diagnostic, folders: Sequence[DeskFolder]) -> bool:
    return any(diagnostic.file.startswith(f"{folder.where}/") for folder in folders)


def _live_folders(connection: Connection, folders: Sequence[DeskFolder]) -> Iterator[DeskFolder]:
    """The desks that are live and not in this import, each roster in one of them.

    Of a desk that is imported without its roster, the roster alone.
    """
    taken = {folder.roster.id for folder in folders if folder.roster}
    imported = {folder.id for folder in folders}
    for live in list_desks(connection):
        texts = desk_texts(connection, live.desk.id)
        is_imported = live.desk.id in imported
        if texts is None:
            continue
        files: dict[str, bytes | str] = {} if is_imported else {DESK: texts[0]}
        if live.roster and live.roster.id not in taken:
            files[ROSTER] = texts[1]
            taken.add(live.roster.id)
        if files:
            name = f"live:{live.desk.id}"
            yield read_folder(files, name if is_imported else live.desk.id, name)
