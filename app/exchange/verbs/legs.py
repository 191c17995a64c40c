"""The legs of a Dial: placing them, what their telephones do, and how each one ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from app.exchange.documents.verbs import Number
from app.exchange.error_codes import Code
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Notices, Party
from app.exchange.people.personas import Persona, Pickup
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.calls import Call, Direction, Status, new_sid
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind

EMERGENCY = frozenset({"110", "112", "113", "+47110", "+47112", "+47113"})
_DIALABLE = re.compile(r"\+[1-9]\d{4,14}")


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone that rings, who sits at it, and where its callbacks go."""

    party: Party
    persona: Persona
    number: Number
    notices: Notices
    page_url: str

    @property
    def call(self) -> Call:
        """The leg's own call record."""
        return self.party.call


def place_legs(line: Line, numbers: Sequence[Number], caller_id: str, url: str) -> list[Leg]:
    """Places a leg for each number that can be dialled; the others are written down as errors."""
    return [
        _place(line, n, caller_id, url) for n in numbers if _may_be_dialled(line, n.number, url)
    ]


def _may_be_dialled(line: Line, number: str, url: str) -> bool:
    if number in EMERGENCY:
        line.alert(WebhookFailed(Code.DIAL_FORBIDDEN, url, "emergency numbers are never dialled"))
        return False
    if not _DIALABLE.fullmatch(number):
        line.alert(WebhookFailed(Code.DIAL_NUMBER, url, f"not a number to dial: {number!r}"))
        return False
    return True


def _place(line: Line, number: Number, caller_id: str, url: str) -> Leg:
    parent = line.caller.call
    persona = line.office.personas.take(number.number)
    call = Call(
        sid=new_sid("CA"),
        account_sid=parent.account_sid,
        caller=caller_id,
        called=number.number,
        direction=Direction.OUTBOUND_DIAL,
        created=line.timeline.moment(),
        mailbox=parent.mailbox,
        transcript=parent.transcript,
        parent_sid=parent.sid,
        is_live=persona.pickup is Pickup.HUMAN,
    )
    line.office.calls.add(call)
    party = callee(call, persona)
    callback = urljoin(url, number.status_callback) if number.status_callback else None
    notices = Notices(callback, number.status_method, number.events)
    leg = Leg(party, persona, number, notices, url)
    _ring(line, leg)
    return leg


def callee(call: Call, persona: Persona) -> Party:
    """Somebody with a persona, at the telephone that rings."""
    party = Party(call, is_leg=call.direction is Direction.OUTBOUND_DIAL)
    party.answers.extend(persona.answers)
    return party


def _ring(line: Line, leg: Leg) -> None:
    line.join(leg.party)
    for status, event in ((Status.INITIATED, "initiated"), (Status.RINGING, "ringing")):
        leg.call.status = status
        line.notify(leg.call, leg.notices, event)
    line.write(
        Kind.RINGS,
        number=leg.call.called,
        leg=leg.call.sid,
        persona=leg.persona.name,
        caller_id=leg.call.caller,
    )
    plan_pickup(line, leg.party, leg.persona)


def plan_pickup(line: Line, party: Party, persona: Persona) -> None:
    """Plans what becomes of the ringing: nothing for one who never answers or decides by hand."""
    kinds = {
        Pickup.ANSWERS: SignalKind.ANSWER,
        Pickup.BUSY: SignalKind.BUSY,
        Pickup.FAILED: SignalKind.FAIL,
    }
    kind = kinds.get(persona.pickup)
    if kind is not None:
        line.plan_signal(party, kind, persona.rings)


def take_up(line: Line, leg: Leg) -> None:
    """The leg answers."""
    line.answer(leg.call)
    line.write(Kind.LEG_ANSWERS, leg=leg.call.sid, number=leg.call.called)
    line.notify(leg.call, leg.notices, "answered")
    if leg.persona.stays is not None:
        line.plan_signal(leg.party, SignalKind.HANG_UP, leg.persona.stays)


def put_down(line: Line, leg: Leg, status: Status) -> None:
    """The leg is over; does nothing when it already was."""
    if leg.call.status.is_over:
        return
    line.part(leg.party)
    line.end(leg.call, status)
    line.write(
        Kind.LEG_END,
        leg=leg.call.sid,
        number=leg.call.called,
        status=status.value,
        seconds=leg.call.duration,
    )
    line.notify(leg.call, leg.notices, "completed")
    leg.call.settled.set()
