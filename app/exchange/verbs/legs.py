"""The legs of a Dial: which numbers are dialled, and how each leg begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.exchange.documents.verbs import Number
from app.exchange.error_codes import Code
from app.exchange.identifiers import EMERGENCY, can_be_dialled, new_sid
from app.exchange.lines.line import Line
from app.exchange.lines.notices import Notices, notify
from app.exchange.lines.parties import Party
from app.exchange.lines.ringing import Telephone, ring, write_end
from app.exchange.people.personas import Persona, Pickup
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.calls import Call, Direction, Status
from app.exchange.verbs.steps import Stage


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone that a Dial rings, and what the document says about it."""

    phone: Telephone
    number: Number

    @property
    def call(self) -> Call:
        """The leg's own call record."""
        return self.phone.call


def place_legs(stage: Stage, numbers: Sequence[Number], caller_id: str) -> list[Leg]:
    """Rings each number that can be dialled; the others are written down as errors."""
    return [_place(stage, n, caller_id) for n in numbers if _may_be_dialled(stage, n.number)]


def _may_be_dialled(stage: Stage, number: str) -> bool:
    if number in EMERGENCY:
        code, why = Code.DIAL_FORBIDDEN, "emergency numbers are never dialled"
    elif not can_be_dialled(number):
        code, why = Code.DIAL_NUMBER, f"not a number to dial: {number!r}"
    else:
        return True
    stage.line.alert(WebhookFailed(code, stage.url, why))
    return False


def _place(stage: Stage, number: Number, caller_id: str) -> Leg:
    line = stage.line
    persona = line.office.personas.take(number.number)
    call = line.office.calls.add(_call(line, number.number, caller_id, persona))
    party = Party(call, is_leg=True)
    party.answers.extend(persona.answers)
    callback = stage.absolute(number.status_callback) if number.status_callback else None
    notices = Notices(callback, number.status_method, number.events)
    leg = Leg(Telephone(party, persona, notices), number)
    line.join(party)
    ring(line, leg.phone)
    return leg


def _call(line: Line, number: str, caller_id: str, persona: Persona) -> Call:
    parent = line.caller.call
    return Call(
        sid=new_sid("CA"),
        account_sid=parent.account_sid,
        caller=caller_id,
        called=number,
        direction=Direction.OUTBOUND_DIAL,
        created=line.timeline.moment(),
        mailbox=parent.mailbox,
        transcript=parent.transcript,
        parent_sid=parent.sid,
        is_live=persona.pickup is Pickup.HUMAN,
    )


def put_down(line: Line, leg: Leg, status: Status) -> None:
    """The leg is over; does nothing when it already was."""
    if leg.call.status.is_over:
        return
    line.part(leg.phone.party)
    line.end(leg.call, status)
    write_end(line, leg.call)
    notify(line, leg.call, leg.phone.notices, "completed")
    leg.call.settled.set()
