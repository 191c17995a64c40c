"""WHEN and KEYS as people type them: read, or refused in plain words."""

from contextlib import suppress
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.words.when import read_keys, read_when
from tests.desks import oslo

OSLO = "Europe/Oslo"


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2026-11-21T23:10", "2026-11-21 23:10"),
        ("2026-11-21 23:10", "2026-11-21 23:10"),
        ("2026-11-21T22:10Z", "2026-11-21 23:10"),
        ("2026-11-21T23:10+01:00", "2026-11-21 23:10"),
        ("2026-11-21T23:10:00 01:00", "2026-11-21 23:10"),  # a plus sign lost in an address
        ("2026-07-01T12:00", "2026-07-01 12:00"),
        ("2026-03-29T02:30", "2026-03-29 03:00"),  # never comes: the first instant that does
        ("2026-10-25T02:30", "2026-10-25 02:30"),  # comes twice: the first
    ],
)
def test_when_is_the_desks_wall_time_unless_it_has_an_offset(text: str, wall: str) -> None:
    assert read_when(text, OSLO) == oslo(wall).astimezone(UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "1850-01-01", "9999-12-31T23:59"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no moment|the year must be"):
        read_when(text, OSLO)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(ValueError):
        assert read_when(text, OSLO).utcoffset() == timedelta(0)


def test_keys_are_one_answer_per_prompt() -> None:
    assert read_keys("1001#,1, -,speak 20,hangup") == ("1001#", "1", "-", "speak 20", "hangup")
    assert read_keys("") == ()


@pytest.mark.parametrize("text", ["a", "1,,1", "speak", "1##", ",".join("1" * 101), "²"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no answer|at most 100"):
        read_keys(text)
