"""Drafts as their page shows them, and as they are applied: what counts of them, and what not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.roster.entries import RosterEntry, dated_of, identity_of, with_dated
from app.domain.roster.period_copy import (
    DraftState,
    Proposal,
    RowFate,
    fate_of,
    still_ahead,
)
from app.domain.roster.plan import Roster
from app.domain.roster.plan_difference import PlanDifference, plan_difference, with_people_of
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.plan_history import roster_history
from app.store.roster_drafts import RosterDraft, find_draft, list_drafts
from app.store.roster_entries import entries_in_force, find_entries, roster_revision
from app.store.roster_versions import live_document


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a draft, without what has been, and whether it counts."""

    id: int
    proposal: Proposal
    fate: RowFate


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft beside the roster as it is now.

    `difference` is that of applying it, once it is applied that of undoing it. `version` is
    another one as soon as the roster's entries, its document or the draft's rows are others.
    """

    roster: RosterInUse
    draft: RosterDraft
    plan: Roster  # with the draft, if it is open; else as it is
    after: Roster  # with what may be done next
    names: Roster  # knows who has left as well
    rows: tuple[ShownRow, ...]
    standing: tuple[RosterEntry, ...]
    difference: PlanDifference
    version: str

    def rows_that(self, fate: RowFate) -> tuple[ShownRow, ...]:
        """Return the rows with this fate."""
        return tuple(each for each in self.rows if each.fate is fate)


def drafts_of(
    database: Database, roster: str
) -> tuple[RosterInUse, tuple[RosterDraft, ...]] | None:
    """List a roster's drafts; None where no desk uses one of this id."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return (found, list_drafts(connection, roster)) if found else None


def show_draft(database: Database, roster: str, number: int, now: datetime) -> ShownDraft | None:
    """Show a draft beside the roster as it is now; None where there is none."""
    with database.read() as connection:
        return read_draft(connection, roster, number, now)


def read_draft(
    connection: Connection, roster: str, number: int, now: datetime
) -> ShownDraft | None:
    """Read a draft beside the roster as it is now; None where there is none."""
    found, draft = roster_in_use(connection, roster), find_draft(connection, roster, number)
    if found is None or draft is None:
        return None
    ids = [each.entry for each in draft.entries if each.entry is not None]
    became = {each.id: each for each in find_entries(connection, roster, ids)}
    standing = tuple(each for each in became.values() if not each.withdrawal)
    known = frozenset(identity_of(each.dated) for each in entries_in_force(connection, roster))
    rows = []
    for each in draft.entries:
        entry = became.get(each.entry) if each.entry is not None else None
        if draft.state is DraftState.OPEN:
            left = still_ahead(each.proposal, now)
            fate = fate_of(found.plan, left, known)
            rows.append(ShownRow(each.id, left if left.when.length else each.proposal, fate))
        elif entry is None:
            rows.append(ShownRow(each.id, each.proposal, RowFate.NOT_ENTERED))
        else:
            when = Interval(entry.dated.from_, entry.dated.to)
            proposal = Proposal(each.proposal.person, each.proposal.role, when)
            fate = RowFate.WITHDRAWN if entry.withdrawal else RowFate.ENTERED
            rows.append(ShownRow(each.id, proposal, fate))
    after = _after(found.plan, draft.state, rows, standing)
    return ShownDraft(
        found,
        draft,
        after if draft.state is DraftState.OPEN else found.plan,
        after,
        _names(connection, found.plan, draft, now),
        tuple(rows),
        standing,
        plan_difference(found.plan, after, found.desks, _to_come(draft.target, now), now),
        _version(connection, draft),
    )


def _after(
    plan: Roster, state: DraftState, rows: Iterable[ShownRow], standing: Iterable[RosterEntry]
) -> Roster:
    """The roster after what may be done next: with an open draft, without an applied one."""
    match state:
        case DraftState.OPEN:
            counting = (each.proposal.dated for each in rows if each.fate is RowFate.COUNTS)
            return with_dated(plan, (*dated_of(plan), *counting))
        case DraftState.APPLIED:
            gone = {identity_of(each.dated) for each in standing}
            return with_dated(
                plan, (each for each in dated_of(plan) if identity_of(each) not in gone)
            )
        case _:
            return plan


def _to_come(target: Interval, now: datetime) -> Interval:
    """What has been stays as it was, whatever is done: it is not compared."""
    return Interval(max(target.from_, now), target.to) if now < target.to else target


def _names(connection: Connection, plan: Roster, draft: RosterDraft, now: datetime) -> Roster:
    """The roster with those who have left meanwhile: they are still called by their name."""
    if all(plan.person(each.proposal.person) for each in draft.entries):
        return plan
    since = min(draft.source.from_, draft.made_at)
    history = roster_history(connection, plan.id, Interval(since, now))
    for each in reversed(history.versions if history else ()):
        plan = with_people_of(plan, each.document)
    return plan


def _version(connection: Connection, draft: RosterDraft) -> str:
    """What was looked at; rows are only ever taken out of a draft, so their number tells."""
    live = live_document(connection, draft.roster)
    document = live.document.number if live else 0
    revision = roster_revision(connection, draft.roster) or 0
    return f"{revision}.{document}.{len(draft.entries)}"
