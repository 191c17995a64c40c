"""Home duty: converted as the law says, and call-outs in full."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.reasons import FigureKind
from app.domain.roster.working_hours.report import persons_hours
from app.domain.roster.working_hours.rules import WorkingHoursRules
from tests.domain.roster.duty_rota import rota, weekly
from tests.domain.roster.working_hours.counted_rota import (
    called_out,
    counted,
    hours,
    of,
    sources,
    span,
)

WEEKEND = span("2026-01-09 16:00", "2026-01-12 00:00")  # Friday 16:00 to Sunday 24:00
ROTA = rota(weekly())


def test_the_labour_inspections_own_example_is_counted_as_it_counts_it() -> None:
    """Friday 16:00 to Sunday 24:00 is 56 hours of home duty, and 8 of working time."""
    assert hours(counted(sources(ROTA), WEEKEND, "duty1", FigureKind.DUTY)) == 56
    assert hours(counted(sources(ROTA), WEEKEND, "duty1", FigureKind.CONVERTED)) == 8
    assert hours(counted(sources(ROTA), WEEKEND, "duty1", FigureKind.COUNTED)) == 8


@pytest.mark.parametrize(("ratio", "comes_to"), [("1/7", 8), ("1/5", 11.2), ("1/4", 14), ("1", 56)])
def test_a_roster_has_its_own_ratio(ratio: str, comes_to: float) -> None:
    rules = WorkingHoursRules(home_duty=Fraction(ratio))
    found = of(persons_hours(sources(replace(ROTA, working_hours=rules)), WEEKEND), "duty1")
    assert hours(found.of(FigureKind.CONVERTED)) == comes_to
    (why,) = (each.why for each in found.figures if each.kind is FigureKind.CONVERTED)
    assert why.get("ratio") == ratio


def test_a_call_out_counts_in_full_and_is_no_home_duty() -> None:
    """Called out from 02:00 to 09:00 on Sunday: 7 hours in full, and 49 of home duty are 7."""
    out = called_out("duty1", "2026-01-11 02:00", "2026-01-11 09:00")
    found = of(persons_hours(sources(ROTA, call_outs=[out]), WEEKEND), "duty1")
    assert hours(found.of(FigureKind.DUTY)) == 56
    assert hours(found.of(FigureKind.CALL_OUT_TIME)) == 7
    assert hours(found.of(FigureKind.HOME_DUTY)) == 49
    assert hours(found.of(FigureKind.CONVERTED)) == 7
    assert hours(found.of(FigureKind.COUNTED)) == 14


def test_two_call_outs_at_one_time_are_counted_once() -> None:
    both = [
        called_out("duty1", "2026-01-11 02:00", "2026-01-11 03:00"),
        called_out("duty1", "2026-01-11 02:30", "2026-01-11 03:30"),
    ]
    found = of(persons_hours(sources(ROTA, call_outs=both), WEEKEND), "duty1")
    assert hours(found.of(FigureKind.CALL_OUT_TIME)) == 1.5
    assert found.of(FigureKind.CALL_OUTS) == 2


def test_what_the_person_has_confirmed_stands_in_place_of_what_the_telephone_knows() -> None:
    """The talk took four minutes; the work after it lasted until 03:05."""
    both = [
        called_out("duty1", "2026-01-11 02:10", "2026-01-11 02:14", "CA1"),
        called_out("duty1", "2026-01-11 02:10", "2026-01-11 03:05", "CA1", confirmed=True),
        called_out("duty1", "2026-01-11 05:00", "2026-01-11 05:02"),
    ]
    found = of(persons_hours(sources(ROTA, call_outs=both), WEEKEND), "duty1")
    assert [each.is_confirmed for each in found.call_outs] == [True, False]
    assert round(hours(found.of(FigureKind.CALL_OUT_TIME)) * 60) == 57


def test_a_talk_that_goes_on_after_the_shift_counts_in_full() -> None:
    """The next one has the duty from Monday 08:00; the talk began before it."""
    period = span("2026-01-12 00:00", "2026-01-13 00:00")
    out = called_out("duty1", "2026-01-12 07:45", "2026-01-12 08:15")
    found = of(persons_hours(sources(ROTA, call_outs=[out]), period), "duty1")
    assert hours(found.of(FigureKind.DUTY)) == 8
    assert hours(found.of(FigureKind.HOME_DUTY)) == 7.75
    assert hours(found.of(FigureKind.CALL_OUT_TIME)) == 0.5
