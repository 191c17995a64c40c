"""Answers a voice webhook: the turn's decision as TwiML, or the lifeline instead."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Response, request

from app import clock
from app.actions.calls.answer import Answer
from app.domain.calls.turn_request import ClockReading, Dialled
from app.domain.hunts.instructions import CallCaller, Instruction, Whisper
from app.gateways.twilio import inbound
from app.gateways.twilio.inbound import InboundPost
from app.gateways.twilio.twiml import RenderContext, render
from app.store import DatabaseUnavailable
from app.web.metrics import LIFELINES
from app.web.services import WebServices, current_services
from app.web.twilio.message_audio import message_address
from app.web.twilio.request_validation import xml

log = structlog.get_logger(__name__)

# What a turn comes to: an answer, an instruction that needs no call, or nothing to say.
TurnOutcome = Answer | Instruction | None

NO_ZONE = "UTC"  # of a line that no desk has; no time is said there


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One post to a webhook: who it is about, and when."""

    services: WebServices
    post: InboundPost
    clock: ClockReading  # its moment is from the local exchange only

    @property
    def dialled(self) -> Dialled:
        """Return what was dialled, and by whom."""
        return Dialled(self.post.to, self.post.caller)


def read_webhook() -> WebhookRequest:
    """Read the post that is being answered; UnreadableForm without what every post has."""
    services = current_services()
    post = inbound.read_post(request.form)
    moment = inbound.read_moment(request.form) if services.settings.vakt_exchange else None
    return WebhookRequest(services, post, ClockReading(services.clock.now(), moment))


def turn_response(
    webhook: WebhookRequest, work: Callable[[], TurnOutcome], otherwise: Callable[[], str]
) -> Response:
    """Answer what the work decided; when anything fails in it, what the lifeline says."""
    try:
        return xml(render_answer(webhook.services, work()))
    except Exception as trouble:  # whatever it is, somebody is listening
        door = request.endpoint or ""
        is_known = isinstance(trouble, DatabaseUnavailable)  # its words are enough
        log.error(
            "lifeline",
            door=door,
            call_sid=webhook.post.call_sid,
            error=str(trouble),
            exc_info=None if is_known else trouble,
        )
        LIFELINES.labels(door).inc()
        return xml(otherwise())


def render_answer(services: WebServices, answer: TurnOutcome) -> str | None:
    """Write an answer as a voice document; None where there is nothing to say."""
    if answer is None:
        return None
    if not isinstance(answer, Answer):
        return render(answer, RenderContext("", 0, "", services.speech(clock.now(), NO_ZONE)))
    held, instruction = answer.held, answer.instruction
    leg = held.leg(instruction.leg) if isinstance(instruction, Whisper | CallCaller) else None
    setting = RenderContext(
        call_sid=held.sid,
        next_turn=answer.turn + 1,
        caller_id=held.line,
        speech=services.speech(answer.now, answer.desk.time_zone if answer.desk else NO_ZONE),
        heard=leg.heard if leg else 0,
        message=message_address(services, answer),
    )
    return render(instruction, setting)
