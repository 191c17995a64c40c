"""What somebody asks for by SMS: a closed set of words, each alone in its message; and what
everything else is answered.

Everything else may be a machine's: an automatic reply is never one of these words alone.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import Desk
from app.domain.numbers import in_pairs
from app.domain.texts.message import Message

ONE_REPLY_IN: Final = timedelta(hours=1)  # to each sender
REQUESTS_COUNT_FOR: Final = timedelta(hours=1)
REQUESTS_ALLOWED: Final = 12  # SMS of one sender meanwhile, before none is obeyed any more


class SmsIntent(StrEnum):
    """What an SMS to one of our lines asks for."""

    STOP = "stop"  # no SMS from this line any more
    START = "start"
    ANSWER = "answer"  # a person answers: rung in their place again
    CLOSE_WITHHELD = "close_withheld"  # the desk's people only
    OPEN_WITHHELD = "open_withheld"
    OTHER = "other"


REQUESTS: Final = (SmsIntent.CLOSE_WITHHELD, SmsIntent.OPEN_WITHHELD)

# STOP and START as the network itself understands them (Twilio: Opt-out keywords).
WORDS: Final[dict[SmsIntent, frozenset[str]]] = {
    SmsIntent.STOP: frozenset(
        {"stop", "stopp", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke"}
        | {"optout"}
    ),
    SmsIntent.START: frozenset({"start", "unstop", "yes"}),
    SmsIntent.ANSWER: frozenset({"1", "ok"}),
    SmsIntent.CLOSE_WITHHELD: frozenset({"steng skjult", "close hidden", "close withheld"}),
    SmsIntent.OPEN_WITHHELD: frozenset(
        {"åpne skjult", "opne skjult", "apne skjult", "open hidden", "open withheld"}
    ),
}


def how_to_reach(desk: Desk | None, line: str, language: str) -> Message:
    """Answer an SMS with the numbers to call; of a line that no desk has, that there are none.

    `line` is where the SMS came in, `language` is used where no desk has one.
    """
    if desk is None:
        return Message("sms_answer_unknown", language)
    own = desk.line(line) or next(iter(desk.lines))
    phones = " / ".join(dict.fromkeys(in_pairs(each.public_number) for each in desk.lines))
    return Message("sms_answer", own.languages[0], (("desk", desk.name), ("phones", phones)))


def intent_of(body: str) -> SmsIntent:
    """Tell what an SMS asks for, by its words alone."""
    words = " ".join(body.lower().split()).strip(" .!")
    found = (intent for intent, known in WORDS.items() if words in known)
    return next(found, SmsIntent.OTHER)
