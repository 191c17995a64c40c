"""A call on its way: where it stands, and what has happened to it.

Frozen facts only. Where each key leads is flows/caller.py; what can happen next, events.py; what
follows from it, decide.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.calls.events import (
    Arrived,
    Event,
    HungUp,
    PinEntered,
    Pressed,
    Recorded,
    RingEnded,
)
from app.domain.desks.desk import LineKind, Priority
from app.domain.hunts.hunt import NO_HUNT, Hunt, HuntLegs, LegOutcome
from app.domain.hunts.staff_view import StaffQuestion
from app.domain.numbers import Number
from app.domain.tickets.ticket import Ticket, WakesDuty

__all__ = [
    "Arrived",
    "Call",
    "CallOutcome",
    "Event",
    "HungUp",
    "PinEntered",
    "Pressed",
    "Recorded",
    "RingEnded",
    "Step",
    "outcome_of",
]


class Step(StrEnum):
    """Every step of a call; calls/flows/caller.py tells what each does."""

    ARRIVAL = "arrival"
    UNKNOWN_LINE = "unknown_line"
    SCREENED = "screened"
    CLOSED_TO_CALLER = "closed_to_caller"
    SPOKEN_WHEN_CLOSED = "spoken_when_closed"
    GREETING = "greeting"
    DUTY_GREETING = "duty_greeting"
    AFFECTED = "affected"
    NOTED = "noted"
    NOT_THE_OUTAGE = "not_the_outage"
    STAFF_PIN = "staff_pin"
    STAFF_MENU = "staff_menu"
    STAFF_TICKETS = "staff_tickets"
    STAFF_TICKET = "staff_ticket"
    STAFF_MESSAGE = "staff_message"
    STAFF_MESSAGE_PLAYS = "staff_message_plays"
    STAFF_TICKET_DONE = "staff_ticket_done"
    STAFF_NEXT_TICKET = "staff_next_ticket"
    STAFF_DUTY = "staff_duty"
    STAFF_DUTY_ASKED = "staff_duty_asked"
    STAFF_SHIFT = "staff_shift"
    STAFF_SHIFT_ASKED = "staff_shift_asked"
    STAFF_OUTAGE = "staff_outage"
    STAFF_OUTAGE_ASKED = "staff_outage_asked"
    STAFF_DONE = "staff_done"
    STAFF_NOTHING = "staff_nothing"
    STAFF_AWAY = "staff_away"
    IS_SAME_TICKET = "is_same_ticket"
    SAME_TICKET = "same_ticket"
    JOIN_TICKET = "join_ticket"
    RING_TICKET_OWNER = "ring_ticket_owner"
    TICKET_OWNER_RINGS = "ticket_owner_rings"
    NEW_TICKET = "new_ticket"
    WHO_IS_IT = "who_is_it"
    CUSTOMER_NUMBER = "customer_number"
    IS_SERVED = "is_served"
    NOT_SERVED = "not_served"
    HAS_TELEPHONE = "has_telephone"
    NO_TELEPHONE = "no_telephone"
    PRIORITY_MENU = "priority_menu"
    CRITICAL_CONFIRM = "critical_confirm"
    CHOSE_CRITICAL = "chose_critical"
    CHOSE_HIGH = "chose_high"
    CHOSE_MEDIUM = "chose_medium"
    CHOSE_LOW = "chose_low"
    NETWORK_QUESTION = "network_question"
    NETWORK_AWAY = "network_away"
    USE_THE_PORTAL = "use_the_portal"
    PORTAL_GIVEN = "portal_given"
    DUTY_MENU = "duty_menu"
    DUTY_CONFIRMED = "duty_confirmed"
    OPEN_TICKET = "open_ticket"
    WHO_SHALL_ANSWER = "who_shall_answer"
    RING_FIRST_LINE = "ring_first_line"
    FIRST_LINE_RINGS = "first_line_rings"
    FIRST_LINE_SILENT = "first_line_silent"
    RING_DUTY = "ring_duty"
    DUTY_RINGS = "duty_rings"
    HUMAN_WANTED = "human_wanted"
    NO_VALID_KEY = "no_valid_key"
    MESSAGE_WANTED = "message_wanted"
    SPEAK = "speak"
    SPOKEN = "spoken"
    MESSAGE = "message"
    MESSAGE_TAKEN = "message_taken"
    TALK_ENDED = "talk_ended"
    RING_AGAIN = "ring_again"
    SILENCE = "silence"
    GOODBYE = "goodbye"


SHORTEST_MESSAGE: Final = 2  # seconds
# Twilio ends a Dial after four hours; what comes before it takes less than two.
LONGEST_CALL: Final = timedelta(hours=6)


class CallOutcome(StrEnum):
    """How a call ended: the first that fits, in this order."""

    CONNECTED = "connected"
    MESSAGE = "message"
    TICKET = "ticket"
    INFORMED = "informed"
    ABANDONED = "abandoned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call(HuntLegs):
    """One telephone call as far as it has come: the only state that a turn changes."""

    sid: str
    line: str  # as the network posts it
    caller: Number
    started_at: datetime
    desk: str | None = None
    kind: LineKind | None = None
    step: Step = Step.ARRIVAL
    turn: int = 0
    language: str = "nb"
    misses: int = 0
    priority: Priority | None = None
    customer: str | None = None  # the customer's number
    agreement: str | None = None
    recent_ticket: Ticket | None = None  # that the caller was asked about
    ticket: Ticket | None = None  # as it was when this call opened or joined it
    joined: int = 0  # which call about the ticket this is, when an earlier one opened it
    hunt: Hunt = NO_HUNT
    talked: bool = False
    informed: bool = False  # heard a message that answers it, so that hanging up is no loss
    caller_notified: bool = False  # the caller has had an SMS; one a call
    number_sent: bool = False  # and the ticket's number stood in it
    outage: int | None = None  # that the caller heard of
    pin_asked: bool = False  # pressed 7: whatever digits come from now on may be a PIN
    staff: str = ""  # who of the roster has shown a PIN
    staff_ticket: int = 0  # that is read to them
    staff_question: StaffQuestion | None = None  # that they were asked last
    will_be_told: bool = False  # by SMS, when the outage is over: pressed 8
    for_duty: bool = False  # confirmed as critical on the duty line
    wants_human: bool = False  # pressed 0: that never wakes the duty
    message_seconds: int = 0
    heard_seconds: float = 0  # of sound in it, as far as that could be measured
    recording: str = ""  # of the caller's message
    hung_up: bool = False
    ended_at: datetime | None = None

    @property
    def wakes_duty(self) -> WakesDuty:
        """Tell whether the duty may be rung in this call, were its case urgent enough."""
        if self.wants_human:
            return WakesDuty.NEVER
        return WakesDuty.CONFIRMED if self.for_duty else WakesDuty.BY_AGREEMENT

    @property
    def has_message(self) -> bool:
        """Tell whether the caller has said something that is worth playing."""
        return self.message_seconds >= SHORTEST_MESSAGE

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more can be said to the caller."""
        return self.ended_at is not None


