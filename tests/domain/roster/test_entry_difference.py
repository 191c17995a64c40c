"""What one more entry would change is told before it is saved, and who could take over."""

from dataclasses import replace
from datetime import timedelta

from app.domain.reasons import RosterCode
from app.domain.roster.entries import Dated
from app.domain.roster.entry_difference import EntryDifference, difference
from app.domain.roster.on_duty import Roster
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import away, rota, takes, weekly
from tests.domain.roster.test_timeline import desk
from tests.domain.time.wall_clock import in_oslo, oslo

NOW = oslo("2026-11-16 12:00")
WEDNESDAY = Interval(oslo("2026-11-18 12:00"), oslo("2026-11-19 12:00"))  # in a week of duty2's
ALONE = rota(weekly())


def told(dated: Dated, roster: Roster = ALONE) -> EntryDifference:
    return difference(roster, dated, (desk(),), NOW)


def people(found: EntryDifference) -> list[tuple[str, int, int, float, float]]:
    hour = timedelta(hours=1)
    return [
        (each.person, each.shifts_before, each.shifts_after, each.before / hour, each.after / hour)
        for each in found.people
    ]


def test_a_swap_moves_hours_and_a_shift_from_one_to_the_other() -> None:
    found = told(takes("duty4", "2026-11-18 12:00", "2026-11-19 12:00"))
    assert people(found) == [("duty2", 1, 0, 24, 0), ("duty4", 0, 1, 0, 24)]
    assert [piece.person for piece in found.before] == ["duty2"]
    assert [piece.person for piece in found.after] == ["duty4"]
    [coverage] = found.coverage
    assert (coverage.duty, coverage.gaps) == (timedelta(hours=16), ())


def test_an_absence_opens_a_gap_and_the_stand_in_closes_it() -> None:
    ill = away("duty2", "2026-11-18 15:25", "2026-11-19 08:00")
    opened = told(ill)
    [gap] = opened.effect.uncovered
    assert [(in_oslo(one.from_), in_oslo(one.to)) for one in gap.when] == [
        ("Wed 2026-11-18 16:00", "Thu 2026-11-19 08:00")
    ]
    assert opened.coverage[0].gaps == gap.when
    closed = told(
        takes("duty3", "2026-11-18 16:00", "2026-11-19 08:00"), rota(weekly(), absences=(ill,))
    )
    assert [one.when for one in closed.closed] == [gap.when]
    assert closed.coverage[0].gaps == ()


def test_what_is_there_already_changes_nothing_and_concerns_nobody() -> None:
    found = told(takes("duty2", "2026-11-18 12:00", "2026-11-19 12:00"))
    assert found.effect.changes_nothing
    assert (found.people, found.closed) == ((), ())
    assert [why.code for why in found.effect.why] == [RosterCode.ALREADY_ON_DUTY]


def test_a_change_within_the_notice_time_says_so_where_somebodys_duty_changes() -> None:
    soon = takes("duty4", "2026-11-18 12:00", "2026-11-19 12:00")
    assert told(soon).is_short_notice
    assert not told(soon, replace(ALONE, notice_days=1)).is_short_notice
    assert not told(takes("duty4", "2026-12-02 12:00", "2026-12-03 12:00")).is_short_notice
    nothing = takes("duty2", "2026-11-18 12:00", "2026-11-19 12:00")
    assert not told(nothing).is_short_notice
