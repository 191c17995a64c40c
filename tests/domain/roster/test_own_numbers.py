"""A person changes the numbers that they are rung on: none rings unconfirmed, one always rings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message_refs import MessageError
from app.domain.roster.own_numbers import MOST_NUMBERS, OwnNumbers

NUMBERS = [f"+474900910{each}" for each in range(1, 8)]
MOVES = st.lists(
    st.tuples(st.sampled_from(["add", "confirm", "remove", "up", "down"]), st.sampled_from(NUMBERS))
)


def moved(numbers: OwnNumbers, what: str, number: str) -> OwnNumbers:
    try:
        match what:
            case "add":
                return numbers.adding(number)
            case "confirm":
                return numbers.confirming(number)
            case "remove":
                return numbers.removing(number, has_duty=True)
            case _:
                return numbers.moving(number, -1 if what == "up" else 1)
    except MessageError:
        return numbers


@given(MOVES)
def test_whoever_has_duty_is_always_rung_and_only_where_they_have_said_so(
    moves: list[tuple[str, str]],
) -> None:
    numbers, confirmed = OwnNumbers((NUMBERS[0],)), {NUMBERS[0]}
    for what, number in moves:
        was_waiting = number in numbers.waiting
        numbers = moved(numbers, what, number)
        if what == "confirm" and was_waiting:
            confirmed.add(number)
        assert numbers.ringing, "the last one stays while there is duty"
        assert set(numbers.ringing) <= confirmed
        together = (*numbers.ringing, *numbers.waiting)
        assert len(set(together)) == len(together) <= MOST_NUMBERS


def test_a_new_number_rings_last_once_it_is_confirmed_and_can_be_moved_up() -> None:
    numbers = OwnNumbers(("a",)).adding("b")
    assert numbers == OwnNumbers(("a",), ("b",))
    numbers = numbers.confirming("b")
    assert numbers == OwnNumbers(("a", "b"))
    assert numbers.moving("b", -1) == OwnNumbers(("b", "a"))
    assert numbers.moving("a", -1) == numbers, "nothing is above the first"


def test_a_number_that_was_taken_away_while_it_rang_does_not_come_back() -> None:
    numbers = OwnNumbers(("a",)).adding("b").removing("b", has_duty=True)
    assert numbers.confirming("b") == OwnNumbers(("a",))


def test_who_has_no_duty_ahead_may_take_the_last_one_away() -> None:
    with pytest.raises(MessageError) as refused:
        OwnNumbers(("a",), ("b",)).removing("a", has_duty=True)
    assert refused.value.message.key == "own_numbers.last_one"
    assert OwnNumbers(("a",)).removing("a", has_duty=False) == OwnNumbers()
