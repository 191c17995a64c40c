"""What a coordinator sees of a desk: what is wrong, which lines are open, when that changes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.desk import LineKind, Priority
from app.domain.desks.maintenance import Maintenance
from app.domain.overview.answering import Staff
from app.domain.overview.coverage_ahead import coverage_ahead
from app.domain.overview.desk_row import DeskFacts, DeskRow, desk_row, sorted_rows
from app.domain.overview.duty_now import Confirmed
from app.domain.overview.opening import Opening
from app.domain.overview.trouble import SEVERITIES, Severity
from app.domain.reasons import Code, HoursCode, TroubleCode
from app.domain.roster.plan import Roster
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.message import Message, MessageRef
from app.domain.tickets.ticket import Acknowledged, Source, Ticket, WakesDuty
from app.voice_prompts import texts
from tests.domain.overview.test_who_answers import MINUTES, SPANS
from tests.domain.roster.duty_rota import away
from tests.domain.simulate.proof.a_proof import changed_rosters
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import DESKS, desk_of, shipped

NIGHT = oslo("2026-11-24 23:00")  # a Tuesday
EVERYBODY = ("vakt-1", "vakt-2", "vakt-3")


def facts_of(desk_id: str = "brukarstotte", **changes: object) -> DeskFacts:
    """A shipped desk as it is, but for what is changed of its roster."""
    facts = shipped(desk_id)
    roster = replace(facts.roster, **changes) if facts.roster else None  # type: ignore[arg-type]
    return DeskFacts(Staff(desk_of(facts), roster))


def row(facts: DeskFacts, at: datetime = NIGHT) -> DeskRow:
    ahead = coverage_ahead(facts.staff.desk, facts.staff.roster, at)
    return desk_row(replace(facts, ahead=ahead), at)


def told(row: DeskRow, at: datetime = NIGHT, language: str = "nb") -> list[str]:
    """What is wrong, in words."""
    reasons = (trouble.reason for trouble in row.troubles)
    messages = (Message(each.ref.key, language, each.values) for each in reasons)
    zone = row.desk.time_zone
    return [texts().render(each, now=at, time_zone=zone, spoken=False) for each in messages]


def codes(row: DeskRow) -> list[TroubleCode]:
    return [trouble.code for trouble in row.troubles]


def ticket(number: int = 1001, **changes: object) -> Ticket:
    """A critical ticket of ten to eleven that nobody has acknowledged."""
    opened = Ticket(
        "brukarstotte",
        Source.CALL,
        Priority.CRITICAL,
        NIGHT - timedelta(minutes=10),
        number,
        agreement="standard",
        is_urgent=True,
        line="+4720000210",
        next_call_out_at=NIGHT + timedelta(minutes=2),
    )
    return replace(opened, **changes)  # type: ignore[arg-type]


# --- what is wrong -----------------------------------------------------------------------


def test_a_desk_with_somebody_on_duty_is_well() -> None:
    assert told(row(facts_of())) == ["Alt er i orden."]
    assert row(facts_of()).severity is Severity.WELL


def test_a_desk_that_is_closed_and_has_no_duty_is_well() -> None:
    assert codes(row(facts_of("brukerhjelpen"))) == [TroubleCode.WELL]


@pytest.mark.parametrize("nobody", [{"layers": ()}, {"people": ()}])
def test_a_roster_of_nobody_is_the_loudest_of_all(nobody: dict[str, object]) -> None:
    empty = row(facts_of(**nobody, last_resort=()))
    assert told(empty)[0] == "Ingen som kan ringes, står på vaktlisten de neste 90 dagene."
    assert next(iter(SEVERITIES)) is empty.worst.code
    others = [
        row(facts_of(absences=(away("vakt-2", "2026-11-24 08:00", "2026-11-26 08:00"),))),
        row(replace(facts_of(), tickets=(ticket(next_call_out_at=None),), waiting=1)),
    ]
    assert sorted_rows([*others, empty])[0] is empty


def test_a_duty_without_a_roster_has_nobody() -> None:
    facts = facts_of()
    without = replace(facts, staff=replace(facts.staff, roster=None))
    assert codes(row(without)) == [TroubleCode.NOBODY_PLANNED]


def test_nobody_on_duty_now_is_told_with_until_when() -> None:
    absences = tuple(away(who, "2026-11-24 20:00", "2026-11-25 02:00") for who in EVERYBODY)
    gap = row(facts_of(absences=absences, last_resort=()))
    assert told(gap) == ["Ingen har vakt nå, før i morgen kl. 02.00."]
    assert gap.worst.gap
    assert in_oslo(gap.worst.gap.from_) == "Tue 2026-11-24 20:00"
    rung = row(facts_of(absences=absences))
    assert told(rung, language="en") == [
        "Nobody is on duty now, until tomorrow at 02:00: only the last resort can be rung."
    ]


def test_a_gap_is_told_a_week_ahead_and_found_ninety_days_ahead() -> None:
    absences = tuple(away(who, "2026-12-24 00:00", "2026-12-25 00:00") for who in EVERYBODY)
    facts = facts_of(absences=absences)
    early = row(facts)
    assert codes(early) == [TroubleCode.WELL]
    assert early.duty
    assert early.duty.first_gap
    assert in_oslo(early.duty.first_gap.from_) == "Thu 2026-12-24 00:00"
    week = oslo("2026-12-17 12:00")
    assert told(row(facts, week), week) == [
        "Ingen har vakt fra tors. 24. des. kl. 00.00 til tors. 24. des. kl. 08.00."
    ]


def test_a_gap_that_is_over_or_planned_is_not_told() -> None:
    absences = tuple(away(who, "2026-11-20 00:00", "2026-11-23 00:00") for who in EVERYBODY)
    gone = row(facts_of(absences=absences))
    assert gone.duty
    assert gone.duty.first_gap is None


def test_a_critical_ticket_is_told_with_its_next_call_out() -> None:
    waits = row(replace(facts_of(), tickets=(ticket(),), waiting=1))
    assert told(waits) == ["1 hastesak venter på at noen tar den."]
    assert waits.waiting.longest[0].next_at == NIGHT + timedelta(minutes=2)


def test_a_ticket_whose_call_outs_are_over_is_worse_than_one_that_is_called_about() -> None:
    over, younger = ticket(next_call_out_at=None), ticket(1002)
    facts = replace(facts_of(), tickets=(younger, over), waiting=2)
    assert told(row(facts)) == [
        "Ingen har tatt 1 hastesak, og ringerundene om den er over. Eldst er sak 1001.",
        "1 hastesak venter på at noen tar den.",
    ]


def test_a_ticket_about_which_nobody_is_ever_called_says_why() -> None:
    never = ticket(wakes_duty=WakesDuty.NEVER, next_call_out_at=None)
    told_of = row(replace(facts_of(), tickets=(never,), waiting=1))
    assert codes(told_of) == [TroubleCode.UNACKNOWLEDGED]
    (waiting,) = told_of.waiting.longest
    assert waiting.never
    assert waiting.never.code is Code.WANTS_HUMAN


def test_a_ticket_that_somebody_has_is_no_trouble() -> None:
    taken = ticket(acknowledged=Acknowledged("Vakt 2", NIGHT))
    assert codes(row(replace(facts_of(), tickets=(taken,)))) == [TroubleCode.WELL]


def test_a_shift_that_is_not_confirmed_is_told_only_where_somebody_was_asked() -> None:
    asked = replace(facts_of(), confirmed=(Confirmed("vakt-2", False),))
    assert told(row(asked)) == ["Vakt 2 har ikke bekreftet vakten."]
    day = oslo("2026-11-24 10:00")
    assert codes(row(asked, day)) == [TroubleCode.WELL]  # nobody needs the duty by day
    confirmed = row(replace(facts_of(), confirmed=(Confirmed("vakt-2", True),)))
    assert confirmed.duty
    assert (codes(confirmed), confirmed.duty.has_confirmed) == ([TroubleCode.WELL], True)
    not_asked = row(facts_of()).duty
    assert not_asked
    assert not_asked.has_confirmed is None


def test_an_open_line_without_telephones_is_told() -> None:
    facts = facts_of("brukerhjelpen")
    desk = facts.staff.desk
    nobody = replace(desk, first_line=replace(desk.first_line, phones=()))
    day = oslo("2026-11-24 10:00")
    silent = row(replace(facts, staff=replace(facts.staff, desk=nobody)), day)
    assert told(silent, day) == ["Linjen for brukerstøtte er åpen, men ingen kan ringes."]


def test_the_worst_desk_stands_first_and_others_by_name() -> None:
    rows = [row(facts_of(desk)) for desk in DESKS]
    bad = row(replace(facts_of(), tickets=(ticket(),), waiting=1))
    assert [each.desk.name for each in sorted_rows([*rows[1:], bad])] == [
        "Brukarstøtte",
        *sorted(each.desk.name for each in rows[1:]),
    ]


# --- lines -------------------------------------------------------------------------------


def opening(desk_id: str, at: str, kind: LineKind = LineKind.SUPPORT) -> Opening:
    statuses = row(facts_of(desk_id), oslo(at)).lines
    return next(each for each in statuses if each.line.kind is kind).openings[0]


def test_a_line_says_why_it_is_closed_and_what_opens_it() -> None:
    christmas = opening("brukerhjelpen", "2026-12-25 10:00")
    assert not christmas.is_open
    assert christmas.why.code is HoursCode.HOLIDAY
    assert christmas.why.get("holiday") == MessageRef("holiday.christmas_day")
    assert in_oslo(christmas.changes_at) == "Mon 2026-12-28 07:30"
    assert christmas.then
    assert christmas.then.code is HoursCode.INSIDE_WINDOW


def test_a_line_that_closes_for_a_holiday_says_so_beforehand() -> None:
    before = opening("brukerhjelpen", "2026-12-24 15:00")
    assert before.is_open
    assert in_oslo(before.changes_at) == "Thu 2026-12-24 16:00"


def test_a_duty_line_is_open_while_the_duty_is_there() -> None:
    day = opening("brukarstotte", "2026-11-24 10:00", LineKind.DUTY)
    assert (day.is_open, in_oslo(day.changes_at)) == (False, "Tue 2026-11-24 15:30")
    night = opening("brukarstotte", "2026-11-27 23:00", LineKind.DUTY)
    assert (night.is_open, in_oslo(night.changes_at)) == (True, "Mon 2026-11-30 08:00")


def test_telephones_with_hours_of_their_own_are_told_apart() -> None:
    (line,) = row(facts_of("prokom"), oslo("2026-11-24 20:00")).lines
    assert line.is_open
    assert [(each.agreements[0].id, each.is_open) for each in line.openings] == [
        ("fast", False),
        ("utvidet", True),
    ]


# --- when it changes ---------------------------------------------------------------------


@st.composite
def rosters(draw: st.DrawFn) -> tuple[DeskFacts, datetime, float]:
    facts = facts_of(draw(st.sampled_from((*DESKS, "brukarstotte", "dekode"))))
    assert facts.staff.roster
    changed: Roster = draw(changed_rosters(facts.staff.roster, SPANS))
    staff = replace(facts.staff, roster=changed)
    return replace(facts, staff=staff), draw(MINUTES), draw(st.floats(0, 1, exclude_max=True))


@given(rosters())
@settings(max_examples=30)
def test_nothing_of_a_row_changes_before_it_says_so(
    drawn: tuple[DeskFacts, datetime, float],
) -> None:
    facts, at, part = drawn
    now = row(facts, at)
    assert now.changes_at > at
    later = at + (now.changes_at - at) * part
    assert row(facts, later) == now


def test_planned_work_is_told_and_the_row_changes_as_it_begins_and_ends() -> None:
    facts = facts_of()
    begins, ends = NIGHT + timedelta(minutes=3), NIGHT + timedelta(minutes=9)
    work = Maintenance(begins, ends, LocalizedText(), timedelta(minutes=1), ("2001",))
    desk = replace(facts.staff.desk, maintenance=(work,))
    planned = replace(facts, staff=replace(facts.staff, desk=desk))
    assert row(planned).maintenance == ()
    assert row(planned).changes_at == begins - timedelta(minutes=1)
    assert row(planned, begins).maintenance == (work,), "whichever customers it concerns"
    assert row(planned, begins).changes_at == ends
    assert row(planned, ends).maintenance == ()
