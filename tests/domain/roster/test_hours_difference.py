"""What a change of hours does to duty and coverage: told by what calls are routed by."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.desks.desk import Desk
from app.domain.desks.hours_edits import hours_edits
from app.domain.desks.wanted_hours import Wanted, WantedClosing, WantedDays, edits_for
from app.domain.roster.hours_difference import HoursDifference, hours_difference
from app.domain.roster.plan import Absence, Roster
from app.domain.time.calendars import DatedException, EarlyClosing, YearlyDay
from tests.support.sample_desk import folder

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WEDNESDAY = date(2026, 12, 16)


def the_desk() -> tuple[Desk, Roster]:
    found = folder()
    assert found.desk
    assert found.roster
    return found.desk, found.roster


def told(wanted: Wanted, roster: Roster | None = None) -> HoursDifference:
    desk, plan = the_desk()
    edits = edits_for(desk, ("desk",), wanted)
    exceptions = tuple(each.after for each in edits if isinstance(each.after, DatedException))
    closings = tuple(each.after for each in edits if isinstance(each.after, EarlyClosing))
    [calendar] = desk.calendars
    changed = replace(calendar, exceptions=exceptions, early_closings=closings)
    after = replace(desk, calendars=(changed,))
    assert hours_edits(desk, after) == edits
    return hours_difference(desk, after, roster or plan, edits, NOW)


def test_a_closed_day_gives_its_hours_to_whoever_is_on_duty() -> None:
    closed = told(WantedDays(WEDNESDAY, WEDNESDAY))
    [piece] = closed.duty.added
    assert (piece.from_, piece.to) == (
        datetime(2026, 12, 16, 7, tzinfo=UTC),
        datetime(2026, 12, 16, 15, tzinfo=UTC),
    )
    assert {shift.person for shift in closed.duty.people} == {"duty-1", "duty-2"}
    assert (closed.duty.removed, closed.duty.opened, closed.left) == ((), (), ())
    assert not closed.is_short_notice


def test_a_longer_day_takes_hours_from_the_duty() -> None:
    longer = told(WantedDays(WEDNESDAY, WEDNESDAY, ((480, 1200),)))
    assert [each.length.total_seconds() / 3600 for each in longer.duty.removed] == [4]
    assert longer.duty.added == ()


def test_hours_that_nobody_covers_are_told() -> None:
    _, plan = the_desk()
    since, until = datetime(2026, 12, 16, tzinfo=UTC), datetime(2026, 12, 17, tzinfo=UTC)
    away = tuple(Absence(each.id, since, until) for each in plan.people)
    opened = told(WantedDays(WEDNESDAY, WEDNESDAY), replace(plan, absences=away)).duty.opened
    assert [each.length.total_seconds() / 3600 for each in opened] == [8]


def test_an_early_closing_is_told_for_the_next_time_it_comes() -> None:
    early = told(WantedClosing(YearlyDay(12, 24), 720))
    [day] = early.days
    assert (day.day, day.before, day.after) == (date(2026, 12, 24), ((480, 960),), ((480, 720),))
    assert [each.length.total_seconds() / 3600 for each in early.duty.added] == [4]


def test_an_early_closing_of_a_day_without_hours_is_told_for_the_year_in_which_it_has_some() -> (
    None
):
    saturday_first = told(WantedClosing(YearlyDay(12, 5), 720))
    assert [each.day for each in saturday_first.days] == [date(2028, 12, 5)]
    assert len(saturday_first.duty.added) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        WantedDays(WEDNESDAY, WEDNESDAY, ((480, 960),)),
        WantedDays(date(2026, 12, 19), date(2026, 12, 19)),  # a Saturday
        WantedClosing(YearlyDay(12, 25), 720),
    ],
)
def test_what_is_so_anyway_changes_nothing(wanted: Wanted) -> None:
    assert told(wanted).changes_nothing
    assert told(wanted).duty.added == ()


def test_within_the_notice_time_it_is_pointed_out() -> None:
    soon = date(2026, 12, 2)
    assert told(WantedDays(soon, soon)).is_short_notice
