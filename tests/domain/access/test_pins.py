"""A PIN is digits that nobody tries first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.pins import LONGEST, SHORTEST, check_new_pin
from app.domain.message_refs import MessageError

NUMBERS = ("+4749009101",)
DIGITS = st.text("0123456789", min_size=SHORTEST, max_size=LONGEST)


@pytest.mark.parametrize(
    "pin",
    [
        *("", "123", "123456789", "12a4", "١٢٣٤", "47 11"),
        *("1111", "1234", "9876", "8901", "0000", "7474", "123123"),
        *("1987", "2026", "2412", "1224", "140387", "870314", "14031987", "19870314"),
        *("4900", "9101", "9009"),
    ],
)
def test_what_would_be_tried_first_is_refused(pin: str) -> None:
    with pytest.raises(MessageError):
        check_new_pin(pin, NUMBERS)


@pytest.mark.parametrize("pin", ["7294", "59382", "663920", "8264077", "01940276"])
def test_others_are_taken(pin: str) -> None:
    assert check_new_pin(pin, NUMBERS) == pin


def is_taken(pin: str, numbers: tuple[str, ...] = NUMBERS) -> bool:
    try:
        check_new_pin(pin, numbers)
    except MessageError:
        return False
    return True


@given(DIGITS, st.integers(0, 9))
def test_a_pin_that_repeats_one_digit_or_its_half_is_never_taken(pin: str, digit: int) -> None:
    assert not is_taken(str(digit) * len(pin), ())
    assert not is_taken(pin[: len(pin) // 2] * 2, ())


def test_most_pins_of_four_digits_are_left() -> None:
    assert sum(is_taken(f"{each:04}") for each in range(10_000)) > 8_500
