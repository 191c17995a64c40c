"""What a person says of when they were called out stands in place of what was measured."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.roster.working_hours.call_out_confirmation import (
    CallOutRefusal,
    refusal_of,
    to_the_minute,
)
from app.domain.roster.working_hours.call_out_time import (
    CallOutTime,
    measured_as_one,
    settled,
    unconfirmed,
    worked,
)
from app.domain.time.intervals import Interval, total

TWO = datetime.fromisoformat("2026-11-21T01:10:20Z")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MEASURED = Interval(TWO, TWO + 25 * MINUTE)
MORNING = TWO + 6 * HOUR


def said(from_: timedelta, to: timedelta) -> Interval:
    return Interval(TWO + from_, TWO + to)


@pytest.mark.parametrize(
    ("wanted", "reason", "why_not"),
    [
        (MEASURED, "", None),
        (to_the_minute(MEASURED), "", None),  # as the form offers it
        (said(MINUTE, 5 * MINUTE), "", None),  # shorter
        (said(0 * MINUTE, 55 * MINUTE), "", CallOutRefusal.NEEDS_REASON),
        (said(-2 * MINUTE, 5 * MINUTE), "  ", CallOutRefusal.NEEDS_REASON),
        (said(0 * MINUTE, 55 * MINUTE), "Kjørte ut", None),
        (said(5 * MINUTE, 5 * MINUTE), "", CallOutRefusal.ENDS_BEFORE),
        (said(HOUR, 7 * HOUR), "Kjørte ut", CallOutRefusal.NOT_OVER),
        (said(-13 * HOUR, HOUR), "Kjørte ut", CallOutRefusal.TOO_FAR),
    ],
)
def test_a_longer_time_needs_a_reason_and_none_is_far_away(
    wanted: Interval, reason: str, why_not: CallOutRefusal | None
) -> None:
    assert refusal_of(MEASURED, wanted, reason, MORNING) is why_not


def test_one_call_with_several_rings_is_one() -> None:
    rings = [
        CallOutTime("vakt-1", said(0 * MINUTE, MINUTE), "CA1"),
        CallOutTime("vakt-1", said(2 * MINUTE, 9 * MINUTE), "CA1"),
        CallOutTime("vakt-2", said(1 * MINUTE, 2 * MINUTE), "CA1"),
    ]
    assert [each.interval for each in measured_as_one(rings)] == [
        said(0 * MINUTE, 9 * MINUTE),
        said(1 * MINUTE, 2 * MINUTE),
    ]


def test_what_is_said_counts_also_where_it_is_another_hour() -> None:
    measured = CallOutTime("vakt-1", MEASURED, "CA1")
    other = CallOutTime("vakt-1", said(10 * HOUR, 11 * HOUR), "CA2")
    late = CallOutTime("vakt-1", said(2 * HOUR, 3 * HOUR), "CA1", True, MEASURED, "Kjørte ut")
    assert settled([measured, other, late]) == (late, other)
    assert total(unconfirmed(settled([measured, other, late]))) == HOUR


def test_a_call_that_overlaps_a_confirmed_one_counts_for_the_rest_of_it() -> None:
    """Driving home from the first, they are rung again: neither call takes the other's time."""
    first = CallOutTime("vakt-1", said(0 * MINUTE, 45 * MINUTE), "CA1", True, MEASURED, "Reise")
    second = CallOutTime("vakt-1", said(40 * MINUTE, 70 * MINUTE), "CA2")
    counts = settled([first, second])
    assert counts == (first, second)
    assert total(worked(counts)) == 70 * MINUTE
    assert total(unconfirmed(counts)) == 25 * MINUTE


@pytest.mark.parametrize("agreed", [MEASURED, to_the_minute(MEASURED)])
def test_what_was_agreed_to_is_unconfirmed_again_once_more_was_measured(agreed: Interval) -> None:
    ring = CallOutTime("vakt-1", MEASURED, "CA1")
    yes = CallOutTime("vakt-1", agreed, "CA1", True, MEASURED)
    again = CallOutTime("vakt-1", said(30 * MINUTE, 50 * MINUTE), "CA1")
    assert settled([yes, ring]) == (yes,)
    assert settled([yes, ring, again]) == (ring, again)
    own = CallOutTime("vakt-1", said(0 * MINUTE, 10 * MINUTE), "CA1", True, MEASURED)
    assert settled([own, ring, again]) == (own,)  # their own word, and no agreement


def test_what_was_measured_is_offered_in_whole_minutes_that_hold_it() -> None:
    whole = to_the_minute(MEASURED)
    assert (whole.from_.second, whole.to.second) == (0, 0)
    assert whole.from_ <= MEASURED.from_
    assert whole.to >= MEASURED.to
    assert whole.to - MEASURED.to < MINUTE


SPANS = st.tuples(st.integers(0, 600), st.integers(1, 120)).map(
    lambda it: said(it[0] * MINUTE, sum(it) * MINUTE)
)
CALL_OUTS = st.lists(
    st.builds(
        CallOutTime, st.just("vakt-1"), SPANS, st.sampled_from(["CA1", "CA2", ""]), st.booleans()
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(CALL_OUTS)
def test_whatever_is_said_no_minute_of_work_counts_twice(found: list[CallOutTime]) -> None:
    counts = settled(found)
    assert {each for each in counts if each.is_confirmed} == {e for e in found if e.is_confirmed}
    assert total(unconfirmed(counts)) <= total(worked(counts))
