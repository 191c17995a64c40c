"""The conversation of a number verification: its table, and what a key does in it."""

import pytest

from app.domain.calls.flows.verify import (
    FLOW,
    VerificationCall,
    VerificationStep,
    instruction_of,
    pressed,
)
from app.domain.hunts.instructions import Ask, End

CALL = VerificationCall("Fjord help", "en")


def heard(call: VerificationCall) -> list[str]:
    return [message.key for message in instruction_of(call).says]


def test_every_step_stands_in_the_table() -> None:
    assert set(FLOW) == set(VerificationStep)


def test_the_key_confirms_and_is_thanked_for() -> None:
    confirmed = pressed(CALL, "1", 1)
    assert confirmed.step is VerificationStep.CONFIRMED
    assert heard(confirmed) == ["whisper_number_verification_thanks"]
    assert isinstance(instruction_of(confirmed), End)


@pytest.mark.parametrize("key", ["", "2", "#", "*", "0"])
def test_any_other_key_or_none_is_asked_again_twice_and_then_hung_up(key: str) -> None:
    call = CALL
    for prompt in (1, 2):
        call = pressed(call, key, prompt)
        assert heard(call) == ["whisper_number_verification"]
        assert isinstance(instruction_of(call), Ask)
    assert instruction_of(pressed(call, key, 3)) == End()


def test_what_is_posted_twice_or_after_the_end_changes_nothing() -> None:
    once = pressed(CALL, "5", 1)
    assert pressed(once, "5", 1) == once
    confirmed = pressed(once, "1", 2)
    assert pressed(confirmed, "2", 2) == confirmed
