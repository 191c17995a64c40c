"""A number verification: somebody is rung, asked for one key, and connected with nobody.

The same points as in the caller's table. Which numbers count as verified stands here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.calls.flows import key_question
from app.domain.flow import HangUp, Menu
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Ask, End
from app.domain.texts.message import Message

CONFIRMS: Final = "1"  # the key, and the whole of the SMS, that says: you reach me
SMS_REPLY_COUNTS_FOR: Final = timedelta(hours=1)
# Who accepted or passed on has pressed a key. Not who came late: a voicemail that lifts when
# the caller has gone is late too.
OUTCOMES_BY_KEY: Final = (LegOutcome.ACCEPTED, LegOutcome.PASSED)

# Ours, beside the network's: a call or a call-out came, and it was hung up.
GAVE_WAY: Final = "gave-way"


class VerificationPurpose(StrEnum):
    """What somebody is rung for."""

    PREFLIGHT = "preflight"
    JOINS = "joins"  # the number is to ring its owner from now on
    TEST = "test"  # its owner tries it


class RingResult(StrEnum):
    """How a call to a number went, as its owner is told it."""

    PRESSED = "pressed"
    NO_KEY = "no_key"  # somebody, or a voicemail, has answered
    PLACING = "placing"
    RINGING = "ringing"
    TALKING = "talking"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    NOT_REACHED = "not_reached"
    GAVE_WAY = "gave_way"
    UNKNOWN = "unknown"  # the network has told no end


RESULTS: Final[Mapping[str, RingResult]] = {
    "": RingResult.PLACING,
    "queued": RingResult.PLACING,
    "initiated": RingResult.PLACING,
    "ringing": RingResult.RINGING,
    "in-progress": RingResult.TALKING,
    "completed": RingResult.NO_KEY,
    "busy": RingResult.BUSY,
    "no-answer": RingResult.NO_ANSWER,
    "canceled": RingResult.NO_ANSWER,
    "failed": RingResult.NOT_REACHED,
    GAVE_WAY: RingResult.GAVE_WAY,
}


def ring_result(status: str, *, is_pressed: bool, is_old: bool) -> RingResult:
    """Tell how a call went, or goes; one that is old without an end is not waited for."""
    if is_pressed:
        return RingResult.PRESSED
    if is_old and not key_question.is_over(status):
        return RingResult.UNKNOWN
    return RESULTS[status]


class VerificationStep(StrEnum):
    """Where the call stands."""

    QUESTION = "question"
    CONFIRMED = "confirmed"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class VerificationCall:
    """How far the call has come: `misses` counts the prompts without the key."""

    desk_name: str
    language: str
    purpose: VerificationPurpose = VerificationPurpose.PREFLIGHT
    step: VerificationStep = VerificationStep.QUESTION
    misses: int = 0

    @property
    def prompt(self) -> int:
        """Return the number of the prompt that is heard now; the key that answers it names it."""
        return key_question.prompt_of(self)


QUESTIONS: Final = {
    VerificationPurpose.PREFLIGHT: "whisper_number_verification",
    VerificationPurpose.TEST: "whisper_number_verification",
    VerificationPurpose.JOINS: "whisper_number_joins",
}
THANKS: Final = {
    VerificationPurpose.PREFLIGHT: "whisper_number_verification_thanks",
    VerificationPurpose.TEST: "whisper_number_verification_thanks",
    VerificationPurpose.JOINS: "whisper_number_joins_thanks",
}


def _question(call: VerificationCall) -> tuple[Message, ...]:
    desk = (("desk", call.desk_name),)
    return (Message(QUESTIONS[call.purpose], call.language, desk),)


def _thanks(call: VerificationCall) -> tuple[Message, ...]:
    return (Message(THANKS[call.purpose], call.language),)


def _nothing(_: VerificationCall) -> tuple[Message, ...]:
    return ()


FLOW: Final[
    Mapping[VerificationStep, Menu[VerificationCall, VerificationStep] | HangUp[VerificationCall]]
] = {
    VerificationStep.QUESTION: Menu(
        _question, {CONFIRMS: VerificationStep.CONFIRMED}, silence=VerificationStep.NO_KEY
    ),
    VerificationStep.CONFIRMED: HangUp(_thanks),
    VerificationStep.NO_KEY: HangUp(_nothing),
}


def pressed(call: VerificationCall, key: str, prompt: int) -> VerificationCall:
    """Answer a key, or none, at a prompt."""
    return key_question.pressed(FLOW, call, key, prompt)


def instruction_of(call: VerificationCall) -> Ask | End:
    """Say what is heard where the call stands."""
    return key_question.instruction_of(FLOW, call)
