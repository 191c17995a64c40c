"""WHEN and KEYS as people type them: read, or refused in plain words."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.texts.operator_input import read_keys, read_when
from app.domain.time.parsing import NotAMoment
from tests.support.shipped_desks import oslo
from tests.support.written import english, in_language

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
    ("text", "key"),
    [
        ("", "moment.no_moment"),
        ("tomorrow", "moment.no_moment"),
        ("2026-12-24", "moment.date_alone"),
        ("24.12.2026 15.30", "moment.no_moment"),
        ("2026-12-24 15", "moment.no_moment"),
        ("2026-12-24 930", "moment.no_moment"),
        ("2026-12-24 15.30.5", "moment.no_moment"),
        ("2026-12-24T15:30:00,3", "moment.no_moment"),
        ("20261224T153000", "moment.no_moment"),
        ("2026-W52-4T15:30", "moment.no_moment"),
        ("2026-12-24T25:00", "moment.no_such_time"),
        ("2026-12-24T15:60", "moment.no_such_time"),
        ("2026-13-01 12:00", "moment.no_such_date"),
        ("2026-02-29 12:00", "moment.no_such_date"),
        ("٢٠٢٦-١٢-٢٤ ١٥:٣٠", "moment.no_moment"),
        ("2026-12-24 15:30+25:00", "moment.no_offset"),
        ("1850-01-01 12:00", "moment.year"),
        ("9999-12-31T24:00", "moment.beyond_all_time"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_is_wrong(text: str, key: str) -> None:
    with pytest.raises(NotAMoment) as refused:
        read_when(text, OSLO)
    assert refused.value.message.key == key


def test_what_to_write_is_told_with_the_date_that_was_meant() -> None:
    with pytest.raises(NotAMoment) as refused:
        read_when("24.12.2026 15.30", OSLO)
    text, example = "24.12.2026 15.30", "2026-12-24 15:30"
    assert refused.value.message == ref("moment.no_moment", text=text, example=example)
    assert example in in_language(refused.value.message, "nn")


def test_a_wall_time_that_does_not_exist_is_refused_where_it_does_not() -> None:
    with pytest.raises(NotAMoment) as refused:
        read_when("2027-03-28T02:30", OSLO)

    skipped = {"time": "02:30", "date": "2027-03-28", "zone": OSLO, "start": "02:00"}
    assert refused.value.message == ref("moment.skipped", **skipped, end="03:00")
    assert "02:30 on 2027-03-28 does not exist" in english(refused.value.message)
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a", ref("answers.no_answer", text="a")),
        ("1,,1", ref("answers.no_answer", text="")),
        ("speak", ref("answers.no_answer", text="speak")),
        ("1##", ref("answers.no_answer", text="1##")),
        ("²", ref("answers.no_answer", text="²")),
        (",".join("1" * 101), ref("answers.too_many", most=100)),
    ],
)
def test_what_is_no_key_is_refused(text: str, message: MessageRef) -> None:
    with pytest.raises(MessageError) as refused:
        read_keys(text)
    assert refused.value.message == message
