"""A roster's document changed on its page: checked, told what it means, saved as an import.

One transaction, with the checks of `vakt desk import`; only on top of the version that was seen.
Whoever saves second gets both changes together, and nothing is saved before they have seen it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.desks.import_desks import ImportRefused, check_import, import_folders
from app.actions.roster.entries_in_files import preview_roster_import
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.actor import DOCUMENT, Actor
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.config.diagnostics import (
    Diagnostics,
    DiagnosticSeverity,
    errors,
    in_order,
)
from app.domain.config.folder import DESK, ROSTER, DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.config.line_diff import DiffHunk, line_diff
from app.domain.config.line_merge import Merge, marked_lines, merge_lines
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.entries_import import EntriesImport
from app.domain.roster.plan import Roster
from app.domain.roster.plan_difference import (
    PlanDifference,
    plan_difference,
    span_looked_at,
    with_people_of,
)
from app.store import Database
from app.store.audit import add_audit_event
from app.store.desks import Edit, desk_texts, lock_desk
from app.store.roster_entries import lock_roster
from app.store.roster_versions import StoredDocument, find_document, live_document

WINDOWS: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """A document as somebody wants it; `seen` is the version that they began with."""

    roster: str
    text: str
    seen: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DocumentOfRoster:
    """A roster's document as it is live."""

    roster: RosterInUse
    live: StoredDocument


@dataclass(frozen=True, slots=True)
class DocumentMeaning:
    """What a document would change: entries of its own, and who is on duty."""

    entries: EntriesImport
    plan: PlanDifference
    names: Roster  # knows the people of before and after


@dataclass(frozen=True, slots=True)
class DocumentTrial:
    """What somebody's text is beside what is live. `meaning` is None where an error refuses it."""

    roster: RosterInUse
    live: StoredDocument
    diagnostics: Diagnostics
    lines: tuple[DiffHunk, ...]
    meaning: DocumentMeaning | None


@dataclass(frozen=True, slots=True)
class MergedDocuments:
    """What another one has saved since a version, and both changes in one text.

    `number` is the version that theirs is.
    """

    number: int
    theirs: tuple[DiffHunk, ...]
    by: Actor
    merge: Merge
    text: str


class DocumentRefused(Exception):
    """Nothing was saved; without diagnostics because somebody else has changed it meanwhile."""

    def __init__(self, diagnostics: Diagnostics = ()) -> None:
        super().__init__(", ".join(each.code for each in diagnostics))
        self.diagnostics = diagnostics


def show_document(
    database: Database, roster: str, number: int | None = None
) -> tuple[DocumentOfRoster, str] | None:
    """Return a roster's live document, and the text of one of its versions, else the live one.

    None where no desk uses a roster of this id.
    """
    with database.read() as connection:
        found = _find(connection, roster)
        asked = find_document(connection, roster, number) if number else None
    return (found, asked.text if asked else found.live.text) if found else None


def try_document(database: Database, request: DocumentRequest, by: Author) -> DocumentTrial | None:
    """Work out what a text would change; None without the roster. Nothing is saved."""
    with database.read() as connection:
        found = _find(connection, request.roster)
        if found is None:
            return None
        folder = _folder(connection, found, request.text)
        diagnostics = _diagnostics(connection, found, folder, by)
        meaning = None
        if folder.roster and not errors(diagnostics):
            meaning = _meaning(connection, found.roster, folder.roster, by.at)
        lines = line_diff(found.live.text, request.text)
        return DocumentTrial(found.roster, found.live, diagnostics, lines, meaning)


def merge_documents(
    database: Database, request: DocumentRequest, your_name: str
) -> MergedDocuments | None:
    """Put a text together with what was saved since the version that its author has seen."""
    with database.read() as connection:
        live = live_document(connection, request.roster)
        seen = find_document(connection, request.roster, request.seen)
    if live is None or seen is None:
        return None
    merge, by = merge_lines(seen.text, live.text, request.text), live.document.author
    theirs, number = line_diff(seen.text, live.text), live.document.number
    return MergedDocuments(number, theirs, by, merge, merge.text(by.name, your_name))


