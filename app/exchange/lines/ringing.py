"""A telephone that is rung by the network: it rings, is taken up or lost, and is put down."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.exchange.lines.line import Line
from app.exchange.lines.notices import Notices, notify
from app.exchange.lines.parties import Party
from app.exchange.people.personas import Persona, Pickup
from app.exchange.records.calls import Call, Status
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind

LOSSES: Mapping[SignalKind, Status] = {
    SignalKind.BUSY: Status.BUSY,
    SignalKind.DECLINE: Status.BUSY,
    SignalKind.FAIL: Status.FAILED,
}
# Whoever never answers, or is a human being and decides by hand, has nothing planned.
_PICKUPS: Mapping[Pickup, SignalKind] = {
    Pickup.ANSWERS: SignalKind.ANSWER,
    Pickup.BUSY: SignalKind.BUSY,
    Pickup.FAILED: SignalKind.FAIL,
}


@dataclass(frozen=True, slots=True)
class Telephone:
    """Who is rung, with what manners, and where the callbacks go."""

    party: Party
    persona: Persona
    notices: Notices

    @property
    def call(self) -> Call:
        """Its own call record."""
        return self.party.call


def ring(line: Line, phone: Telephone) -> None:
    """Lets it ring, and plans what becomes of that."""
    for status, event in ((Status.INITIATED, "initiated"), (Status.RINGING, "ringing")):
        phone.call.status = status
        notify(line, phone.call, phone.notices, event)
    line.write(
        Kind.RINGS,
        number=phone.call.called,
        leg=phone.call.sid,
        persona=phone.persona.name,
        caller_id=phone.call.caller,
    )
    kind = _PICKUPS.get(phone.persona.pickup)
    if kind is not None:
        line.plan_signal(phone.party, kind, phone.persona.rings)


def take_up(line: Line, phone: Telephone) -> None:
    """It is answered; one who does not stay will hang up."""
    line.answer(phone.call)
    line.write(Kind.LEG_ANSWERS, leg=phone.call.sid, number=phone.call.called)
    notify(line, phone.call, phone.notices, "answered")
    if phone.persona.stays is not None:
        line.plan_signal(phone.party, SignalKind.HANG_UP, phone.persona.stays)


def write_end(line: Line, call: Call) -> None:
    """Writes down how a call that rang a telephone has ended."""
    line.write(
        Kind.LEG_END,
        leg=call.sid,
        number=call.called,
        status=call.status.value,
        seconds=call.duration,
    )
