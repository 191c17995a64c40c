"""Why something did not leave: a code in its row, words in each language when it is shown."""

import pytest

from app.domain.delivery_errors import DeliveryError, delivery_error, refused
from app.domain.message_refs import ref
from app.voice_prompts import texts


def in_words(error: str, language: str) -> str:
    return texts().write(ref("command.demo_ends", cause=delivery_error(error)), language)


@pytest.mark.parametrize(
    ("error", "language", "words"),
    [
        (DeliveryError.TICKET_ACKNOWLEDGED, "nb", "noen har tatt saken"),
        (refused(503), "nn", "avvist med status 503"),
        (refused(400, 21614), "nb", "avvist med status 400, feil 21614"),
        (refused(400, 21614), "en", "refused with status 400, error 21614"),
        (DeliveryError.NO_ANSWER.about("TimeoutError"), "nn", "ikkje noko svar (TimeoutError)"),
        (DeliveryError.PRIVATE_ADDRESS.about("10.0.0.1"), "en", "10.0.0.1 is an address inside"),
    ],
)
def test_a_code_is_written_in_the_readers_language(error: str, language: str, words: str) -> None:
    assert words in in_words(error, language)


def test_what_a_library_said_stays_as_it_is() -> None:
    assert delivery_error("SSLError: bad record") == "SSLError: bad record"
    assert delivery_error("") == ""
