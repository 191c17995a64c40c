"""A call from its first ring to its last callback: one that comes in, and one that the REST API
places. Each runs in a thread of its own.
"""

from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.calls.notices import StatusCallbacks, notify
from exchange.calls.participants import ParticipantHungUp
from exchange.calls.ringing import LOSSES, Telephone, ring, take_up, write_end
from exchange.config import NumberWebhooks
from exchange.documents.schema import DocumentKind
from exchange.error_codes import ErrorCode
from exchange.people.personas import Persona, Side
from exchange.product.webhooks import WebhookFailed
from exchange.records.calls import CallStatus, Direction
from exchange.records.signals import RedirectTarget, SignalKind
from exchange.records.transcript import Kind
from exchange.verbs.context import Ending, NextDocument
from exchange.verbs.run_document import run_document


@dataclass(frozen=True, slots=True)
class Order:
    """A call that the REST API wants placed, `delay` seconds from now: so many begin a second."""

    target: RedirectTarget
    notices: StatusCallbacks
    timeout: int
    persona: Persona
    delay: float = 0.0


def run_inbound(active_call: ActiveCall, doors: NumberWebhooks) -> None:
    """Runs a call that somebody makes to one of the product's numbers."""
    call = active_call.caller.call
    call.status = CallStatus.RINGING
    active_call.fallback_url, active_call.fallback_method = (
        doors.fallback_url,
        doors.fallback_method,
    )
    status = CallStatus.FAILED
    try:
        if doors.voice_url is not None and doors.trunk_sid is None:
            status = _walk_to_the_end(
                active_call, NextDocument(doors.voice_url, {}, doors.voice_method)
            )
    finally:
        _close(active_call, status, StatusCallbacks(doors.status_url))


def run_outbound(active_call: ActiveCall, order: Order) -> None:
    """Rings whoever the REST API wants rung and plays the document to who answers."""
    status = CallStatus.FAILED
    active_call.fallback_url = order.target.fallback_url
    try:
        answered = _ring(active_call, order)
        status = _after_answer(active_call, order) if answered is None else answered
    finally:
        _close(active_call, status, order.notices)


def _walk_to_the_end(active_call: ActiveCall, go: NextDocument) -> CallStatus:
    call = active_call.caller.call
    is_inbound = call.direction is Direction.INBOUND
    try:
        ending = run_document(active_call, active_call.caller, go, DocumentKind.CALL)
    except ParticipantHungUp:
        active_call.write(Kind.HANGS_UP, by="caller" if is_inbound else "callee")
        return CallStatus.COMPLETED if call.answered_at or is_inbound else CallStatus.CANCELED
    if ending is Ending.BROKEN and is_inbound:
        active_call.write(Kind.APPLICATION_ERROR)
    match ending:
        case Ending.REJECTED:
            return CallStatus.NO_ANSWER
        case Ending.BUSY:
            return CallStatus.BUSY
        case Ending.BROKEN if call.answered_at is None:
            return CallStatus.FAILED
        case _:
            return CallStatus.COMPLETED


def _ring(active_call: ActiveCall, order: Order) -> CallStatus | None:
    """The last status where nobody answered; None when somebody did."""
    try:
        active_call.wait_out(order.delay)
        ring(active_call, _telephone(active_call, order))
        deadline = (
            active_call.timeline.elapsed
            + order.timeout
            + active_call.network.config.dial_extra_seconds
        )
        while (
            signal := active_call.wait(deadline - active_call.timeline.elapsed, for_people=True)
        ) is not None:
            if signal.kind is SignalKind.ANSWER:
                return None
            if lost := LOSSES.get(signal.kind):
                return lost
    except ParticipantHungUp:
        return CallStatus.CANCELED
    return CallStatus.NO_ANSWER


def _telephone(active_call: ActiveCall, order: Order) -> Telephone:
    return Telephone(active_call.caller, order.persona, order.notices)


def _after_answer(active_call: ActiveCall, order: Order) -> CallStatus:
    persona, target = order.persona, order.target
    active_call.caller.answers.extend(persona.answers)
    take_up(active_call, _telephone(active_call, order))
    if persona.ends_talk is Side.CALLEE:
        active_call.caller.talk_hang_up = persona.talks
    else:
        active_call.caller.lets_talk = persona.talks
    return _walk_to_the_end(active_call, NextDocument(target.url, {}, target.method, target.twiml))


def _close(active_call: ActiveCall, status: CallStatus, notices: StatusCallbacks) -> None:
    call = active_call.caller.call
    active_call.end(call, status)
    if call.direction is Direction.OUTBOUND_API:
        write_end(active_call, call)
    active_call.write(
        Kind.ENDS, status=call.status.value, seconds=round(active_call.timeline.elapsed, 3)
    )
    active_call.deliver_late_requests()
    notify(active_call, call, notices, "completed")
    active_call.webhook_sender.finish()
    active_call.network.webhooks.close()
    call.settled.set()
    call.transcript.close()


def report_crash(active_call: ActiveCall, error: BaseException) -> None:
    """Writes down a mistake of the exchange itself, so that no test takes it for silence."""
    url = f"{type(error).__name__}: {error}"
    active_call.alert(WebhookFailed(ErrorCode.INTERNAL, url, "the exchange itself failed"))
