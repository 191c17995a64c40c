"""The legs of a Dial: which numbers are dialled, and how each leg begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.calls.notices import StatusCallbacks, notify
from exchange.calls.participants import Participant
from exchange.calls.ringing import Telephone, ring, write_end
from exchange.documents.verbs import Number
from exchange.error_codes import Code
from exchange.identifiers import EMERGENCY, can_be_dialled, new_sid
from exchange.people.personas import Persona, Pickup
from exchange.product.webhooks import WebhookFailed
from exchange.records.calls import Call, Direction, Status
from exchange.verbs.context import VerbContext


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone that a Dial rings, and what the document says about it."""

    phone: Telephone
    number: Number

    @property
    def call(self) -> Call:
        """The leg's own call record."""
        return self.phone.call


def place_legs(context: VerbContext, numbers: Sequence[Number], caller_id: str) -> list[Leg]:
    """Rings each number that can be dialled; the others are written down as errors."""
    return [_place(context, n, caller_id) for n in numbers if _may_be_dialled(context, n.number)]


def _may_be_dialled(context: VerbContext, number: str) -> bool:
    if number in EMERGENCY:
        code, why = Code.DIAL_FORBIDDEN, "emergency numbers are never dialled"
    elif not can_be_dialled(number):
        code, why = Code.DIAL_NUMBER, f"not a number to dial: {number!r}"
    else:
        return True
    context.active_call.alert(WebhookFailed(code, context.url, why))
    return False


def _place(context: VerbContext, number: Number, caller_id: str) -> Leg:
    active_call = context.active_call
    persona = active_call.network.personas.take(number.number)
    call = active_call.network.calls.add(_call(active_call, number.number, caller_id, persona))
    participant = Participant(call, is_leg=True)
    participant.answers.extend(persona.answers)
    callback = context.absolute(number.status_callback) if number.status_callback else None
    notices = StatusCallbacks(callback, number.status_method, number.events)
    leg = Leg(Telephone(participant, persona, notices), number)
    active_call.join(participant)
    ring(active_call, leg.phone)
    return leg


def _call(active_call: ActiveCall, number: str, caller_id: str, persona: Persona) -> Call:
    parent = active_call.caller.call
    return Call(
        sid=new_sid("CA"),
        account_sid=parent.account_sid,
        caller=caller_id,
        called=number,
        direction=Direction.OUTBOUND_DIAL,
        created=active_call.timeline.moment(),
        mailbox=parent.mailbox,
        transcript=parent.transcript,
        parent_sid=parent.sid,
        is_live=persona.pickup is Pickup.HUMAN,
    )


def put_down(active_call: ActiveCall, leg: Leg, status: Status) -> None:
    """The leg is over; does nothing when it already was."""
    if leg.call.status.is_over:
        return
    active_call.remove(leg.phone.participant)
    active_call.end(leg.call, status)
    write_end(active_call, leg.call)
    notify(active_call, leg.call, leg.phone.notices, "completed")
    leg.call.settled.set()
