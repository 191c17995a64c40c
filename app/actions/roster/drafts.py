"""A period copied as a draft, looked at, applied in one transaction, or thrown away.

Until it is applied neither the telephone nor whoever has duty knows of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.entry_audit import note_added, note_withdrawn
from app.actions.roster.shown_rosters import RosterInUse, load_past_plans, roster_in_use
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.message_refs import MessageError, ref
from app.domain.roster.entries import Consent, dated_of, identity_of, with_dated
from app.domain.roster.entry_difference import consents_to, difference, is_within_notice
from app.domain.roster.period_copy import (
    A_DAY,
    MOST_DAYS,
    Alignment,
    DraftState,
    Proposal,
    changing,
    holiday_offset,
    is_there,
    proposals,
    span_of,
    still_ahead,
    weekday_offset,
)
from app.domain.roster.plan import Override, Roster
from app.domain.roster.plan_difference import PlanDifference, plan_difference
from app.domain.roster.timeline import timeline
from app.domain.roster.timeline_days import holidays_of
from app.domain.roster.timeline_history import routed_timeline
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall
from app.store import Database
from app.store.audit import add_audit_event
from app.store.roster_drafts import (
    NewDraft,
    RosterDraft,
    add_draft,
    close_draft,
    find_draft,
    list_drafts,
    note_draft_entry,
    remove_draft_entry,
)
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    entries_in_force,
    find_entries,
    lock_roster,
    roster_revision,
)

AROUND = timedelta(days=200)  # of a target day: the same holiday is in it once, or twice


class DraftAct(StrEnum):
    """What is done with a draft."""

    APPLY = "apply"
    UNDO = "undo"
    THROW_AWAY = "throw_away"
    REMOVE = "remove"  # one of its rows


@dataclass(frozen=True, slots=True)
class WantedCopy:
    """Which days are copied, from which day on, and what falls on what."""

    first: date
    last: date
    target: date
    alignment: Alignment
    name: str = ""


@dataclass(frozen=True, slots=True)
class WantedAct:
    """Something to be done with a draft, on top of the entries that were seen."""

    draft: int
    act: DraftAct
    seen: int = 0
    entry: int = 0


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft beside the roster as it is now."""

    roster: RosterInUse
    draft: RosterDraft
    plan: Roster  # the roster with the draft
    difference: PlanDifference
    leavers: tuple[Proposal, ...]  # of whom is not on the roster then: nothing comes of these
    revision: int


