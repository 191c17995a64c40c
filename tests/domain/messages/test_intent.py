"""What an SMS asks for: a few words that stand alone. A machine's reply is never one of them."""

import pytest

from app.domain.messages.intent import WORDS, SmsIntent, how_to_reach, intent_of
from tests.support.shipped_desks import desk_of, shipped


@pytest.mark.parametrize(
    ("body", "intent"),
    [
        ("STOP", SmsIntent.STOP),
        (" stopp. ", SmsIntent.STOP),
        ("START", SmsIntent.START),
        ("1", SmsIntent.ANSWER),
        ("Ok!", SmsIntent.ANSWER),
        ("STENG  SKJULT", SmsIntent.CLOSE_WITHHELD),
        ("close hidden", SmsIntent.CLOSE_WITHHELD),
        ("ÅPNE SKJULT", SmsIntent.OPEN_WITHHELD),
        ("Opne skjult", SmsIntent.OPEN_WITHHELD),
        ("open withheld", SmsIntent.OPEN_WITHHELD),
        ("Jeg kjører og svarer når jeg er framme.", SmsIntent.OTHER),
        ("I am driving. Reply 1 to reach me anyway", SmsIntent.OTHER),
        ("Automatisk svar: ok, jeg ringer", SmsIntent.OTHER),
        ("", SmsIntent.OTHER),
        ("ikkje steng skjult", SmsIntent.OTHER),
    ],
)
def test_an_sms_asks_for_what_its_words_alone_say(body: str, intent: SmsIntent) -> None:
    assert intent_of(body) is intent


def test_no_word_asks_for_two_things() -> None:
    words = [word for known in WORDS.values() for word in known]
    assert len(set(words)) == len(words)


def test_everything_else_is_answered_with_the_numbers_to_call() -> None:
    desk = desk_of(shipped("brukarstotte"))
    own = desk.lines[0]
    answer = how_to_reach(desk, own.number, "en")
    assert (answer.key, answer.language) == ("sms_answer", own.languages[0])
    assert dict(answer.values)["desk"] == desk.name
    assert " / " in str(dict(answer.values)["phones"])
    assert how_to_reach(None, "+4720000999", "en").key == "sms_answer_unknown"
