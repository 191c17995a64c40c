"""A call on its way: where it stands, and what has happened to it.

Frozen facts only. Where each key leads is calls/flows/caller.py; what can happen next, events.py;
what
follows from it, decide.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.calls.events import (
    Arrived,
    CallOutBegan,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegPressed,
    Pressed,
    Recorded,
    RingEnded,
    TicketAcknowledged,
)
from app.domain.desks.desk import LineKind, Priority
from app.domain.numbers import Number
from app.domain.tickets.ticket import Ticket

__all__ = [
    "Arrived",
    "Call",
    "CallOutBegan",
    "CallOutcome",
    "Callee",
    "Event",
    "HungUp",
    "Hunt",
    "Leg",
    "LegAnswered",
    "LegChanged",
    "LegOutcome",
    "LegPressed",
    "Pressed",
    "RateLimit",
    "Recorded",
    "RingEnded",
    "RungAs",
    "Step",
    "TicketAcknowledged",
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
    CALL_OUT = "call_out"
    CALL_OUT_RINGS = "call_out_rings"
    CALL_OUT_OVER = "call_out_over"


class LegOutcome(StrEnum):
    """How one attempt to reach somebody ended (contract.md, Leg outcomes)."""

    RINGING = "ringing"
    ACCEPTED = "accepted"
    PASSED = "passed"
    UNCONFIRMED = "unconfirmed"  # answered, no key: a sleeper or a voicemail
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LATE = "late"


SHORTEST_MESSAGE: Final = 2  # seconds (contract.md, Call outcomes)
# Twilio ends a Dial after four hours; what comes before it takes less than two.
LONGEST_CALL: Final = timedelta(hours=6)


class CallOutcome(StrEnum):
    """How a call ended: the first that fits, in this order (contract.md)."""

    CONNECTED = "connected"
    MESSAGE = "message"
    TICKET = "ticket"
    INFORMED = "informed"
    ABANDONED = "abandoned"
    FAILED = "failed"


class RungAs(StrEnum):
    """In what capacity somebody is rung."""

    FIRST_LINE = "first_line"
    PRIMARY = "primary"
    BACKUP = "backup"
    LAST_RESORT = "last_resort"
    TICKET_OWNER = "ticket_owner"  # took an earlier call about the same case
    CALLER = "caller"  # of the ticket: called back by whoever took it


class RateLimit(StrEnum):
    """Whose rate limit kept a call from ringing somebody."""

    CUSTOMERS = "customers"
    STRANGERS = "strangers"


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody we ring: one number of one person. Only rosters and desks name them.

    One exception: the caller of a ticket, whom whoever took it calls back (RungAs.CALLER).
    """

    person: str  # the person's id; the telephone's name where no person stands behind it
    name: str
    number: str
    role: RungAs
    language: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One attempt to reach one callee. `id` is the call's own count: 1, 2, 3 …"""

    id: int
    callee: Callee
    outcome: LegOutcome = LegOutcome.RINGING
    heard: int = 0  # how often the whisper was read
    sid: str = ""  # the network's own CallSid, once it is known
    own_call: bool = False  # rung together with others: a call of its own, placed by the worker
    placed: bool = False  # the network has taken the leg
    for_stranger: bool = False  # rung for somebody who is no known customer


@dataclass(frozen=True, slots=True)
class Hunt:
    """Ringing people in an order: who has been rung, who accepted, and whom to try first.

    Legs before `start` belong to an earlier hunt of the same call; their ids go on.
    """

    legs: tuple[Leg, ...] = ()
    start: int = 0
    accepted_leg: int | None = None
    first_choice: str | None = None  # the number that is tried first
    in_order: bool = False  # ringing all at once came to nothing: ring in order

    def leg(self, leg_id: int | None) -> Leg | None:
        """Return the leg with this id, or None where there is none such."""
        return next((leg for leg in self.legs if leg.id == leg_id), None)

    @property
    def accepted(self) -> Leg | None:
        """Return the leg at which somebody has accepted."""
        return self.leg(self.accepted_leg)

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Return the legs whose end is not known yet."""
        return tuple(leg for leg in self.legs if leg.outcome is LegOutcome.RINGING)

    @property
    def own_legs(self) -> tuple[Leg, ...]:
        """Return the legs of this hunt, without those of an earlier one."""
        return self.legs[self.start :]

    @property
    def next_id(self) -> int:
        """Return the id of the leg that is rung next."""
        return len(self.legs) + 1

    def adding(self, *legs: Leg) -> "Hunt":
        """Return the hunt when these ring too."""
        return replace(self, legs=(*self.legs, *legs))

    def having(self, leg: Leg) -> "Hunt":
        """Return the hunt with this leg instead of the one with its id."""
        return replace(self, legs=tuple(leg if each.id == leg.id else each for each in self.legs))

    def stopped(self, outcome: LegOutcome) -> "Hunt":
        """Return the hunt when whatever still rings has ended so."""
        legs = (
            replace(leg, outcome=outcome) if leg.outcome is LegOutcome.RINGING else leg
            for leg in self.legs
        )
        return replace(self, legs=tuple(legs))

    def begun_anew(self, first_choice: str | None = None) -> "Hunt":
        """Return a new hunt in order: everybody may be rung again, and nobody has accepted."""
        return Hunt(self.legs, len(self.legs), first_choice=first_choice, in_order=True)


NO_HUNT: Final = Hunt()


@dataclass(frozen=True, slots=True)
class Call:
    """One telephone call as far as it has come: the only state that a turn changes.

    A call-out about a ticket that nobody has accepted is one too, without a caller's
    end: line, caller, customer and ticket are those of the call that opened it.
    """

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
    acknowledged_leg: int | None = None  # the leg at which the ticket was taken without its caller
    talks_back: bool = False  # whoever took it so talks with the caller, whom they called back
    unbridged: str | None = None  # the person who accepted but was never connected
    talked: bool = False
    informed: bool = False  # heard a message that answers it, so that hanging up is no loss
    duty_notified: tuple[str, ...] = ()  # persons who have had their SMS
    caller_notified: bool = False  # the caller has had an SMS; one a call
    number_sent: bool = False  # and the ticket's number stood in it
    for_duty: bool = False  # confirmed as critical on the duty line
    wants_human: bool = False  # pressed 0: that never wakes the duty
    message_seconds: int = 0
    heard_seconds: float = 0  # of sound in it, as far as that could be measured
    recording: str = ""  # of the caller's message
    rate_limited: RateLimit | None = None  # it kept the call from ringing somebody
    call_out_number: int = 0  # which call-out about its ticket this is; 0: a caller's call
    hung_up: bool = False
    ended_at: datetime | None = None

    def leg(self, leg_id: int) -> Leg | None:
        """Return the leg with this id, or None when this call has none such."""
        return self.hunt.leg(leg_id)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Return everybody who was rung, in order."""
        return self.hunt.legs

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Return the legs whose end is not known yet."""
        return self.hunt.ringing

    @property
    def has_message(self) -> bool:
        """Tell whether the caller has said something that is worth playing."""
        return self.message_seconds >= SHORTEST_MESSAGE

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more can be said to the caller."""
        return self.ended_at is not None


def outcome_of(call: Call) -> CallOutcome:
    """Name how the call ended: the first outcome that fits (contract.md, Call outcomes)."""
    if call.talked:
        return CallOutcome.CONNECTED
    if call.ticket:
        return CallOutcome.MESSAGE if call.has_message else CallOutcome.TICKET
    if call.informed:
        return CallOutcome.INFORMED
    return CallOutcome.ABANDONED if call.hung_up else CallOutcome.FAILED
