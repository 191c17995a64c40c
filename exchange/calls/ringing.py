"""A telephone that is rung by the network: it rings, is taken up or lost, and is put down."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.calls.notices import StatusCallbacks, notify
from exchange.calls.participants import Participant
from exchange.people.personas import Persona, Pickup
from exchange.records.calls import CallResource, CallStatus
from exchange.records.signals import SignalKind
from exchange.records.transcript import Kind

LOSSES: Mapping[SignalKind, CallStatus] = {
    SignalKind.BUSY: CallStatus.BUSY,
    SignalKind.DECLINE: CallStatus.BUSY,
    SignalKind.FAIL: CallStatus.FAILED,
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

    participant: Participant
    persona: Persona
    notices: StatusCallbacks

    @property
    def call(self) -> CallResource:
        """Its own call record."""
        return self.participant.call


def ring(active_call: ActiveCall, phone: Telephone) -> None:
    """Lets it ring, and plans what becomes of that."""
    for status, event in ((CallStatus.INITIATED, "initiated"), (CallStatus.RINGING, "ringing")):
        phone.call.status = status
        notify(active_call, phone.call, phone.notices, event)
    active_call.write(
        Kind.RINGS,
        number=phone.call.called,
        leg=phone.call.sid,
        persona=phone.persona.name,
        caller_id=phone.call.caller,
    )
    kind = _PICKUPS.get(phone.persona.pickup)
    if kind is not None:
        active_call.plan_signal(phone.participant, kind, phone.persona.rings)


def take_up(active_call: ActiveCall, phone: Telephone) -> None:
    """It is answered; one who does not stay will hang up."""
    active_call.answer(phone.call)
    active_call.write(Kind.LEG_ANSWERS, leg=phone.call.sid, number=phone.call.called)
    notify(active_call, phone.call, phone.notices, "answered")
    if phone.persona.stays is not None:
        active_call.plan_signal(phone.participant, SignalKind.HANG_UP, phone.persona.stays)


def write_end(active_call: ActiveCall, call: CallResource) -> None:
    """Writes down how a call that rang a telephone has ended."""
    active_call.write(
        Kind.LEG_END,
        leg=call.sid,
        number=call.called,
        status=call.status.value,
        seconds=call.duration,
    )