def drafts_of(
    database: Database, roster: str
) -> tuple[RosterInUse, tuple[RosterDraft, ...]] | None:
    """List a roster's drafts; None where no desk uses one of this id."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return (found, list_drafts(connection, roster)) if found else None


def copy_period(database: Database, roster: RosterInUse, wanted: WantedCopy, by: Author) -> int:
    """Copy a period as a draft; return its number. MessageError says why not."""
    if wanted.last < wanted.first:
        raise MessageError(ref("roster_draft.backwards"))
    if (wanted.last - wanted.first).days >= MOST_DAYS:
        raise MessageError(ref("roster_draft.too_long", days=MOST_DAYS))
    plan, zone = roster.plan, ZoneInfo(roster.plan.time_zone)
    offset = _offset(roster, wanted)
    source, target = (
        _span(wanted.first + moved, wanted.last + moved, zone) for moved in (timedelta(), offset)
    )
    if target.to <= by.at:
        raise MessageError(ref("roster_draft.is_over"))
    if source.from_ < target.to and target.from_ < source.to:
        raise MessageError(ref("roster_draft.overlap"))
    past = load_past_plans(database, plan.id, source, by.at)
    shown = routed_timeline(past, plan, roster.desks, source, by.at)
    copied = proposals(shown, offset, zone)
    to_come = [each for each in copied if still_ahead(each, by.at).when.length]
    about = span_of(target, to_come)
    wanted_there = tuple(changing(to_come, timeline(plan, roster.desks, about)))
    new = NewDraft(plan.id, wanted.name, source, span_of(target, wanted_there))

    def add(connection: Connection) -> int:
        number = add_draft(connection, new, wanted_there, by)
        _note(connection, AuditKind.DRAFT_MADE, plan.id, number, by)
        return number

    return database.write(add)


def show_draft(database: Database, roster: str, number: int, now: datetime) -> ShownDraft | None:
    """Show a draft beside the roster as it is now; None where there is none."""
    with database.read() as connection:
        found, draft = roster_in_use(connection, roster), find_draft(connection, roster, number)
        revision = roster_revision(connection, roster) or 0
    if found is None or draft is None:
        return None
    drafted = [still_ahead(each.proposal, now) for each in draft.entries]
    drafted = [each for each in drafted if each.when.length]
    there = [each for each in drafted if is_there(found.plan, each)]
    is_open = draft.state is DraftState.OPEN
    plan = _with(found.plan, there) if is_open else found.plan
    return ShownDraft(
        found,
        draft,
        plan,
        plan_difference(found.plan, plan, found.desks, draft.target, now),
        tuple(each for each in drafted if each not in there),
        revision,
    )


def act_on_draft(database: Database, roster: str, wanted: WantedAct, by: Author) -> DraftState:
    """Do something with a draft; return what has become of it. MessageError says why not.

    The same again changes nothing: what has been applied is applied.
    """
    return database.write(partial(_act, roster=roster, wanted=wanted, by=by))


def _act(connection: Connection, roster: str, wanted: WantedAct, by: Author) -> DraftState:
    revision = lock_roster(connection, roster)
    found, draft = roster_in_use(connection, roster), find_draft(connection, roster, wanted.draft)
    if found is None or draft is None:
        raise MessageError(ref("roster_draft.unknown"))
    match wanted.act, draft.state:
        case DraftAct.REMOVE, DraftState.OPEN:
            remove_draft_entry(connection, draft.id, wanted.entry)
        case DraftAct.APPLY, DraftState.OPEN:
            if wanted.seen != revision:
                raise MessageError(ref("roster_draft.meanwhile"))
            return _apply(connection, found, draft, by)
        case DraftAct.UNDO, DraftState.APPLIED:
            return _undo(connection, found, draft, by)
        case DraftAct.THROW_AWAY, DraftState.OPEN:
            close_draft(connection, draft.id, DraftState.THROWN_AWAY, by)
            _note(connection, AuditKind.DRAFT_THROWN_AWAY, roster, draft.id, by)
            return DraftState.THROWN_AWAY
        case _:
            pass  # pressed twice, or too late: the page shows how it is
    return draft.state


def _apply(
    connection: Connection, found: RosterInUse, draft: RosterDraft, by: Author
) -> DraftState:
    """Make entries of all that is proposed, as one change of the roster."""
    roster = found.id
    known = {identity_of(each.dated) for each in entries_in_force(connection, roster)}
    to_come = [(each.id, still_ahead(each.proposal, by.at)) for each in draft.entries]
    made = [
        (row, each)
        for row, each in to_come
        if each.when.length and is_there(found.plan, each)
        if identity_of(each.dated) not in known
    ]
    if made:
        new = tuple(
            NewEntry(dated, by.actor, consents=_not_asked(found, dated, by.at))
            for dated in (each.dated for _, each in made)
        )
        change_entries(connection, roster, EntryChange(by.actor, by.at, add=new))
        by_identity = {
            identity_of(each.dated): each for each in entries_in_force(connection, roster)
        }
        for row, each in made:
            entry = by_identity[identity_of(each.dated)]
            note_draft_entry(connection, row, entry.id)
            note_added(connection, found.plan, entry, by)
    close_draft(connection, draft.id, DraftState.APPLIED, by)
    _note(connection, AuditKind.DRAFT_APPLIED, roster, draft.id, by)
    return DraftState.APPLIED


def _not_asked(found: RosterInUse, dated: Override, now: datetime) -> tuple[Consent, ...]:
    """Whose duty it changes at short notice: a draft asks nobody."""
    plan, until = found.plan, found.published_until
    if not is_within_notice(plan, dated, now, until):
        return ()
    return consents_to(difference(plan, dated, found.desks, now, until), dated, ())


def _undo(connection: Connection, found: RosterInUse, draft: RosterDraft, by: Author) -> DraftState:
    """Withdraw all that has come of a draft and still stands."""
    roster = found.id
    ids = [each.entry for each in draft.entries if each.entry is not None]
    standing = [each for each in find_entries(connection, roster, ids) if not each.withdrawal]
    if standing:
        gone = tuple(each.id for each in standing)
        change_entries(connection, roster, EntryChange(by.actor, by.at, withdraw=gone))
        for entry in standing:
            note_withdrawn(connection, found.plan, entry, by)
    close_draft(connection, draft.id, DraftState.UNDONE, by)
    _note(connection, AuditKind.DRAFT_UNDONE, roster, draft.id, by)
    return DraftState.UNDONE


def _offset(roster: RosterInUse, wanted: WantedCopy) -> timedelta:
    if wanted.alignment is Alignment.WEEKDAY:
        return weekday_offset(wanted.first, wanted.target)
    source = holidays_of(roster.desks, _days(wanted.first, wanted.last))
    around = holidays_of(roster.desks, _days(wanted.target - AROUND, wanted.target + AROUND))
    return holiday_offset(source, around, wanted.target)


def _days(first: date, last: date) -> list[date]:
    return [first + n * A_DAY for n in range((last - first).days + 1)]


def _span(first: date, last: date, zone: ZoneInfo) -> Interval:
    return Interval(starts_at(wall(first, 0), zone), starts_at(wall(last + A_DAY, 0), zone))


def _with(plan: Roster, proposed: list[Proposal]) -> Roster:
    return with_dated(plan, (*dated_of(plan), *(each.dated for each in proposed)))


def _note(connection: Connection, kind: AuditKind, roster: str, draft: int, by: Author) -> None:
    subject = Subject(SubjectKind.ROSTER, roster)
    add_audit_event(connection, audit_event(kind, by, subject, {}, {"draft": draft}))
