"""WHEN and KEYS as people type them: read, or refused in plain words."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts.operator_input import read_keys, read_when
from app.domain.time.parsing import NotAMoment
from tests.support.shipped_desks import oslo

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
        ("2026-11-21T23.10", "2026-11-21 23:10"),
        ("2026-12-24 15.30", "2026-12-24 15:30"),
        ("2026-12-24 1530", "2026-12-24 15:30"),
        ("2026-12-24 9.05", "2026-12-24 09:05"),
        ("2026-12-23 24:00", "2026-12-24 00:00"),
        ("2026-10-25T02:30", "2026-10-25 02:30"),  # comes twice: the first
    ],
)
def test_when_is_the_desks_wall_time_unless_it_has_an_offset(text: str, wall: str) -> None:
    assert read_when(text, OSLO) == oslo(wall).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no moment"),
        ("tomorrow", "is no moment"),
        ("2026-12-24", "a date without a time: write it as 2026-12-24 15:30"),
        ("24.12.2026 15.30", "write it as 2026-12-24 15:30"),
        ("2026-12-24 15", "is no moment"),
        ("2026-12-24 930", "is no moment"),
        ("2026-12-24 15.30.5", "is no moment"),
        ("2026-12-24T15:30:00,3", "is no moment"),
        ("20261224T153000", "is no moment"),
        ("2026-W52-4T15:30", "is no moment"),
        ("2026-12-24T25:00", "clock time that does not exist"),
        ("2026-12-24T15:60", "clock time that does not exist"),
        ("2026-13-01 12:00", "a date that does not exist"),
        ("2026-02-29 12:00", "a date that does not exist"),
        ("٢٠٢٦-١٢-٢٤ ١٥:٣٠", "is no moment"),
        ("2026-12-24 15:30+25:00", "is no offset"),
        ("1850-01-01 12:00", "the year must be"),
        ("9999-12-31T24:00", "beyond all time"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(NotAMoment, match=re.escape(said)):
        read_when(text, OSLO)


def test_a_wall_time_that_does_not_exist_is_refused_where_it_does_not() -> None:
    with pytest.raises(NotAMoment, match="02:30 on 2027-03-28 does not exist") as refused:
        read_when("2027-03-28T02:30", OSLO)

    assert "from 02:00 to 03:00" in str(refused.value)
    assert read_when("2027-03-28T02:30", "UTC") == datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    assert read_when("2027-03-28T02:30+01:00", OSLO) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


MINUTES = st.integers(0, 52_000_000).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MINUTES)
def test_every_way_to_write_a_minute_is_the_same_instant(wall: datetime) -> None:
    ways = (f"{wall:%Y-%m-%d %H:%M}", f"{wall:%Y-%m-%d %H.%M}", f"{wall:%Y-%m-%dT%H%M}")

    assert {read_when(way, "UTC") for way in ways} == {wall}


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