# Where somebody of the roster is who has shown a PIN, or is about to.
STAFF_STEPS: Final = frozenset(step for step in Step if step.startswith("staff_"))
# Where a call ends that was refused: it is not counted among those of its caller's hour.
NOT_ANSWERED: Final = (Step.SCREENED, Step.CLOSED_TO_CALLER)
# Where somebody rings, or talks, with the caller.
RINGING_STEPS: Final = (Step.FIRST_LINE_RINGS, Step.DUTY_RINGS, Step.TICKET_OWNER_RINGS)


def talking_with(call: Call) -> str | None:
    """Return the number of whoever talks with the caller now, or None: they are rung last."""
    if call.hunt.talks_back:
        return call.hunt.talking_back
    if call.has_ended or call.step not in RINGING_STEPS:
        return None
    leg = call.hunt.accepted
    return leg.callee.number if leg and leg.outcome is LegOutcome.ACCEPTED else None


def outcome_of(call: Call) -> CallOutcome:
    """Name how the call ended: the first outcome that fits."""
    if call.talked:
        return CallOutcome.CONNECTED
    if call.ticket:
        return CallOutcome.MESSAGE if call.has_message else CallOutcome.TICKET
    if call.informed:
        return CallOutcome.INFORMED
    return CallOutcome.ABANDONED if call.hung_up else CallOutcome.FAILED
