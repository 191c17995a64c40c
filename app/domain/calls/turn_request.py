"""One event of a call or a call-out as it was asked about: made once, by the webhook."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.callouts.call_out import CallOutEvent, CallOutPutOff, TicketAcknowledged
from app.domain.calls.call import Arrived, Event, HungUp, Recorded
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.numbers import Number, parse_number
from app.domain.tickets.ticket import RingAgain

CALLERS_LEG: Final = 0  # every other leg is somebody whom we rang


@dataclass(frozen=True, slots=True)
class TurnKey:
    """What makes a turn once only: a leg, and the caller's turn number or what happened there."""

    leg: int
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is: for the call, and in reality. They differ in the local exchange."""

    now: datetime
    real: datetime
    is_past: bool = False  # it happened then, and is told only now: the call keeps real time

    @property
    def offset(self) -> timedelta:
        """Return the call's time less real time."""
        return timedelta(0) if self.is_past else self.now - self.real


@dataclass(frozen=True, slots=True)
class ClockReading:
    """When a request came in. Only the local exchange, and what is past, says `moment`."""

    real: datetime
    moment: datetime | None = None
    is_past: bool = False

    def at(self, offset: timedelta) -> Moment:
        """Return when that is for a call whose time differs so much from real time."""
        return Moment(self.moment or self.real + offset, self.real, self.is_past)


@dataclass(frozen=True, slots=True)
class Dialled:
    """What a call that comes in says of itself: the line that was dialled, and who calls."""

    line: str
    caller: Number

    @property
    def digits(self) -> str:
        """Return the line as desks name theirs."""
        return parse_number(self.line).digits or self.line


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One event, the turn that it is, and when. With `dialled` an unknown call can begin."""

    call: str
    event: Event | CallOutEvent
    key: TurnKey
    clock: ClockReading
    dialled: Dialled | None = None

    @property
    def number(self) -> int | None:
        """Return the number of the caller's turn; None for every other event."""
        is_callers = self.key.leg == CALLERS_LEG and self.key.name.isdecimal()
        return int(self.key.name) if is_callers else None

    @property
    def may_be_known_elsewhere(self) -> bool:
        """Tell whether another host may know of the call: a caller's own turn begins anew here."""
        return self.key.leg != CALLERS_LEG or isinstance(self.event, HungUp)

    def as_arrival(self, dialled: Dialled) -> "TurnRequest":
        """Return the request by which a call begins anew, at the turn that it has come to."""
        return replace(self, event=Arrived(), dialled=dialled)


def arrival(call: str, dialled: Dialled, clock: ClockReading, turn: int = 0) -> TurnRequest:
    """A call comes in; at a later turn one that is not known begins anew."""
    return TurnRequest(call, Arrived(), TurnKey(CALLERS_LEG, str(turn)), clock, dialled)


def callers_turn(call: str, turn: int, event: Event, clock: ClockReading) -> TurnRequest:
    """The caller did something on a turn."""
    return TurnRequest(call, event, TurnKey(CALLERS_LEG, str(turn)), clock)


def leg_turn(
    call: str, event: LegEvent, clock: ClockReading, heard: int | None = None
) -> TurnRequest:
    """Something happened at somebody whom we rang.

    `heard` is how often they had heard the whisper when they pressed a key; without
    it a repeated key is decided anew, which changes nothing but the whisper's count.
    """
    return TurnRequest(call, event, TurnKey(event.leg, _leg_key(event, heard)), clock)


def hang_up(call: str, clock: ClockReading, status: str = "completed") -> TurnRequest:
    """The caller is gone."""
    return TurnRequest(call, HungUp(status), TurnKey(CALLERS_LEG, "hung_up"), clock)


def message_left(call: str, message: Recorded, clock: ClockReading) -> TurnRequest:
    """The caller left a message with the lifeline."""
    spoken = replace(message, by_lifeline=True)
    return TurnRequest(call, spoken, TurnKey(CALLERS_LEG, "by_lifeline"), clock)


def acknowledged_elsewhere(call: str, name: str, clock: ClockReading) -> TurnRequest:
    """Somebody has accepted the ticket of this call-out elsewhere."""
    return TurnRequest(call, TicketAcknowledged(name), TurnKey(CALLERS_LEG, "taken"), clock)


def put_off(call: str, name: str, asked: RingAgain, clock: ClockReading) -> TurnRequest:
    """Somebody on duty is rung again later, and not in this call-out."""
    key = TurnKey(CALLERS_LEG, f"put_off {asked.person}")
    return TurnRequest(call, CallOutPutOff(name, asked), key, clock)


def _leg_key(event: LegEvent, heard: int | None) -> str:
    match event:
        case LegAnswered():
            return "answered"
        case LegChanged(status=status):
            return f"status {status}"
        case LegPressed():
            return "pressed" if heard is None else f"pressed {heard}"
