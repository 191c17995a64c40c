"""A period copied as a draft, looked at, applied in one transaction, or thrown away.

Until it is applied neither the telephone nor whoever has duty knows of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.entry_audit import note_added, note_withdrawn, row_values
from app.actions.roster.shown_drafts import ShownDraft, read_draft
from app.actions.roster.shown_rosters import RosterInUse, load_past_plans
from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Values,
    audit_event,
)
from app.domain.message_refs import MessageError, ref
from app.domain.roster.entries import Consent, identity_of
from app.domain.roster.entry_difference import consents_to, difference, is_within_notice
from app.domain.roster.period_copy import (
    A_DAY,
    MOST_DAYS,
    Alignment,
    DraftState,
    RowFate,
    changing,
    holiday_offset,
    proposals,
    span_of,
    still_ahead,
    weekday_offset,
)
from app.domain.roster.plan import Override
from app.domain.roster.plan_difference import plan_difference
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
    note_draft_entry,
    remove_draft_entry,
)
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    entries_in_force,
    lock_roster,
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
    """Something to be done with a draft, on top of the `version` that was seen."""

    draft: int
    act: DraftAct
    seen: str = ""
    entry: int = 0


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
        made = find_draft(connection, plan.id, number)
        assert made
        _note(connection, AuditKind.DRAFT_MADE, made, by)
        return number

    return database.write(add)


def act_on_draft(database: Database, roster: str, wanted: WantedAct, by: Author) -> DraftState:
    """Do something with a draft; return what has become of it. MessageError says why not.

    The same again changes nothing: what has been applied is applied.
    """
    return database.write(partial(_act, roster=roster, wanted=wanted, by=by))


def _act(connection: Connection, roster: str, wanted: WantedAct, by: Author) -> DraftState:
    lock_roster(connection, roster)
    shown = read_draft(connection, roster, wanted.draft, by.at)
    if shown is None:
        raise MessageError(ref("roster_draft.unknown"))
    draft = shown.draft
    match wanted.act, draft.state:
        case DraftAct.REMOVE, DraftState.OPEN:
            _remove(connection, shown, wanted.entry, by)
        case DraftAct.APPLY, DraftState.OPEN:
            _refuse_unseen(shown, wanted)
            return _apply(connection, shown, by)
        case DraftAct.UNDO, DraftState.APPLIED:
            _refuse_unseen(shown, wanted)
            return _undo(connection, shown, by)
        case DraftAct.THROW_AWAY, DraftState.OPEN:
            close_draft(connection, draft.id, DraftState.THROWN_AWAY, by)
            _note(connection, AuditKind.DRAFT_THROWN_AWAY, draft, by)
            return DraftState.THROWN_AWAY
        case _:
            pass  # pressed twice, or too late: the page shows how it is
    return draft.state


def _refuse_unseen(shown: ShownDraft, wanted: WantedAct) -> None:
    if wanted.seen != shown.version:
        raise MessageError(ref("roster_draft.meanwhile"))


def _remove(connection: Connection, shown: ShownDraft, row: int, by: Author) -> None:
    """Take a row out, once."""
    for each in (each for each in shown.draft.entries if each.id == row):
        remove_draft_entry(connection, shown.draft.id, row)
        gone = row_values(shown.names, each.proposal)
        _note(connection, AuditKind.DRAFT_ROW_REMOVED, shown.draft, by, gone)


def _apply(connection: Connection, shown: ShownDraft, by: Author) -> DraftState:
    """Make entries of all that counts of a draft, as one change of the roster."""
    found, draft = shown.roster, shown.draft
    made = shown.rows_that(RowFate.COUNTS)
    if made:
        new = tuple(
            NewEntry(dated, by.actor, consents=_not_asked(found, dated, by.at))
            for dated in (each.proposal.dated for each in made)
        )
        change_entries(connection, found.id, EntryChange(by.actor, by.at, add=new))
        by_identity = {
            identity_of(each.dated): each for each in entries_in_force(connection, found.id)
        }
        for each in made:
            entry = by_identity[identity_of(each.proposal.dated)]
            note_draft_entry(connection, each.id, entry.id)
            note_added(connection, found.plan, entry, by)
    close_draft(connection, draft.id, DraftState.APPLIED, by)
    _note(connection, AuditKind.DRAFT_APPLIED, draft, by)
    return DraftState.APPLIED


def _not_asked(found: RosterInUse, dated: Override, now: datetime) -> tuple[Consent, ...]:
    """Whose duty it changes at short notice: a draft asks nobody."""
    plan, until = found.plan, found.published_until
    if not is_within_notice(plan, dated, now, until):
        return ()
    return consents_to(difference(plan, dated, found.desks, now, until), dated, ())


def _undo(connection: Connection, shown: ShownDraft, by: Author) -> DraftState:
    """Withdraw all that has come of a draft and still stands."""
    found, draft = shown.roster, shown.draft
    if shown.standing:
        gone = tuple(each.id for each in shown.standing)
        change_entries(connection, found.id, EntryChange(by.actor, by.at, withdraw=gone))
        for entry in shown.standing:
            note_withdrawn(connection, found.plan, entry, by)
    close_draft(connection, draft.id, DraftState.UNDONE, by)
    names = [found.plan.name_of(each) for each in _concerned_soon(shown, by.at)]
    _note(
        connection, AuditKind.DRAFT_UNDONE, draft, by, after={"not_asked": names} if names else {}
    )
    return DraftState.UNDONE


def _concerned_soon(shown: ShownDraft, now: datetime) -> tuple[str, ...]:
    """Whose published duty undoing it changes within the roster's notice time."""
    found, span = shown.roster, shown.difference.span
    ends = [span.to, now + timedelta(days=found.plan.notice_days)]
    soon = Interval(max(span.from_, now), min((*ends, found.published_until or span.to)))
    if not soon.from_ < soon.to:
        return ()
    told = plan_difference(found.plan, shown.after, found.desks, soon, now)
    return tuple(each.person for each in told.people)


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


def _note(
    connection: Connection,
    kind: AuditKind,
    draft: RosterDraft,
    by: Author,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    subject, of = Subject(SubjectKind.ROSTER, draft.roster), {"draft": draft.id}
    event = audit_event(kind, by, subject, before or {}, {**of, **(after or {})})
    add_audit_event(connection, event)
