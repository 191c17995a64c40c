"""Tries are counted so that no order of them gives more than the limit says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.token_bucket import Bucket, Empty, RateLimit, Taken, give_back, take

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
TEN_AN_HOUR = RateLimit(10, timedelta(hours=1))


def after_tries(pauses: list[float], limit: RateLimit) -> list[tuple[datetime, bool]]:
    """When each try was made, and whether it was one of those that are allowed."""
    bucket: Bucket | None = None
    at, made = NOW, []
    for pause in pauses:
        at += timedelta(seconds=pause)
        found = take(bucket, limit, at)
        if isinstance(found, Taken):
            bucket = found.bucket
        made.append((at, isinstance(found, Taken)))
    return made


def test_ten_tries_at_once_and_then_one_every_six_minutes() -> None:
    made = after_tries([0] * 11 + [359, 1, 0], TEN_AN_HOUR)
    assert [is_taken for _, is_taken in made] == [True] * 10 + [False, False, True, False]


def test_who_has_none_left_is_told_from_when_there_is_one() -> None:
    found = take(Bucket(NOW + timedelta(hours=1)), TEN_AN_HOUR, NOW)
    assert found == Empty(NOW + timedelta(minutes=6))
    assert isinstance(take(Bucket(NOW + timedelta(hours=1)), TEN_AN_HOUR, found.again_at), Taken)


def test_a_try_that_is_given_back_was_none() -> None:
    found = take(Bucket(NOW + timedelta(minutes=30)), TEN_AN_HOUR, NOW)
    assert isinstance(found, Taken)
    assert give_back(found.bucket, TEN_AN_HOUR, NOW) == Bucket(NOW + timedelta(minutes=30))
    assert give_back(Bucket(NOW), TEN_AN_HOUR, NOW) == Bucket(NOW), "never more than full"


@given(st.lists(st.floats(0, 2000), max_size=80))
def test_no_order_of_tries_gives_more_than_twice_the_limit_in_an_hour(pauses: list[float]) -> None:
    taken = [at for at, is_taken in after_tries(pauses, TEN_AN_HOUR) if is_taken]
    for first in taken:
        within = [at for at in taken if first <= at < first + TEN_AN_HOUR.fills_in]
        assert len(within) <= 2 * TEN_AN_HOUR.tries


@given(st.lists(st.floats(0, 2000), max_size=40), st.floats(3600, 100_000))
def test_after_an_hour_without_a_try_all_are_there_again(pauses: list[float], rest: float) -> None:
    made = after_tries([*pauses, rest] + [0] * 9, TEN_AN_HOUR)
    assert all(is_taken for _, is_taken in made[-10:])
