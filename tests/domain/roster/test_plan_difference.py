"""What two plans of a roster mean beside one another."""

from dataclasses import replace
from datetime import timedelta

from app.domain.roster.on_duty import Roster
from app.domain.roster.plan_difference import plan_difference, span_looked_at, with_people_of
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import away, rota, weekly
from tests.domain.roster.test_timeline import desk
from tests.domain.time.wall_clock import in_oslo, oslo

NOW = oslo("2026-11-16 12:00")
FOUR_WEEKS = Interval(oslo("2026-11-16 08:00"), oslo("2026-12-14 08:00"))
ALONE = rota(weekly())


def people(before: Roster, after: Roster) -> dict[str, tuple[float, float]]:
    hour = timedelta(hours=1)
    found = plan_difference(before, after, (desk(),), FOUR_WEEKS, NOW)
    return {each.person: (each.before / hour, each.after / hour) for each in found.people}


def test_one_less_in_the_rotation_shifts_the_weeks_of_the_others() -> None:
    three = rota(weekly(members=("duty1", "duty2", "duty3")))
    told = people(ALONE, three)
    assert told["duty4"][1] == 0
    assert sum(before for before, _ in told.values()) == sum(after for _, after in told.values())


def test_who_has_left_the_document_is_still_told_of() -> None:
    without = replace(rota(weekly(members=("duty1", "duty2"))), people=ALONE.people[:2])
    assert people(ALONE, without)["duty3"][1] == 0
    assert with_people_of(without, ALONE).name_of("duty3") == "Duty 3"


def test_gaps_that_open_are_told_and_those_that_are_over_are_not() -> None:
    ill = away("duty2", "2026-11-16 08:00", "2026-11-17 08:00")
    found = plan_difference(ALONE, rota(weekly(), absences=(ill,)), (desk(),), FOUR_WEEKS, NOW)
    [gap] = found.opened
    assert [in_oslo(one.from_) for one in gap.when] == ["Mon 2026-11-16 16:00"]
    back = plan_difference(rota(weekly(), absences=(ill,)), ALONE, (desk(),), FOUR_WEEKS, NOW)
    assert [one.when for one in back.closed] == [gap.when]
    late = NOW + timedelta(days=2)
    assert not plan_difference(
        ALONE, rota(weekly(), absences=(ill,)), (desk(),), FOUR_WEEKS, late
    ).opened


def test_the_same_plan_changes_nothing() -> None:
    assert plan_difference(ALONE, ALONE, (desk(),), FOUR_WEEKS, NOW).changes_nothing


def test_the_time_looked_at_holds_what_entries_are_about() -> None:
    ahead = timedelta(days=90)
    assert span_looked_at((), NOW) == Interval(NOW, NOW + ahead)
    past = away("duty2", "2026-11-01 08:00", "2026-11-02 08:00")
    assert span_looked_at((past,), NOW).from_ == past.from_
    ages = away("duty2", "2020-11-01 08:00", "2040-11-02 08:00")
    span = span_looked_at((ages,), NOW)
    assert span.length == timedelta(days=800), "no year is drawn that nobody asks about"
