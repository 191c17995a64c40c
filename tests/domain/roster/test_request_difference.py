"""What a swap changes is told of both shifts together, with all the duty of the two there."""

from datetime import timedelta

from app.domain.roles import Role
from app.domain.roster.duty_slots import DutySlot, slots_between
from app.domain.roster.entry_difference import EntryDifference, difference
from app.domain.roster.request_difference import request_difference
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import rota, weekly
from tests.domain.roster.test_moved_shifts import BY, NOW, agreed
from tests.domain.roster.test_timeline import desk

WEEK = timedelta(weeks=1)
DESKS = (desk(),)
BOTH = ("duty1", "duty2")
TWO = rota(weekly(members=BOTH), weekly(Role.BACKUP, BOTH[::-1]))


def swapped(one: DutySlot, other: DutySlot) -> EntryDifference:
    request = agreed(1, one, other, other.person)
    return request_difference(TWO, request, request.overrides(other.person, BY), DESKS, NOW)


def hours_of(one: DutySlot, other: DutySlot) -> dict[str, tuple[timedelta, timedelta]]:
    """What the swap of two shifts makes of the duty of the two."""
    return {each.person: (each.before, each.after) for each in swapped(one, other).people}


def slots_of(person: str, role: Role) -> list[DutySlot]:
    """Their shifts of some weeks, the next one first."""
    found = slots_between(TWO, person, Interval(NOW, NOW + 8 * WEEK))
    return [each for each in found if each.role is role and each.is_whole]


def test_two_who_change_places_in_a_week_have_as_much_duty_as_before() -> None:
    one, other = slots_of("duty1", Role.PRIMARY)[0], slots_of("duty2", Role.BACKUP)[0]
    assert one.when == other.when
    assert hours_of(one, other) == {"duty1": (WEEK, WEEK), "duty2": (WEEK, WEEK)}


def test_the_desks_duty_hours_of_a_week_count_once_where_both_shifts_lie_in_it() -> None:
    one, other = slots_of("duty1", Role.PRIMARY)[0], slots_of("duty2", Role.BACKUP)[0]
    [alone] = difference(
        TWO, agreed(1, one, None, "duty2").overrides("duty2", BY)[0], DESKS, NOW
    ).coverage
    [both] = swapped(one, other).coverage
    assert both.duty == alone.duty


def test_whoever_has_both_places_of_a_week_is_rung_in_one_of_them() -> None:
    """Each had duty in both weeks; afterwards in one, where they are primary and backup."""
    one, other = slots_of("duty1", Role.PRIMARY)[0], slots_of("duty2", Role.PRIMARY)[0]
    assert one.when != other.when
    assert hours_of(one, other) == {"duty1": (2 * WEEK, WEEK), "duty2": (2 * WEEK, WEEK)}
