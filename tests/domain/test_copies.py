"""Changed copies of values: just what `dataclasses.replace` makes."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.calls.call import Call, Step
from app.domain.copies import replace
from app.domain.numbers import parse_number
from tests.support.sample_desk import NIGHT, SUPPORT

CALL = Call(sid="CA1", line=SUPPORT, caller=parse_number("+4749009001"), started_at=NIGHT)


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that is checked whenever one is made."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("ends before it begins")


@dataclass(frozen=True)
class WithoutSlots:
    first: int
    last: int


def test_a_copy_has_what_is_changed_and_else_what_there_was() -> None:
    changed = replace(CALL, step=Step.DUTY_MENU, turn=4)
    assert changed == dataclasses.replace(CALL, step=Step.DUTY_MENU, turn=4)
    assert hash(changed) == hash(dataclasses.replace(CALL, step=Step.DUTY_MENU, turn=4))
    assert (CALL.turn, replace(CALL)) == (0, CALL)


@pytest.mark.parametrize("copied", [replace, dataclasses.replace])
def test_a_field_that_it_has_not_is_a_mistake(copied: Callable[..., Any]) -> None:
    with pytest.raises(TypeError):
        copied(CALL, stepp=Step.DUTY_MENU)


def test_a_value_that_checks_itself_checks_its_copies() -> None:
    with pytest.raises(ValueError, match="ends before"):
        replace(Checked(1, 2), last=0)


def test_a_value_without_slots_is_copied_too() -> None:
    assert replace(WithoutSlots(1, 2), last=3) == WithoutSlots(1, 3)
