"""Stretches of time behave like sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.time.intervals import Interval, clip, complement, subtract, total, union

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: int) -> datetime:
    return MIDNIGHT + minute * MINUTE


pieces = st.lists(
    st.builds(
        lambda start, length: Interval(at(start), at(start + length)),
        st.integers(0, 60),
        st.integers(0, 20),
    ),
    max_size=6,
)


def minutes(found: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {minute for minute in range(100) if any(at(minute) in piece for piece in found)}


def assert_tidy(found: tuple[Interval, ...]) -> None:
    assert all(piece.from_ < piece.to for piece in found)
    assert all(before.to < after.from_ for before, after in pairwise(found))


@given(pieces, pieces)
def test_union_and_difference_are_those_of_the_minutes(
    some: list[Interval], others: list[Interval]
) -> None:
    for found, expected in (
        (union(some, others), minutes(some) | minutes(others)),
        (subtract(some, others), minutes(some) - minutes(others)),
        (complement(some, at(10), at(50)), set(range(10, 50)) - minutes(some)),
        (clip(some, at(10), at(50)), minutes(some) & set(range(10, 50))),
    ):
        assert minutes(found) == expected
        assert total(found) == len(expected) * MINUTE
        assert_tidy(found)
