"""Whether two clocks agree, as far as a question and its answer can show."""

from datetime import UTC, datetime, timedelta

from app.domain.time.clock_skew import clock_skew

ASKED = datetime(2026, 11, 21, 22, 10, 0, 400_000, tzinfo=UTC)
ANSWERED = ASKED + timedelta(seconds=3)
SECOND = timedelta(seconds=1)


def test_a_clock_that_tells_a_time_within_the_question_agrees_however_long_it_took() -> None:
    for told in (ASKED, ASKED + SECOND, ANSWERED):
        assert clock_skew(told, ASKED, ANSWERED) == timedelta(0)


def test_whole_seconds_are_cut_and_that_is_no_difference() -> None:
    cut = ASKED.replace(microsecond=0)
    assert clock_skew(cut, ASKED, ASKED + SECOND, SECOND) == timedelta(0)
    assert clock_skew(cut, ASKED, ASKED + SECOND) == timedelta(seconds=-0.4)


def test_what_is_certain_is_told() -> None:
    assert clock_skew(ANSWERED + 40 * SECOND, ASKED, ANSWERED) == 40 * SECOND
    assert clock_skew(ASKED - 40 * SECOND, ASKED, ANSWERED, SECOND) == -39 * SECOND