def change_document(database: Database, request: DocumentRequest, by: Author) -> int:
    """Save a text; return the version that is live then. DocumentRefused: nothing was saved."""
    return database.write(partial(_change, request=request, by=by))


def _change(connection: Connection, request: DocumentRequest, by: Author) -> int:
    found = _locked(connection, request.roster)
    if found is None:
        raise DocumentRefused
    number, live = found.live.document.number, found.live.text
    if line_diff(live, request.text) == () and live.endswith("\n") == request.text.endswith("\n"):
        return number  # pressed twice, or nothing was changed
    if request.seen != number:
        raise DocumentRefused
    folder = _folder(connection, found, _as_it_ended_lines(request.text, live))
    wrong = errors(_diagnostics(connection, found, folder, by))
    if wrong:
        raise DocumentRefused(wrong)
    try:
        author = replace(by.actor, via=DOCUMENT)
        import_folders(connection, (folder,), Edit(author, by.at, request.remark))
    except ImportRefused as refused:
        raise DocumentRefused(errors(refused.diagnostics)) from None
    saved = live_document(connection, request.roster)
    assert saved
    subject = Subject(SubjectKind.ROSTER, request.roster)
    versions = ({"version": each.document.number} for each in (found.live, saved))
    before, after = versions
    remark = {"note": request.remark} if request.remark else {}
    event = audit_event(AuditKind.DOCUMENT_CHANGED, by, subject, before, {**after, **remark})
    add_audit_event(connection, event)
    return saved.document.number


def _locked(connection: Connection, roster: str) -> DocumentOfRoster | None:
    """The document as it is while nobody else changes it."""
    found = _find(connection, roster)
    if found is None:
        return None
    lock_desk(connection, found.roster.desks[0].id)  # as an import does, and in its order
    lock_roster(connection, roster)
    return _find(connection, roster)


def _find(connection: Connection, roster: str) -> DocumentOfRoster | None:
    found, live = roster_in_use(connection, roster), live_document(connection, roster)
    return DocumentOfRoster(found, live) if found and live else None


def _folder(connection: Connection, found: DocumentOfRoster, text: str) -> DeskFolder:
    desk = found.roster.desks[0].id
    texts = desk_texts(connection, desk)
    assert texts
    return read_folder({DESK: texts[0], ROSTER: text}, desk)


def _diagnostics(
    connection: Connection, found: DocumentOfRoster, folder: DeskFolder, by: Author
) -> Diagnostics:
    """What is wrong with the roster's document, and every other error that it would make."""
    file = f"{folder.where}/{ROSTER}"
    marks = marked_lines(folder.text(ROSTER))
    if marks:
        said = MessageRef("diagnostic.both_changed")
        places = (folder.line_diagnostic(ROSTER, line, said) for line in marks)
        return in_order(places)
    if folder.roster is None:
        return tuple(each for each in folder.diagnostics if each.file == file)
    if folder.roster.id != found.roster.id:
        stays = ref("diagnostic.id_stays", id=found.roster.id)
        return (folder.diagnostic(ROSTER, ("id",), DiagnosticSeverity.ERROR, stays),)
    prepared = {folder.roster.id: preview_roster_import(connection, folder.roster)}
    checked = check_import(connection, (folder,), prepared, Edit(by.actor, by.at))
    return tuple(each for each in checked if each.file == file or each.is_error)


def _meaning(
    connection: Connection, of: RosterInUse, wanted: Roster, now: datetime
) -> DocumentMeaning:
    previewed = preview_roster_import(connection, wanted)
    gone = (each.dated for each in previewed.changes.withdraw)
    span = span_looked_at((*(each.dated for each in previewed.changes.add), *gone), now)
    return DocumentMeaning(
        previewed.changes,
        plan_difference(of.plan, previewed.plan, of.desks, span, now),
        with_people_of(previewed.plan, of.plan),
    )


def _as_it_ended_lines(text: str, live: str) -> str:
    """Browsers send one kind of line ends: those of the live text stay."""
    return text.replace("\n", WINDOWS) if WINDOWS in live else text
