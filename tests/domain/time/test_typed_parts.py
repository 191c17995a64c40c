"""A day, or a time of day, typed into a field of its own."""

from datetime import UTC, date, datetime

import pytest

from app.domain.reasons import Reason, TypedMomentCode
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_clock, read_typed_day

FIELD = TimeField(datetime(2026, 11, 29, 12, tzinfo=UTC), "Europe/Oslo")  # a Sunday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24.12", date(2026, 12, 24)),
        ("24. desember 2027", date(2027, 12, 24)),
        ("2027-01-02", date(2027, 1, 2)),
        ("fredag", date(2026, 12, 4)),
        ("i morgen", date(2026, 11, 30)),
        ("1.1", date(2027, 1, 1)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, day: date) -> None:
    assert read_typed_day(typed, FIELD) == day


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("8", 480), ("08.30", 510), ("kl 15:30", 930), ("1530", 930), ("24.00", 1440)],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, minute: int) -> None:
    assert read_typed_clock(typed) == minute


@pytest.mark.parametrize("typed", ["", "engang", "kl 8", "24.12 kl 8", "x" * 500])
def test_what_is_no_day_is_refused(typed: str) -> None:
    refused = read_typed_day(typed, FIELD)
    assert isinstance(refused, Reason)
    assert refused.code is TypedMomentCode.NOT_A_DAY


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", TypedMomentCode.NOT_A_CLOCK),
        ("fredag", TypedMomentCode.NOT_A_CLOCK),
        ("fredag 8", TypedMomentCode.NOT_A_CLOCK),
        ("25.00", TypedMomentCode.NO_SUCH_CLOCK),
    ],
)
def test_what_is_no_time_of_day_is_refused(typed: str, code: TypedMomentCode) -> None:
    refused = read_typed_clock(typed)
    assert isinstance(refused, Reason)
    assert refused.code is code


def test_a_date_that_there_is_not_says_so() -> None:
    refused = read_typed_day("31.2.2027", FIELD)
    assert isinstance(refused, Reason)
    assert refused.code is TypedMomentCode.NO_SUCH_DATE
