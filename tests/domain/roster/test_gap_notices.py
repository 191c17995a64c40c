"""Of which gaps coordinators are told: each once, and again when it opens again."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.roster.gap_notices import WITHIN, gap_news
from app.domain.time.intervals import Interval, Intervals, clip, subtract

NOW = datetime.fromisoformat("2026-11-23T07:00Z")
HOUR = timedelta(hours=1)


def hours(*pairs: tuple[int, int]) -> Intervals:
    return tuple(Interval(NOW + since * HOUR, NOW + until * HOUR) for since, until in pairs)


def test_a_gap_is_told_once_however_often_it_is_looked_at() -> None:
    gap = hours((10, 20))
    first = gap_news(gap, (), NOW)
    assert first.told == gap
    later = NOW + 12 * HOUR
    going_on = clip(gap, later, later + 24 * HOUR)
    assert gap_news(going_on, first.known, later).told == ()


def test_half_of_a_gap_that_is_left_is_no_news_and_one_that_grows_is() -> None:
    known = gap_news(hours((10, 20)), (), NOW).known
    assert gap_news(hours((10, 15)), known, NOW).told == ()
    assert gap_news(hours((10, 22)), known, NOW).told == hours((10, 22))


def test_a_gap_that_opens_again_is_told_again() -> None:
    known = gap_news(hours((10, 20)), (), NOW).known
    closed = gap_news((), known, NOW)
    assert (closed.told, closed.known) == ((), ())
    assert gap_news(hours((10, 20)), closed.known, NOW).told == hours((10, 20))


def test_a_gap_further_away_than_a_week_waits() -> None:
    assert gap_news(hours((7 * 24 + 1, 7 * 24 + 9)), (), NOW).told == ()
    [told] = gap_news(hours((7 * 24 - 1, 9 * 24)), (), NOW).told
    assert told.to == NOW + 9 * 24 * HOUR, "it is told to its end"


def test_a_roster_without_anybody_is_told_of_once_a_week() -> None:
    known: Intervals = ()
    told = 0
    for hour in range(0, 28 * 24, 6):
        now = NOW + hour * HOUR
        news = gap_news((Interval(now, now + 14 * 24 * HOUR),), known, now)
        if news.told:
            told, known = told + 1, news.known
    assert told == 4


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 60)).map(lambda it: (it[0], sum(it))), max_size=5
).map(lambda pairs: subtract(hours(*pairs), ()))


@settings(max_examples=80, deadline=None)
@given(SPANS, SPANS)
def test_whatever_was_known_what_begins_within_a_week_is_known_then_and_no_news_again(
    gaps: Intervals, known: Intervals
) -> None:
    news = gap_news(gaps, known, NOW)
    near = clip(gaps, NOW, NOW + WITHIN)
    assert subtract(near, news.known) == ()
    assert subtract(news.known, gaps) == (), "what is covered is forgotten"
    assert gap_news(gaps, news.known, NOW).told == ()
