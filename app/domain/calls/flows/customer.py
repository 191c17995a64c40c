"""A call from a ticket's page: whoever works on it is rung, presses 1, and is connected with the
customer, whom we ring for them. A voicemail presses nothing.

The same points as in the caller's table. How a call went stands here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.calls.flows import key_question
from app.domain.calls.flows.key_question import is_over
from app.domain.flow import HangUp, Menu
from app.domain.hunts.instructions import Ask, End
from app.domain.texts.message import Message

CONNECTS: Final = "1"
# Ours, beside the network's: as far as we know nobody is rung. What the network tells of the call
# after that holds: its answer to us may have been lost.
NOT_PLACED: Final = "not-placed"
CUSTOMER_RINGS_SECONDS: Final = 40
# A call of which the network tells no end keeps nobody from calling for longer.
LONGEST: Final = timedelta(hours=3)
# A minute in the outbox, a minute of ringing, three questions, and the customer's ringing.
LONGEST_UNANSWERED: Final = timedelta(minutes=4)


class CustomerCallStep(StrEnum):
    """Where the conversation with whoever is rung first stands."""

    QUESTION = "question"
    CONNECTS = "connects"
    REFUSED = "refused"  # 1 was pressed, and the customer may not be called any more
    NO_KEY = "no_key"


class CustomerCallResult(StrEnum):
    """How a call goes, or went."""

    PLACING = "placing"
    RINGS_YOU = "rings_you"
    ASKS_YOU = "asks_you"
    NOT_TAKEN = "not_taken"  # nobody pressed 1: the customer was not rung
    NOT_PLACED = "not_placed"
    NOT_RUNG = "not_rung"  # the ticket had changed
    RINGS_CUSTOMER = "rings_customer"
    TALKS = "talks"
    TALKED = "talked"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"  # the network has told no end


# After which the customer's telephone has rung: these become events of the ticket.
ON_TICKET: Final = (
    CustomerCallResult.TALKED,
    CustomerCallResult.NO_ANSWER,
    CustomerCallResult.BUSY,
    CustomerCallResult.NOT_REACHED,
)
OVER: Final = (
    *ON_TICKET,
    CustomerCallResult.NOT_TAKEN,
    CustomerCallResult.NOT_PLACED,
    CustomerCallResult.NOT_RUNG,
    CustomerCallResult.UNKNOWN,
)
BEFORE_KEY: Final[Mapping[str, CustomerCallResult]] = {
    "": CustomerCallResult.PLACING,
    "queued": CustomerCallResult.PLACING,
    "initiated": CustomerCallResult.PLACING,
    "ringing": CustomerCallResult.RINGS_YOU,
    "in-progress": CustomerCallResult.ASKS_YOU,
    "failed": CustomerCallResult.NOT_PLACED,
    NOT_PLACED: CustomerCallResult.NOT_PLACED,
}
UNANSWERED: Final[Mapping[str, CustomerCallResult]] = {
    "busy": CustomerCallResult.BUSY,
    "no-answer": CustomerCallResult.NO_ANSWER,
    "canceled": CustomerCallResult.NO_ANSWER,
    "completed": CustomerCallResult.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class CustomerCall:
    """A call as far as it has come. `misses` counts the prompts without the key.

    `status` is that of the call to whoever works on the ticket, `customer_status` that of the
    customer's, in the network's words.
    """

    desk_name: str
    ticket: int
    language: str
    started_at: datetime
    step: CustomerCallStep = CustomerCallStep.QUESTION
    misses: int = 0
    status: str = ""
    customer_status: str = ""
    connected_at: datetime | None = None

    @property
    def prompt(self) -> int:
        """Return the number of the prompt that is heard now; the key that answers it names it."""
        return key_question.prompt_of(self)

    @property
    def is_end_reported(self) -> bool:
        """Tell whether the network has reported how it ended on each telephone that rang."""
        has_rung = self.step is CustomerCallStep.CONNECTS
        return is_over(self.status) and (is_over(self.customer_status) or not has_rung)

    def result(self, now: datetime) -> CustomerCallResult:
        """Tell how it goes, or went."""
        if self.connected_at:
            if is_over(self.customer_status) or is_over(self.status):
                return CustomerCallResult.TALKED
            is_old = now - self.started_at >= LONGEST
            return CustomerCallResult.UNKNOWN if is_old else CustomerCallResult.TALKS
        if self.step is CustomerCallStep.CONNECTS:
            return self._of_customer(now)
        if self.step is CustomerCallStep.REFUSED:
            return CustomerCallResult.NOT_RUNG
        if not is_over(self.status):
            is_old = now - self.started_at >= LONGEST_UNANSWERED
            return CustomerCallResult.UNKNOWN if is_old else BEFORE_KEY[self.status]
        return BEFORE_KEY.get(self.status, CustomerCallResult.NOT_TAKEN)

    def _of_customer(self, now: datetime) -> CustomerCallResult:
        if is_over(self.customer_status):
            return UNANSWERED.get(self.customer_status, CustomerCallResult.NOT_REACHED)
        if is_over(self.status):  # they hung up while it rang
            return CustomerCallResult.NO_ANSWER
        is_old = now - self.started_at >= LONGEST_UNANSWERED
        return CustomerCallResult.UNKNOWN if is_old else CustomerCallResult.RINGS_CUSTOMER


@dataclass(frozen=True, slots=True)
class RingCustomer:
    """Ring the customer for whoever has pressed the key, and connect the two."""

    number: str
    caller_id: str  # the desk's line: what the customer sees
    ring_seconds: int
    talk_minutes: int
    says: tuple[Message, ...]


def _question(call: CustomerCall) -> tuple[Message, ...]:
    values = (("desk", call.desk_name), ("ticket", call.ticket))
    return (Message("whisper_customer_call", call.language, values),)


def _not_rung(call: CustomerCall) -> tuple[Message, ...]:
    return (Message("whisper_customer_call_not_rung", call.language),)


def _nothing(_: CustomerCall) -> tuple[Message, ...]:
    return ()


FLOW: Final[
    Mapping[CustomerCallStep, Menu[CustomerCall, CustomerCallStep] | HangUp[CustomerCall]]
] = {
    CustomerCallStep.QUESTION: Menu(
        _question, {CONNECTS: CustomerCallStep.CONNECTS}, silence=CustomerCallStep.NO_KEY
    ),
    CustomerCallStep.CONNECTS: HangUp(_nothing),  # whoever comes back here has been connected
    CustomerCallStep.REFUSED: HangUp(_not_rung),
    CustomerCallStep.NO_KEY: HangUp(_nothing),
}


def pressed(call: CustomerCall, key: str, prompt: int) -> CustomerCall:
    """Answer a key, or none, at a prompt."""
    return key_question.pressed(FLOW, call, key, prompt)


def instruction_of(call: CustomerCall) -> Ask | End:
    """Say what is heard where the call stands, before anybody is connected."""
    return key_question.instruction_of(FLOW, call)


def we_ring(language: str) -> tuple[Message, ...]:
    """What is heard before the customer's telephone rings."""
    return (Message("whisper_customer_call_rings", language),)


def not_answered(language: str) -> End:
    """What is heard when the customer was not reached."""
    return End((Message("whisper_customer_call_not_answered", language),))
