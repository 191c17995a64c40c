"""A call from its first ring to its last callback: one that comes in, and one that the REST API
places. Each runs in a thread of its own.
"""

from dataclasses import dataclass

from app.exchange.config import Doors
from app.exchange.documents.schema import Room
from app.exchange.error_codes import Code
from app.exchange.lines.line import Line
from app.exchange.lines.parties import HungUp, Notices
from app.exchange.people.personas import Persona, Side
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.calls import Direction, Status
from app.exchange.records.signals import SignalKind, Target
from app.exchange.records.transcript import Kind
from app.exchange.verbs.legs import callee, plan_pickup
from app.exchange.verbs.steps import Ending, Go
from app.exchange.verbs.walk import walk


@dataclass(frozen=True, slots=True)
class Order:
    """A call that the REST API wants placed, `delay` seconds from now: so many begin a second."""

    target: Target
    notices: Notices
    timeout: int
    persona: Persona
    delay: float = 0.0


def run_inbound(line: Line, doors: Doors) -> None:
    """Runs a call that somebody makes to one of the product's numbers."""
    call = line.caller.call
    call.status = Status.RINGING
    line.fallback_url = doors.fallback_url
    status = Status.FAILED
    try:
        if doors.voice_url is not None:
            status = _walk_to_the_end(line, Go(doors.voice_url))
    finally:
        _close(line, status, Notices(doors.status_url))


def run_outbound(line: Line, order: Order) -> None:
    """Rings whoever the REST API wants rung and plays the document to who answers."""
    status = Status.FAILED
    line.fallback_url = order.target.fallback_url
    try:
        answered = _ring(line, order)
        status = _after_answer(line, order) if answered is None else answered
    finally:
        _close(line, status, order.notices)


def _walk_to_the_end(line: Line, go: Go) -> Status:
    call = line.caller.call
    try:
        ending = walk(line, line.caller, go, Room.CALL)
    except HungUp:
        line.write(Kind.HANGS_UP, by="caller" if call.direction is Direction.INBOUND else "callee")
        return Status.COMPLETED if call.answered_at or _is_inbound(line) else Status.CANCELED
    match ending:
        case Ending.REJECTED:
            return Status.NO_ANSWER
        case Ending.BUSY:
            return Status.BUSY
        case Ending.BROKEN if call.answered_at is None:
            return Status.FAILED
        case _:
            return Status.COMPLETED


def _is_inbound(line: Line) -> bool:
    return line.caller.call.direction is Direction.INBOUND


def _ring(line: Line, order: Order) -> Status | None:
    """The last status where nobody answered; None when somebody did."""
    call = line.caller.call
    try:
        line.wait_out(order.delay)
    except HungUp:
        return Status.CANCELED
    for status, event in ((Status.INITIATED, "initiated"), (Status.RINGING, "ringing")):
        call.status = status
        line.notify(call, order.notices, event)
    line.write(
        Kind.RINGS,
        number=call.called,
        leg=call.sid,
        persona=order.persona.name,
        caller_id=call.caller,
    )
    plan_pickup(line, line.caller, order.persona)
    deadline = line.timeline.elapsed + order.timeout + line.office.config.dial_extra_seconds
    try:
        while (signal := line.wait(deadline - line.timeline.elapsed)) is not None:
            if signal.kind is SignalKind.ANSWER:
                return None
            if lost := _LOSSES.get(signal.kind):
                return lost
    except HungUp:
        return Status.CANCELED
    return Status.NO_ANSWER


_LOSSES = {
    SignalKind.BUSY: Status.BUSY,
    SignalKind.DECLINE: Status.BUSY,
    SignalKind.FAIL: Status.FAILED,
}


def _after_answer(line: Line, order: Order) -> Status:
    call = line.caller.call
    line.caller.answers = callee(call, order.persona).answers
    line.answer(call)
    line.write(Kind.LEG_ANSWERS, leg=call.sid, number=call.called)
    line.notify(call, order.notices, "answered")
    if order.persona.stays is not None:
        line.plan_signal(line.caller, SignalKind.HANG_UP, order.persona.stays)
    if order.persona.ends_talk is Side.CALLEE:
        line.caller.talk_hang_up = order.persona.talks
    else:
        line.caller.lets_talk = order.persona.talks
    target = order.target
    return _walk_to_the_end(line, Go(target.url, {}, target.method, target.twiml))


def _close(line: Line, status: Status, notices: Notices) -> None:
    call = line.caller.call
    line.end(call, status)
    if call.direction is Direction.OUTBOUND_API:
        line.write(
            Kind.LEG_END,
            leg=call.sid,
            number=call.called,
            status=call.status.value,
            seconds=call.duration,
        )
    line.write(Kind.ENDS, status=call.status.value, seconds=round(line.timeline.elapsed, 3))
    line.deliver_stragglers()
    line.notify(call, notices, "completed")
    line.courier.finish()
    line.office.webhooks.close()
    call.settled.set()
    call.transcript.close()


def report_crash(line: Line, error: BaseException) -> None:
    """Writes down a mistake of the exchange itself, so that no test takes it for silence."""
    url = f"{type(error).__name__}: {error}"
    line.alert(WebhookFailed(Code.INTERNAL, url, "the exchange itself failed"))
