"""Record by the rules: how a message ends, what is posted, when there was no message at all."""

import pytest

from exchange.exchange import Exchange
from tests.exchange.a_product import Pages, Product, doc
from tests.exchange.conftest import CALLER, LINE, Connect

EVENTS = "recordingStatusCallback='/recording' recordingStatusCallbackEvent='completed absent'"


def recording(attributes: str = "") -> Pages:
    return {
        "/twilio/voice": doc(
            "<Say>Legg igjen ei melding etter tonen.</Say>",
            f"<Record action='/recorded' timeout='4' {EVENTS} {attributes}/>",
            "<Redirect>/no-message</Redirect>",
        ),
        "/recorded": doc("<Say>Takk.</Say>"),
        "/no-message": doc("<Say>Vi høyrde ingenting.</Say>"),
    }


def phone(exchange: Exchange, script: str) -> str:
    sid = exchange.call(CALLER, LINE, script=script)
    exchange.wait(sid)
    return sid


@pytest.mark.parametrize(
    ("script", "attributes", "duration", "digits"),
    [
        ("speak 7 #", "", "7", "#"),
        ("speak 7", "", "11", ""),
        ("speak 7", "trim='trim-silence'", "7", ""),
        ("speak 7", "maxLength='5'", "5", ""),
        ("", "", "9", ""),
    ],
)
def test_a_message_ends_by_key_silence_or_length(
    product: Product, connect: Connect, script: str, attributes: str, duration: str, digits: str
) -> None:
    product.pages = recording(attributes)
    exchange = connect()
    sid = phone(exchange, script)
    (action,) = product.asked("/recorded")
    assert (action["RecordingDuration"], action["Digits"]) == (duration, digits)
    (told,) = product.asked("/recording")
    assert (told["RecordingStatus"], told["RecordingDuration"]) == ("completed", duration)
    assert told["RecordingSid"] == action["RecordingSid"]
    assert told["CallSid"] == sid
    assert product.asked("/no-message") == []


def test_hanging_up_ends_the_message_and_its_action_still_comes(
    product: Product, connect: Connect
) -> None:
    product.pages = recording()
    exchange = connect()
    phone(exchange, "speak 6 hangup")
    (action,) = product.asked("/recorded")
    assert action["Digits"] == "hangup"
    assert action["CallStatus"] == "completed"
    assert action["RecordingDuration"] == "6"
    assert product.asked("/recording")[0]["RecordingStatus"] == "completed"
    assert exchange.alerts() == ()


@pytest.mark.parametrize("posts", [True, False])
def test_silence_after_the_tone_is_an_absent_recording(
    product: Product, connect: Connect, posts: bool
) -> None:
    product.pages = recording()
    exchange = connect(empty_recording_posts_action=posts)
    phone(exchange, "-")
    (told,) = product.asked("/recording")
    assert told["RecordingStatus"] == "absent"
    assert len(product.asked("/recorded")) == (1 if posts else 0)
    assert len(product.asked("/no-message")) == (0 if posts else 1)
    assert exchange.network.recordings.all() == []


def test_without_an_action_the_document_comes_again_which_is_a_trap(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/twilio/voice": [doc("<Record/>"), doc("<Hangup/>")]}
    phone(connect(), "speak 3 #")
    again = product.asked("/twilio/voice")[1]
    assert again["RecordingDuration"] == "3"
