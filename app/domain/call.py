"""A call on its way: where it stands, what has happened to it, and what can happen next.

Frozen facts only. Where each key leads is call_flow.py; what follows from an event is
decide.py.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.domain.desk import LineKind, Priority
from app.domain.people import Number


class Place(StrEnum):
    """Every place in a call where it can stand or pass; call_flow.py tells what each does."""

    ARRIVAL = "arrival"
    UNKNOWN_LINE = "unknown_line"
    HELD_OFF = "held_off"
    GREETING = "greeting"
    IS_SAME_CASE = "is_same_case"
    SAME_CASE = "same_case"
    JOIN_CASE = "join_case"
    RING_WHO_HAS_IT = "ring_who_has_it"
    WHO_HAS_IT_RINGS = "who_has_it_rings"
    NEW_CASE = "new_case"
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
    PORTAL_TOLD = "portal_told"
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
    ROUND = "round"
    ROUND_RINGS = "round_rings"
    ROUND_OVER = "round_over"


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
    HAS_CASE = "has_case"  # took an earlier call about the same case
    CALLER = "caller"  # of the ticket: called back by whoever took it


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


@dataclass(frozen=True, slots=True)
class TicketOfCall:
    """What the call knows of its ticket. The number is given when the ticket is stored."""

    priority: Priority
    respond_by: datetime | None
    solve_by: datetime | None
    no_keys: bool = False
    number: int | None = None
    joined: int = 0  # which call about it this is, when it was opened by an earlier one


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A ticket of the caller's that is still open and young: perhaps they call about it again.

    `accepted_by` is a person's id, or the name of a telephone of the first line, as in Callee.
    """

    number: int
    priority: Priority
    customer: str | None
    agreement: str | None
    respond_by: datetime | None
    solve_by: datetime | None
    calls: int = 1  # that have been about it so far
    accepted_by: str | None = None
    accepted_on: str = ""  # the number on which they did, where that is known


@dataclass(frozen=True, slots=True)
class Call:
    """One telephone call as far as it has come: the only state that a turn changes.

    A round of calls about a ticket that nobody has accepted is one too, without a caller's
    end: line, caller, customer and ticket are those of the call that opened it.
    """

    sid: str
    line: str  # as the network posts it
    caller: Number
    started_at: datetime
    desk: str | None = None
    kind: LineKind | None = None
    place: Place = Place.ARRIVAL
    turn: int = 0
    language: str = "nb"
    misses: int = 0
    priority: Priority | None = None
    customer: str | None = None  # the customer's number
    agreement: str | None = None
    open_case: OpenCase | None = None  # that the caller was asked about
    ticket: TicketOfCall | None = None
    legs: tuple[Leg, ...] = ()
    round_start: int = 0  # legs before this one belong to an earlier round of ringing
    accepted_leg: int | None = None
    took_case: int | None = None  # the leg at which the ticket was taken without its caller
    unbridged: str | None = None  # the person who accepted but was never connected
    talked: bool = False
    told: bool = False  # heard a sentence that answers it, so that hanging up is no loss
    duty_told: tuple[str, ...] = ()  # persons who have had their SMS
    caller_told: bool = False  # the caller has had an SMS; one a call
    number_sent: bool = False  # and the ticket's number stood in it
    for_duty: bool = False  # confirmed as critical on the duty line
    wants_human: bool = False  # pressed 0: that never wakes the duty
    first_choice: str | None = None  # the person whom this round of ringing tries first
    hunting: bool = False  # ringing all at once came to nothing: ring in order
    message_seconds: int = 0
    heard_seconds: float = 0  # of sound in it, as far as that could be measured
    recording: str = ""  # of the caller's message
    round: int = 0  # which round of calls about its ticket this is; 0: a caller's call
    hung_up: bool = False
    ended_at: datetime | None = None

    def leg(self, leg_id: int) -> Leg | None:
        """Return the leg with this id, or None when this call has none such."""
        return next((leg for leg in self.legs if leg.id == leg_id), None)

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Return the legs whose end is not known yet."""
        return tuple(leg for leg in self.legs if leg.outcome is LegOutcome.RINGING)

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more can be said to the caller."""
        return self.ended_at is not None


# --- what can happen to a call: a closed set -------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """The call came in."""

    kind: Literal["arrived"] = "arrived"


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller answered a prompt with keys; none at all is silence."""

    digits: str = ""
    finished: bool = False  # ended with #
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The caller spoke after the tone, for so many seconds."""

    seconds: int
    recording: str = ""  # RecordingSid
    caller_gone: bool = False
    sound: float | None = None  # seconds of sound in it; None where it could not be measured
    by_lifeline: bool = False  # nobody had asked for it: something inside had failed
    rang_duty: bool = False  # by documents that decide nothing, while the house was away
    kind: Literal["recorded"] = "recorded"

    @property
    def heard(self) -> float:
        """Return the seconds that count as somebody speaking; unmeasured ones all do."""
        return self.seconds if self.sound is None else self.sound


@dataclass(frozen=True, slots=True)
class RingEnded:
    """Ringing is over: nobody answered, or a talk took place and has ended."""

    status: str  # the network's word: completed, busy, no-answer, failed, canceled
    bridged: bool | None = None
    leg_sid: str = ""
    caller_gone: bool = False
    kind: Literal["ring_ended"] = "ring_ended"


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """Somebody whom we rang lifted the receiver."""

    leg: int
    sid: str = ""
    kind: Literal["leg_answered"] = "leg_answered"


@dataclass(frozen=True, slots=True)
class LegPressed:
    """Somebody whom we rang pressed a key, or none (empty)."""

    leg: int
    key: str
    kind: Literal["leg_pressed"] = "leg_pressed"


@dataclass(frozen=True, slots=True)
class LegChanged:
    """The network tells how a leg fares; may come late, twice and out of order."""

    leg: int
    status: str  # initiated, ringing, in-progress, completed, busy, no-answer, failed, canceled
    sid: str = ""
    kind: Literal["leg_changed"] = "leg_changed"


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone, or the network ended the call."""

    status: str = "completed"
    kind: Literal["hung_up"] = "hung_up"


@dataclass(frozen=True, slots=True)
class RoundBegan:
    """The worker begins a round of calls about a ticket that nobody has accepted."""

    kind: Literal["round_began"] = "round_began"


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """Somebody has accepted the ticket elsewhere while a round about it rings."""

    name: str = ""
    kind: Literal["ticket_taken"] = "ticket_taken"


Event = (
    Arrived
    | Pressed
    | Recorded
    | RingEnded
    | LegAnswered
    | LegPressed
    | LegChanged
    | HungUp
    | RoundBegan
    | TicketTaken
)


def outcome_of(call: Call) -> CallOutcome:
    """Name how the call ended: the first outcome that fits (contract.md, Call outcomes)."""
    if call.talked:
        return CallOutcome.CONNECTED
    if call.ticket:
        return CallOutcome.MESSAGE if call.message_seconds >= 2 else CallOutcome.TICKET
    if call.told:
        return CallOutcome.INFORMED
    return CallOutcome.ABANDONED if call.hung_up else CallOutcome.FAILED
