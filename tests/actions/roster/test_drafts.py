"""Plan Christmas: a period is copied as a draft, looked at, applied at once, and undone at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from app.actions.desks.import_desks import import_desks
from app.actions.roster.drafts import (
    DraftAct,
    WantedAct,
    WantedCopy,
    act_on_draft,
    copy_period,
)
from app.actions.roster.entries import (
    EntryRequest,
    EntryScope,
    add_entry,
    list_entries,
    withdraw_entry,
)
from app.actions.roster.shown_drafts import ShownDraft, drafts_of, show_draft
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditEvent, AuditKind, Author
from app.domain.message_refs import MessageError
from app.domain.roster.entries import EntryKind, RosterEntry
from app.domain.roster.period_copy import Alignment, DraftState, RowFate
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.desks import Edit
from app.store.roster_drafts import purge_drafts
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DAY, DESK, ROSTER_TOML, folder

ANNE = Author(Actor(ActorKind.PERSON, "Anne Vik", "1"), DAY)
CHRISTMAS = WantedCopy(
    date(2026, 12, 21), date(2026, 12, 27), date(2027, 12, 20), Alignment.HOLIDAY, "Jul 2027"
)


def swapped(database: Database) -> None:
    """Duty 2 has Christmas Eve 2026."""
    when = {"from": "2026-12-24T08:00", "to": "2026-12-25T08:00"}
    values = {"person": "duty-2", "role": "primary", **when}
    add_entry(database, EntryRequest(DESK, EntryKind.OVERRIDE, dict(values), ANNE.actor), DAY)


def copied(database: Database, wanted: WantedCopy = CHRISTMAS) -> int:
    found = drafts_of(database, DESK)
    assert found
    return copy_period(database, found[0], wanted, ANNE)


def shown(database: Database, number: int) -> ShownDraft:
    found = show_draft(database, DESK, number, DAY)
    assert found
    return found


def entries(database: Database) -> tuple[RosterEntry, ...]:
    found = list_entries(database, DESK, EntryScope.IN_FORCE, DAY)
    return getattr(found, "entries", ())


def events(database: Database, kind: AuditKind) -> list[AuditEvent]:
    with database.read() as connection:
        told = [each.event for each in list_audit_events(connection, AuditFilter())]
    return [each for each in told if each.kind is kind]


def act(
    database: Database, number: int, what: DraftAct, seen: str | None = None, entry: int = 0
) -> DraftState:
    looked_at = shown(database, number).version if seen is None else seen
    wanted = WantedAct(number, what, looked_at, entry)
    return act_on_draft(database, DESK, wanted, replace(ANNE, at=DAY + timedelta(minutes=1)))


@ONE_DATABASE
def test_christmas_eve_falls_on_christmas_eve_and_counts_when_it_is_applied(
    database: Database,
) -> None:
    swapped(database)
    number = copied(database)
    draft = shown(database, number)
    [row] = draft.draft.entries
    assert row.proposal.person == "duty-2"
    assert row.proposal.when.from_.date() == date(2027, 12, 24)
    assert [each.person for each in draft.difference.people] == ["duty-1", "duty-2"]
    assert len(entries(database)) == 1, "nobody knows of it yet"
    assert act(database, number, DraftAct.APPLY) is DraftState.APPLIED
    assert act(database, number, DraftAct.APPLY) is DraftState.APPLIED, "pressed twice"
    assert [each.dated.person for each in entries(database)] == ["duty-2", "duty-2"]
    assert act(database, number, DraftAct.UNDO) is DraftState.UNDONE
    assert len(entries(database)) == 1
    with database.read() as connection:
        told = list_audit_events(connection, AuditFilter())
    kinds = {each.event.kind for each in told}
    assert {AuditKind.DRAFT_MADE, AuditKind.DRAFT_APPLIED, AuditKind.DRAFT_UNDONE} <= kinds


def test_a_change_meanwhile_is_seen_before_it_is_applied(database: Database) -> None:
    swapped(database)
    number = copied(database)
    seen = shown(database, number).version
    absence = {"person": "duty-1", "from": "2027-01-04T08:00", "to": "2027-01-05T08:00"}
    add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, dict(absence), ANNE.actor), DAY)
    with pytest.raises(MessageError):
        act(database, number, DraftAct.APPLY, seen=seen)
    assert len(entries(database)) == 2
    assert act(database, number, DraftAct.APPLY) is DraftState.APPLIED


@ONE_DATABASE
def test_rows_are_taken_out_and_a_draft_is_thrown_away(database: Database) -> None:
    swapped(database)
    number = copied(database)
    [row] = shown(database, number).draft.entries
    act(database, number, DraftAct.REMOVE, entry=row.id)
    assert shown(database, number).draft.entries == ()
    assert act(database, number, DraftAct.THROW_AWAY) is DraftState.THROWN_AWAY
    assert act(database, number, DraftAct.APPLY) is DraftState.THROWN_AWAY, "too late"
    assert len(entries(database)) == 1


@ONE_DATABASE
def test_who_has_left_is_told_and_leaves_their_time_to_others(database: Database) -> None:
    swapped(database)
    number = copied(database)
    last_day = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty 2"\nlast_day = 2027-06-30')
    import_desks(database, [folder(roster=last_day)], Edit(ANNE.actor, DAY))
    draft = shown(database, number)
    [row] = draft.rows
    assert (row.proposal.person, row.fate) == ("duty-2", RowFate.NOT_THERE)
    assert draft.difference.people == ()
    act(database, number, DraftAct.APPLY)
    assert len(entries(database)) == 1
    assert [each.fate for each in shown(database, number).rows] == [RowFate.NOT_ENTERED]


@ONE_DATABASE
def test_who_has_left_for_good_is_still_called_by_their_name(database: Database) -> None:
    swapped(database)
    number = copied(database)
    [entry] = entries(database)
    withdraw_entry(database, DESK, entry.id, ANNE.actor, DAY)
    others = ROSTER_TOML.replace("duty-2", "duty-3").replace('"Duty 2"', '"Duty 3"')
    later = DAY + timedelta(minutes=1)
    import_desks(database, [folder(roster=others)], Edit(ANNE.actor, later))
    draft = shown(database, number)
    assert [each.fate for each in draft.rows] == [RowFate.NOT_THERE]
    assert draft.names.name_of("duty-2") == "Duty 2"


def test_a_document_that_is_saved_meanwhile_is_seen_before_it_is_applied(
    database: Database,
) -> None:
    swapped(database)
    number = copied(database)
    seen = shown(database, number).version
    last_day = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty 2"\nlast_day = 2027-06-30')
    import_desks(database, [folder(roster=last_day)], Edit(ANNE.actor, DAY))
    with pytest.raises(MessageError):
        act(database, number, DraftAct.APPLY, seen)
    assert shown(database, number).draft.state is DraftState.OPEN


def test_a_row_that_a_colleague_takes_out_is_missed_before_it_is_applied(
    database: Database,
) -> None:
    swapped(database)
    number = copied(database)
    seen = shown(database, number)
    [row] = seen.rows
    for _ in range(2):
        act(database, number, DraftAct.REMOVE, entry=row.id)
    with pytest.raises(MessageError):
        act(database, number, DraftAct.APPLY, seen.version)
    [removed] = events(database, AuditKind.DRAFT_ROW_REMOVED)
    assert removed.before["duty_person"] == "Duty 2"


@ONE_DATABASE
def test_a_gap_that_undoing_opens_is_seen_before_it_is_undone(database: Database) -> None:
    alone = ROSTER_TOML[: ROSTER_TOML.rindex("[[rotations]]")]
    alone = alone.replace('last_resort = ["+4749009190"]\n', "")
    import_desks(database, [folder(roster=alone)], Edit(ANNE.actor, DAY))
    swapped(database)
    number = copied(database)
    seen = shown(database, number).version
    act(database, number, DraftAct.APPLY)
    absence = {"person": "duty-1", "from": "2027-12-24T08:00", "to": "2027-12-25T08:00"}
    add_entry(database, EntryRequest(DESK, EntryKind.ABSENCE, dict(absence), ANNE.actor), DAY)
    for stale in (seen, "", "0.0.0"):
        with pytest.raises(MessageError):
            act(database, number, DraftAct.UNDO, stale)
    told = shown(database, number)
    assert told.difference.opened
    assert [each.fate for each in told.rows] == [RowFate.ENTERED]
    assert act(database, number, DraftAct.UNDO, told.version) is DraftState.UNDONE


@ONE_DATABASE
def test_undone_at_short_notice_it_is_noted_whom_nobody_has_asked(database: Database) -> None:
    swapped(database)
    days = (date(2026, 12, 21), date(2026, 12, 27), date(2026, 11, 23))
    number = copied(database, WantedCopy(*days, Alignment.WEEKDAY))
    act(database, number, DraftAct.APPLY)
    act(database, number, DraftAct.UNDO)
    [undone] = events(database, AuditKind.DRAFT_UNDONE)
    assert undone.after["not_asked"] == ["Duty 1", "Duty 2"]


def a_week(database: Database) -> None:
    """Duty 2 has a week in November."""
    when = {"from": "2026-11-09T08:00", "to": "2026-11-16T08:00"}
    values = {"person": "duty-2", "role": "primary", **when}
    before = DAY - timedelta(days=20)
    add_entry(database, EntryRequest(DESK, EntryKind.OVERRIDE, dict(values), ANNE.actor), before)


def week_on(target: date) -> WantedCopy:
    return WantedCopy(date(2026, 11, 9), date(2026, 11, 15), target, Alignment.WEEKDAY)


@ONE_DATABASE
def test_a_week_is_handed_over_in_the_morning_and_not_at_midnight(database: Database) -> None:
    a_week(database)
    draft = shown(database, copied(database, week_on(date(2027, 1, 4)))).draft
    [row] = draft.entries
    assert row.proposal.when.from_ == datetime(2027, 1, 4, 7, tzinfo=UTC)
    assert row.proposal.when.to == draft.target.to == datetime(2027, 1, 11, 7, tzinfo=UTC)


@ONE_DATABASE
def test_applied_in_the_middle_of_a_shift_it_leaves_what_has_been_worked(
    database: Database,
) -> None:
    a_week(database)
    number = copied(database, week_on(date(2026, 11, 23)))
    thursday = datetime(2026, 11, 26, 12, 0, 30, tzinfo=UTC)
    seen = show_draft(database, DESK, number, thursday)
    assert seen
    begins = datetime(2026, 11, 26, 12, 1, tzinfo=UTC)
    ends = datetime(2026, 11, 30, 7, tzinfo=UTC)
    assert (seen.plan.overrides[-1].from_, seen.plan.overrides[-1].to) == (begins, ends)
    wanted = WantedAct(number, DraftAct.APPLY, seen.version)
    act_on_draft(database, DESK, wanted, replace(ANNE, at=thursday))
    [made] = [each for each in entries(database) if each.made_at == thursday]
    assert (made.dated.from_, made.dated.to) == (begins, ends)
    assert not made.is_correction


@ONE_DATABASE
@pytest.mark.parametrize(
    "changed",
    [
        {"last": date(2026, 12, 1)},
        {"last": date(2027, 12, 1)},
        {"target": date(2026, 1, 1), "alignment": Alignment.WEEKDAY},
        {"target": date(2026, 12, 21), "alignment": Alignment.WEEKDAY},
        {"first": date(2026, 11, 23), "last": date(2026, 11, 29)},
    ],
    ids=["backwards", "too-long", "over", "overlaps", "no-holiday"],
)
def test_what_cannot_be_copied_says_why(
    database: Database, changed: dict[str, date | Alignment]
) -> None:
    with pytest.raises(MessageError):
        copied(database, replace(CHRISTMAS, **changed))  # type: ignore[arg-type]


@ONE_DATABASE
def test_at_short_notice_it_says_that_nobody_was_asked(database: Database) -> None:
    swapped(database)
    days = (date(2026, 12, 21), date(2026, 12, 27), date(2026, 11, 23))
    number = copied(database, WantedCopy(*days, Alignment.WEEKDAY))
    act(database, number, DraftAct.APPLY)
    [soon] = [each for each in entries(database) if each.dated.from_.month == 11]
    assert [(each.person, each.has_agreed) for each in soon.consents] == [
        ("duty-1", False),
        ("duty-2", False),
    ]


def test_two_at_once_apply_it_once(database: Database) -> None:
    swapped(database)
    number = copied(database)
    seen = shown(database, number).version

    def press(_: int) -> DraftState:
        return act_on_draft(database, DESK, WantedAct(number, DraftAct.APPLY, seen), ANNE)

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(press, range(2))) == {DraftState.APPLIED}
    assert len(entries(database)) == 2


def test_old_drafts_go_with_their_time(database: Database) -> None:
    swapped(database)
    number = copied(database)
    assert database.write(partial(purge_drafts, desk=DESK, before=DAY)) == 0
    assert database.write(partial(purge_drafts, desk=DESK, before=DAY + timedelta(days=900))) == 1
    assert show_draft(database, DESK, number, DAY) is None
    with pytest.raises(MessageError):
        act_on_draft(database, DESK, WantedAct(number, DraftAct.APPLY), ANNE)
