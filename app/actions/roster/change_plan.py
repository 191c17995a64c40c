"""People and rotations changed on a page: written into the roster's document, and saved as such."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actions.roster.change_document import (
    DocumentOfRoster,
    DocumentRefused,
    DocumentRequest,
    DocumentTrial,
    change_document,
    show_document,
    try_document,
)
from app.domain.access.audit import Author
from app.domain.config.folder import ROSTER
from app.domain.config.plan_writing import write_plan
from app.domain.config.roster_document import read_roster
from app.domain.message_refs import MessageError, ref
from app.domain.roster.entry_difference import PersonDuty
from app.domain.roster.plan import Roster
from app.domain.roster.plan_difference import plan_difference
from app.domain.roster.plan_edits import (
    NOTHING,
    ConcurrentChanges,
    PlanEdit,
    edited,
    merge_concurrent,
)
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.own_numbers import load_chosen_numbers


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What somebody wants of a roster.

    `base` is the number of the document on which they began, `seen` of that for which they were
    told what it does.
    """

    roster: str
    edit: PlanEdit
    base: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A roster as it is, and who chooses their own numbers."""

    live: DocumentOfRoster
    chosen: frozenset[str]

    @property
    def plan(self) -> Roster:
        """Its people and rotations."""
        return self.live.roster.plan

    @property
    def version(self) -> int:
        """The number of its document."""
        return self.live.live.document.number


@dataclass(frozen=True, slots=True)
class PlanTrial:
    """What a change would make of a document, whose duty changes within the notice time, and what
    others have changed in the same meanwhile.
    """

    document: DocumentTrial
    soon: tuple[PersonDuty, ...]
    meanwhile: ConcurrentChanges


def show_plan(database: Database, roster: str) -> ShownPlan | None:
    """Read a roster's people and rotations; None where no desk uses one of this id."""
    found = show_document(database, roster)
    if found is None:
        return None
    with database.read() as connection:
        chosen = load_chosen_numbers(connection, roster)
    has_chosen = (each for each, theirs in chosen.items() if theirs.ringing is not None)
    return ShownPlan(found[0], frozenset(has_chosen))


def try_plan(database: Database, request: PlanRequest, by: Author) -> PlanTrial:
    """Work out what a change would do; nothing is saved. MessageError says why it cannot be."""
    found = _write(database, request)
    tried = try_document(database, found.document, by)
    if tried is None:
        raise MessageError(ref("plan_edit.no_roster"))
    return PlanTrial(tried, _soon(found.live, found.after, by.at), found.meanwhile)


def change_plan(database: Database, request: PlanRequest, by: Author) -> int:
    """Save a change; return the number of the document that is live then.

    DocumentRefused: somebody has changed it since it was seen, or a check refuses it.
    """
    found = _write(database, request)
    live = found.live.live
    if request.seen not in (None, live.document.number) and found.document.text != live.text:
        raise DocumentRefused
    return change_document(database, found.document, by)


def undo_plan(database: Database, roster: str, version: int, by: Author) -> int:
    """Take back what a version has changed, while it is the last one; else DocumentRefused."""
    before = show_document(database, roster, version - 1) if version > 1 else None
    if before is None:
        raise DocumentRefused
    return change_document(database, DocumentRequest(roster, before[1], version), by)


@dataclass(frozen=True, slots=True)
class _Written:
    """A change written into the document that is live."""

    document: DocumentRequest
    live: DocumentOfRoster
    after: Roster
    meanwhile: ConcurrentChanges


def _write(database: Database, request: PlanRequest) -> _Written:
    found = show_document(database, request.roster)
    if found is None:
        raise MessageError(ref("plan_edit.no_roster"))
    live, text = found
    edit, meanwhile = request.edit, NOTHING
    number = live.live.document.number
    if request.base and request.base != number:
        edit, meanwhile = merge_concurrent(_base(database, request, live), live.roster.plan, edit)
    after = edited(live.roster.plan, edit)
    document = DocumentRequest(request.roster, write_plan(text, after), number)
    return _Written(document, live, after, meanwhile)


def _base(database: Database, request: PlanRequest, live: DocumentOfRoster) -> Roster:
    """The roster on which a change was begun; as it is now where that cannot be read."""
    then = show_document(database, request.roster, request.base)
    read = read_roster(then[1], ROSTER, is_stored=True).value if then else None
    return read or live.roster.plan


def _soon(live: DocumentOfRoster, after: Roster, now: datetime) -> tuple[PersonDuty, ...]:
    before, desks = live.roster.plan, live.roster.desks
    if not before.notice_days:
        return ()
    notice = Interval(now, now + timedelta(days=before.notice_days))
    return plan_difference(before, after, desks, notice, now).people
