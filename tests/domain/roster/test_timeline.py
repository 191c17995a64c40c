"""A roster's timeline shows what the telephone would do, and why, whatever was laid over it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.desk import Desk
from app.domain.reasons import RosterCode
from app.domain.roles import Role
from app.domain.roster.on_duty import Roster, on_duty
from app.domain.roster.plan import Override
from app.domain.roster.shifts import shifts_at
from app.domain.roster.timeline import (
    CauseKind,
    DutyPiece,
    PieceKind,
    ResultLine,
    Timeline,
    timeline,
)
from app.domain.roster.timeline_span import TimelineView, span_around, span_of_days
from app.domain.time.intervals import Interval, complement, intersect
from tests.domain.roster.duty_rota import NAMES, away, rota, takes, weekly
from tests.domain.roster.test_roster_without_gaps import INSTANTS, rosters
from tests.domain.time.wall_clock import OSLO, in_oslo, oslo
from tests.support.sample_desk import folder

WEEK = Interval(oslo("2026-11-16 00:00"), oslo("2026-11-23 00:00"))  # duty2's from Monday 08:00


def desk() -> Desk:
    """Weekdays 08:00 to 16:00; the duty at all other times."""
    found = folder().desk
    assert found is not None
    return found


def shown(roster: Roster, span: Interval = WEEK) -> Timeline:
    return timeline(roster, (desk(),), span)


def line(roster: Roster, role: Role = Role.PRIMARY, span: Interval = WEEK) -> ResultLine:
    return next(each for each in shown(roster, span).results if each.role is role)


def told(piece: DutyPiece) -> tuple[str, str, str, str]:
    who = piece.person or str(piece.kind)
    return who, in_oslo(piece.when.from_)[:3], in_oslo(piece.when.from_)[-5:], str(piece.why.code)


def test_a_line_tells_each_shift_with_its_cause() -> None:
    swap = takes("duty4", "2026-11-18 12:00", "2026-11-19 12:00", note="as agreed")
    assert [told(each) for each in line(rota(overrides=(swap,))).pieces] == [
        ("duty1", "Mon", "00:00", "rotation"),
        ("duty2", "Mon", "08:00", "rotation"),
        ("duty4", "Wed", "12:00", "override"),
        ("duty2", "Thu", "12:00", "rotation"),
    ]


def test_a_shift_that_goes_on_outside_is_told_with_its_whole_length() -> None:
    first, *_, last = line(rota()).pieces
    assert in_oslo(first.when.from_) == "Mon 2026-11-16 00:00"
    assert in_oslo(first.whole.from_) == "Mon 2026-11-09 08:00"
    assert in_oslo(last.whole.to) == "Mon 2026-11-23 08:00"


def test_an_absence_opens_a_gap_in_the_duty_hours_only() -> None:
    ill = away("duty2", "2026-11-18 12:00", "2026-11-20 12:00", note="ill")
    assert [told(each) for each in line(rota(weekly(), absences=(ill,))).pieces] == [
        ("duty1", "Mon", "00:00", "rotation"),
        ("duty2", "Mon", "08:00", "rotation"),
        ("nobody", "Wed", "12:00", "absent"),
        ("gap", "Wed", "16:00", "absent"),
        ("nobody", "Thu", "08:00", "absent"),
        ("gap", "Thu", "16:00", "absent"),
        ("nobody", "Fri", "08:00", "absent"),
        ("duty2", "Fri", "12:00", "rotation"),
    ]
    [times] = shown(rota(weekly(), absences=(ill,))).desks
    assert [(in_oslo(gap.from_), in_oslo(gap.to)) for gap in times.gaps] == [
        ("Wed 2026-11-18 16:00", "Thu 2026-11-19 08:00"),
        ("Thu 2026-11-19 16:00", "Fri 2026-11-20 08:00"),
    ]


def test_with_a_backup_the_same_absence_opens_none() -> None:
    ill = away("duty2", "2026-11-18 12:00", "2026-11-20 12:00")
    pieces = line(rota(absences=(ill,))).pieces
    assert [each.kind for each in pieces if each.person is None] == [PieceKind.NOBODY]


def test_whoever_is_primary_already_is_not_rung_as_backup() -> None:
    swap = takes("duty3", "2026-11-18 12:00", "2026-11-19 12:00")
    backup = line(rota(overrides=(swap,)), Role.BACKUP).pieces
    [hindered] = [each for each in backup if each.person is None]
    assert (hindered.shift.person, hindered.why.code) == ("duty3", RosterCode.ALREADY_LISTED)


def test_a_role_that_nobody_takes_turns_in_has_no_line() -> None:
    assert [each.role for each in shown(rota(weekly())).results] == [Role.PRIMARY]
    nobody = shown(replace(rota(), layers=()))
    assert [each.role for each in nobody.results] == [Role.PRIMARY], (
        "but there is one that is empty"
    )
    assert {each.kind for each in nobody.results[0].pieces} == {PieceKind.GAP, PieceKind.NOBODY}


def test_the_causes_stand_below_each_kind_by_itself() -> None:
    roster = rota(
        overrides=(takes("duty4", "2026-11-18 12:00", "2026-11-19 12:00"),),
        absences=(away("duty2", "2026-11-20 12:00", "2026-11-30 12:00"),),
    )
    causes = shown(roster).causes
    assert [(each.kind, each.role, len(each.bars)) for each in causes] == [
        (CauseKind.ROTATION, Role.PRIMARY, 2),
        (CauseKind.ROTATION, Role.BACKUP, 2),
        (CauseKind.OVERRIDE, None, 1),
        (CauseKind.ABSENCE, None, 1),
        (CauseKind.LAST_RESORT, None, 1),
    ]
    assert causes[3].bars[0].when.to == WEEK.to


def test_a_thousand_overrides_in_a_month_are_all_drawn() -> None:
    begin, month = oslo("2026-11-01 00:00"), Interval(oslo("2026-11-01"), oslo("2026-12-01"))
    overrides = tuple(
        Override(
            NAMES[n % 4],
            Role.PRIMARY,
            begin + timedelta(minutes=43 * n),
            begin + timedelta(minutes=43 * n + 60),
            note=str(n),
        )
        for n in range(1000)
    )
    found = shown(rota(overrides=overrides), month)
    lanes = [each.bars for each in found.causes if each.kind is CauseKind.OVERRIDE]
    drawn = [bar.dated for lane in lanes for bar in lane]
    assert sorted(drawn, key=lambda each: each.from_ if each else begin) == list(overrides)
    for lane in lanes:
        assert all(one.when.to <= other.when.from_ for one, other in pairwise(lane))
    assert len(lanes) == 2, "as many lines as lie over one another"
    held = {each.shift.override for each in found.results[0].pieces}
    assert held >= set(overrides[:-1])


@settings(max_examples=30)
@given(rosters(), INSTANTS, st.integers(1, 10_000))
def test_the_pieces_of_a_line_follow_each_other_without_gap_or_overlap(
    roster: Roster, first: datetime, minutes: int
) -> None:
    span = Interval(first, first + timedelta(minutes=minutes))
    for each in shown(roster, span).results:
        assert (each.pieces[0].when.from_, each.pieces[-1].when.to) == (span.from_, span.to)
        assert all(one.when.to == other.when.from_ for one, other in pairwise(each.pieces))
        assert all(one.when.from_ < one.when.to for one in each.pieces)
        for one in each.pieces:
            assert one.whole.from_ <= one.when.from_
            assert one.when.to <= one.whole.to


@settings(max_examples=25)
@given(rosters(), INSTANTS, st.lists(st.integers(0, 4000), min_size=8, max_size=8))
def test_the_lines_say_at_every_instant_what_the_telephone_does(
    roster: Roster, first: datetime, minutes: list[int]
) -> None:
    found = shown(roster, Interval(first, first + timedelta(minutes=4001)))
    for at in (first + timedelta(minutes=each) for each in minutes):
        here = [next(one for one in each.pieces if at in one.when) for each in found.results]
        duty = on_duty(roster, at)
        rung = [each for each in duty.ringing if each.role is not Role.LAST_RESORT]
        assert [(each.person, each.shift.role, each.why) for each in here if each.person] == [
            (each.person.id, each.role, each.why[0]) for each in rung if each.person
        ]
        skipped = [each for each in duty.skipped if each.role is not Role.LAST_RESORT]
        hindered = [each for each in here if each.shift.person and not each.person]
        assert [(each.shift.person, each.why) for each in hindered] == [
            (each.person, each.why) for each in skipped
        ]
        assert all(each.kind is not PieceKind.GAP for each in here) or not rung
        shift = {(each.role, each.slot): each for each in shifts_at(roster, at)}
        for each in here:
            same = shift[each.shift.role, each.shift.slot]
            assert (each.shift.person, each.shift.override) == (same.person, same.override)


@settings(max_examples=30)
@given(rosters(), INSTANTS)
def test_gaps_are_all_of_the_duty_hours_in_which_no_line_has_anybody(
    roster: Roster, first: datetime
) -> None:
    span = Interval(first, first + timedelta(days=7))
    found = shown(roster, span)
    rung = [one.when for each in found.results for one in each.pieces if one.person]
    [times] = found.desks
    assert times.gaps == intersect(times.duty, complement(rung, span.from_, span.to))


def test_spans_begin_where_the_desks_wall_says_so() -> None:
    night = span_around(TimelineView.WEEK, date(2026, 10, 25), OSLO)
    assert (night.first, night.last) == (date(2026, 10, 19), date(2026, 10, 25))
    assert night.interval.length == timedelta(hours=7 * 24 + 1)
    assert (night.previous, night.next) == (date(2026, 10, 12), date(2026, 10, 26))
    month = span_around(TimelineView.MONTH, date(2026, 12, 31), OSLO)
    assert (month.first, month.previous, month.next) == (
        date(2026, 12, 1),
        date(2026, 11, 1),
        date(2027, 1, 1),
    )
    year = span_around(TimelineView.YEAR, date(2028, 2, 29), OSLO)
    assert (year.first, year.previous, year.next) == (
        date(2028, 1, 1),
        date(2027, 1, 1),
        date(2029, 1, 1),
    )
    assert len(year.days) == 366


def test_a_draft_of_many_days_is_drawn_whole() -> None:
    whole = Interval(oslo("2026-12-21 00:00"), oslo("2027-02-15 08:00"))
    drawn = span_of_days(whole, OSLO)
    assert (drawn.first, drawn.last) == (date(2026, 12, 21), date(2027, 2, 15))
    assert drawn.view is TimelineView.YEAR
    week = span_of_days(Interval(oslo("2026-12-21 00:00"), oslo("2026-12-28 00:00")), OSLO)
    assert (week.view, len(week.days)) == (TimelineView.WEEK, 7)


@given(
    st.sampled_from(TimelineView),
    st.dates(date(1971, 1, 1), date(2199, 12, 31)),
    st.sampled_from(("Europe/Oslo", "America/Havana", "Australia/Lord_Howe")),
)
def test_each_span_ends_where_the_next_one_begins(view: TimelineView, day: date, zone: str) -> None:
    here = span_around(view, day, ZoneInfo(zone))
    assert span_around(view, here.next, ZoneInfo(zone)).previous == here.first
    before = span_around(view, here.previous, ZoneInfo(zone))
    assert before.interval.to == here.interval.from_
    assert here.days[0] == here.first
    assert here.days[-1] == here.last
