"""What a provider's status words mean at each door; a word that nobody knows means nothing."""

import pytest

from app.gateways.twilio.statuses import COMPATIBLE, TWILIO, StatusCallback, read_status


@pytest.mark.parametrize("word", sorted(TWILIO[StatusCallback.LEG]))
def test_twilios_words_on_a_leg_are_taken_as_they_are(word: str) -> None:
    assert read_status(StatusCallback.LEG, word) == word


@pytest.mark.parametrize("door", [StatusCallback.LEG, StatusCallback.CALL])
def test_answered_on_a_leg_is_a_receiver_that_was_lifted(door: StatusCallback) -> None:
    assert read_status(door, "answered") == "in-progress"


def test_answered_of_a_dial_is_a_talk_that_is_over() -> None:
    assert read_status(StatusCallback.DIAL, "answered") == "completed"


@pytest.mark.parametrize("door", list(StatusCallback))
@pytest.mark.parametrize("word", ["", "machine-detected", "paused"])
def test_an_unknown_word_means_nothing_at_any_door(door: StatusCallback, word: str) -> None:
    assert read_status(door, word) == ""


@pytest.mark.parametrize("door", list(StatusCallback))
def test_no_word_of_another_provider_contradicts_twilio(door: StatusCallback) -> None:
    assert not TWILIO[door].keys() & COMPATIBLE[door].keys()
