"""A call from its first ring to its last callback: one that comes in, and one that the REST API
places. Each runs in a thread of its own.
"""

from dataclasses import dataclass

from app.exchange.config import Doors
from app.exchange.documents.schema import Room
from app.exchange.error_codes import Code
from app.exchange.lines.line import Line
from app.exchange.lines.notices import Notices, notify
from app.exchange.lines.parties import HungUp
from app.exchange.lines.ringing import LOSSES, Telephone, ring, take_up, write_end
from app.exchange.people.personas import Persona, Side
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.calls import Direction, Status
from app.exchange.records.signals import SignalKind, Target
from app.exchange.records.transcript import Kind
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
    line.fallback_url, line.fallback_method = doors.fallback_url, doors.fallback_method
    status = Status.FAILED
    try:
        if doors.voice_url is not None and doors.trunk_sid is None:
            status = _walk_to_the_end(line, Go(doors.voice_url, {}, doors.voice_method))
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
    is_inbound = call.direction is Direction.INBOUND
    try:
        ending = walk(line, line.caller, go, Room.CALL)
    except HungUp:
        line.write(Kind.HANGS_UP, by="caller" if is_inbound else "callee")
        return Status.COMPLETED if call.answered_at or is_inbound else Status.CANCELED
    if ending is Ending.BROKEN and is_inbound:
        line.write(Kind.APPLICATION_ERROR)
    match ending:
        case Ending.REJECTED:
            return Status.NO_ANSWER
        case Ending.BUSY:
            return Status.BUSY
        case Ending.BROKEN if call.answered_at is None:
            return Status.FAILED
        case _:
            return Status.COMPLETED


def _ring(line: Line, order: Order) -> Status | None:
    """The last status where nobody answered; None when somebody did."""
    try:
        line.wait_out(order.delay)
        ring(line, _telephone(line, order))
        deadline = line.timeline.elapsed + order.timeout + line.office.config.dial_extra_seconds
        while (signal := line.wait(deadline - line.timeline.elapsed)) is not None:
            if signal.kind is SignalKind.ANSWER:
                return None
            if lost := LOSSES.get(signal.kind):
                return lost
    except HungUp:
        return Status.CANCELED
    return Status.NO_ANSWER


def _telephone(line: Line, order: Order) -> Telephone:
    return Telephone(line.caller, order.persona, order.notices)


def _after_answer(line: Line, order: Order) -> Status:
    persona, target = order.persona, order.target
    line.caller.answers.extend(persona.answers)
    take_up(line, _telephone(line, order))
    if persona.ends_talk is Side.CALLEE:
        line.caller.talk_hang_up = persona.talks
    else:
        line.caller.lets_talk = persona.talks
    return _walk_to_the_end(line, Go(target.url, {}, target.method, target.twiml))


def _close(line: Line, status: Status, notices: Notices) -> None:
    call = line.caller.call
    line.end(call, status)
    if call.direction is Direction.OUTBOUND_API:
        write_end(line, call)
    line.write(Kind.ENDS, status=call.status.value, seconds=round(line.timeline.elapsed, 3))
    line.deliver_stragglers()
    notify(line, call, notices, "completed")
    line.courier.finish()
    line.office.webhooks.close()
    call.settled.set()
    call.transcript.close()


def report_crash(line: Line, error: BaseException) -> None:
    """Writes down a mistake of the exchange itself, so that no test takes it for silence."""
    url = f"{type(error).__name__}: {error}"
    line.alert(WebhookFailed(Code.INTERNAL, url, "the exchange itself failed"))
