"""Walks through voice documents: asks for one, plays its verbs from top to bottom, goes where they
point. Falls back where the product fails, as the network does.
"""

from collections.abc import Sequence

from app.exchange.documents.attributes import DocumentError
from app.exchange.documents.read_document import read_document
from app.exchange.documents.schema import Room
from app.exchange.documents.verbs import (
    Dial,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)
from app.exchange.error_codes import Code
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Party, Redirected
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.transcript import Kind
from app.exchange.verbs.dial import dial
from app.exchange.verbs.dial_queue import dial_queue
from app.exchange.verbs.enqueue import enqueue
from app.exchange.verbs.gather import gather
from app.exchange.verbs.prompts import speak, time_prompts
from app.exchange.verbs.record import record
from app.exchange.verbs.steps import Ending, Go, Stage, Step

MAX_REDIRECTS = 10
# A first Pause delays the pick-up, a first Reject prevents it, Dial decides for itself; a Redirect
# plays nothing. Every other verb takes the receiver up.
_LEAVE_IT_RINGING = (Pause, Reject, Dial, Redirect)
_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html", "application/xhtml+xml"})


def walk(line: Line, party: Party, go: Go, room: Room) -> Ending:
    """Plays documents to a party until they end.

    Raises HungUp when a party leaves, and Redirected when the REST API moves the call of a leg's
    parent while a whisper or wait music is playing.
    """
    redirects, may_fall_back = 0, True
    while True:
        try:
            url, verbs = _open(line, party, go, room)
            step = _play(Stage(line, party, url, walk), verbs, room)
        except WebhookFailed as failed:
            if not may_fall_back or room is not Room.CALL or line.fallback_url is None:
                return Ending.BROKEN
            may_fall_back = False
            extra = {"ErrorCode": failed.code.value, "ErrorUrl": failed.url}
            step = Go(line.fallback_url, extra, line.fallback_method)
        except Redirected as moved:
            if room is not Room.CALL:
                raise
            step = _moved(line, moved)
        else:
            may_fall_back = True
        if isinstance(step, Ending):
            return step
        redirects = redirects + 1 if step.is_redirect else 0
        if redirects > MAX_REDIRECTS:
            line.alert(WebhookFailed(Code.TOO_MANY_REDIRECTS, step.url, "more than 10 redirects"))
            return Ending.BROKEN
        go = step


def _moved(line: Line, moved: Redirected) -> Go:
    target = moved.target
    line.fallback_url = target.fallback_url or line.fallback_url
    line.write(Kind.REDIRECTED, url=target.url or None)
    return Go(target.url, {}, target.method, target.twiml)


def _open(line: Line, party: Party, go: Go, room: Room) -> tuple[str, tuple[Verb, ...]]:
    if go.twiml:
        return go.url, _read(line, go.url, go.twiml.encode(), room)
    reply = line.ask(party, go.url, go.extra, go.method)
    if not reply.body.strip():
        raise _refused(line, reply.url, DocumentError(Code.PARSE, "an empty document"))
    if reply.content_type not in _XML_TYPES:
        wrong = DocumentError(Code.CONTENT_TYPE, f"type {reply.content_type!r}")
        raise _refused(line, reply.url, wrong)
    # The action of a verb resolves against the address that was asked, without its overrides.
    return reply.url, _read(line, reply.url, reply.body, room)


def _read(line: Line, url: str, body: bytes, room: Room) -> tuple[Verb, ...]:
    try:
        return read_document(body, room)
    except DocumentError as error:
        raise _refused(line, url, error) from error


def _refused(line: Line, url: str, error: DocumentError) -> WebhookFailed:
    failed = WebhookFailed(error.code, url, error.message)
    line.alert(failed)
    return failed


def _play(stage: Stage, verbs: Sequence[Verb], room: Room) -> Go | Ending:
    line, call = stage.line, stage.party.call
    for verb in verbs:
        if room is Room.CALL and not isinstance(verb, _LEAVE_IT_RINGING):
            line.answer(call)
        try:
            step = _perform(stage, verb)
        except DocumentError as error:
            raise _refused(line, stage.url, error) from error
        if room is Room.CALL and isinstance(verb, Pause):
            line.answer(call)
        if step is not None:
            return step
    return Ending.RAN_OUT


def _perform(stage: Stage, verb: Verb) -> Step:
    match verb:
        case Say() | Play() | Pause():
            timed = time_prompts(stage, (verb,))
            speak(stage.line, stage.party, timed, listening=False)
            return None
        case Gather():
            return gather(stage, verb)
        case Record():
            return record(stage, verb)
        case Dial(queue=DialQueue() as queue):
            return dial_queue(stage, verb, queue)
        case Dial():
            return dial(stage, verb)
        case Enqueue():
            return enqueue(stage, verb)
        case _:
            return _move(stage, verb)


def _move(stage: Stage, verb: Redirect | Reject | Hangup | Leave) -> Step:
    match verb:
        case Redirect():
            return Go(stage.absolute(verb.url), {}, verb.method, is_redirect=True)
        case Reject():
            return _reject(stage.line, stage.party, verb)
        case Hangup():
            return Ending.HUNG_UP
        case Leave():
            return Ending.LEFT


def _reject(line: Line, party: Party, verb: Reject) -> Ending:
    if party.call.answered_at is not None:
        return Ending.HUNG_UP
    line.write(Kind.REJECTED, reason=verb.reason)
    return Ending.BUSY if verb.reason == "busy" else Ending.REJECTED
