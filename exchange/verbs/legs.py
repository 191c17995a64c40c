"""The legs of a Dial: which numbers are dialled, and how each leg begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.calls.notices import StatusCallbacks, notify
from exchange.calls.participants import Participant
from exchange.calls.ringing import Telephone, ring, write_end
from exchange.documents.verbs import NumberNoun
from exchange.error_codes import ErrorCode
from exchange.identifiers import EMERGENCY, can_be_dialled, new_sid
from exchange.people.personas import Persona, Pickup
from exchange.product.webhooks import WebhookFailed
from exchange.records.calls import CallResource, CallStatus, Direction
from exchange.verbs.context import VerbContext


@dataclass(frozen=True, slots=True)
class DialLeg:
    """One telephone that a Dial rings, and what the document says about it."""

    phone: Telephone
    number: NumberNoun

    @property
    def call(self) -> CallResource:
        """The leg's own call record."""
        return self.phone.call


def place_legs(
    context: VerbContext, numbers: Sequence[NumberNoun], caller_id: str
) -> list[DialLeg]:
    """Rings each number that can be dialled; the others are written down as errors."""
    return [_place(context, n, caller_id) for n in numbers if _may_be_dialled(context, n.number)]


def _may_be_dialled(context: VerbContext, number: str) -> bool:
    if number in EMERGENCY:
        code, why = ErrorCode.DIAL_FORBIDDEN, "emergency numbers are never dialled"
    elif not can_be_dialled(number):
        code, why = ErrorCode.DIAL_NUMBER, f"not a number to dial: {number!r}"
    else:
        return True
    context.active_call.alert(WebhookFailed(code, context.url, why))
    return False


def _place(context: VerbContext, number: NumberNoun, caller_id: str) -> DialLeg:
    active_call = context.active_call
    persona = active_call.network.personas.take(number.number)
    call = active_call.network.calls.add(_call(active_call, number.number, caller_id, persona))
    participant = Participant(call, is_leg=True)
    participant.answers.extend(persona.answers)
    callback = context.absolute(number.status_callback) if number.status_callback else None
    notices = StatusCallbacks(callback, number.status_method, number.events)
    leg = DialLeg(Telephone(participant, persona, notices), number)
    active_call.join(participant)
    ring(active_call, leg.phone)
    return leg


def _call(active_call: ActiveCall, number: str, caller_id: str, persona: Persona) -> CallResource:
    parent = active_call.caller.call
    return CallResource(
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


def put_down(active_call: ActiveCall, leg: DialLeg, status: CallStatus) -> None:
    """The leg is over; does nothing when it already was."""
    if leg.call.status.is_over:
        return
    active_call.remove(leg.phone.participant)
    active_call.end(leg.call, status)
    write_end(active_call, leg.call)
    notify(active_call, leg.call, leg.phone.notices, "completed")
    leg.call.settled.set()
