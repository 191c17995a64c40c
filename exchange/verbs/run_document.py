"""Walks through voice documents: asks for one, plays its verbs from top to bottom, goes where they
point. Falls back where the product fails, as the network does.
"""

from collections.abc import Sequence

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant, Redirected
from exchange.documents.attributes import DocumentError
from exchange.documents.read_document import read_document
from exchange.documents.schema import DocumentKind
from exchange.documents.verbs import (
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
from exchange.error_codes import ErrorCode
from exchange.product.webhooks import WebhookFailed
from exchange.records.transcript import Kind
from exchange.verbs.context import Ending, NextDocument, Step, VerbContext
from exchange.verbs.dial import dial
from exchange.verbs.dial_queue import dial_queue
from exchange.verbs.enqueue import enqueue
from exchange.verbs.gather import gather
from exchange.verbs.prompts import speak, time_prompts
from exchange.verbs.record import record

MAX_REDIRECTS = 10
# A first Pause delays the pick-up, a first Reject prevents it, Dial decides for itself; a Redirect
# plays nothing. Every other verb takes the receiver up.
_LEAVE_IT_RINGING = (Pause, Reject, Dial, Redirect)
_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html", "application/xhtml+xml"})


def run_document(
    active_call: ActiveCall, participant: Participant, go: NextDocument, document_kind: DocumentKind
) -> Ending:
    """Plays documents to a participant until they end.

    Raises HungUp when somebody leaves, and Redirected when the REST API moves the call of a leg's
    parent while a whisper or wait music is playing.
    """
    redirects, may_fall_back = 0, True
    while True:
        try:
            url, verbs = _open(active_call, participant, go, document_kind)
            step = _play(
                VerbContext(active_call, participant, url, run_document), verbs, document_kind
            )
        except WebhookFailed as failed:
            if (
                not may_fall_back
                or document_kind is not DocumentKind.CALL
                or active_call.fallback_url is None
            ):
                return Ending.BROKEN
            may_fall_back = False
            extra = {"ErrorCode": failed.code.value, "ErrorUrl": failed.url}
            step = NextDocument(active_call.fallback_url, extra, active_call.fallback_method)
        except Redirected as moved:
            if document_kind is not DocumentKind.CALL:
                raise
            step = _moved(active_call, moved)
        else:
            may_fall_back = True
        if isinstance(step, Ending):
            return step
        redirects = redirects + 1 if step.is_redirect else 0
        if redirects > MAX_REDIRECTS:
            active_call.alert(
                WebhookFailed(ErrorCode.TOO_MANY_REDIRECTS, step.url, "more than 10 redirects")
            )
            return Ending.BROKEN
        go = step


def _moved(active_call: ActiveCall, moved: Redirected) -> NextDocument:
    target = moved.target
    active_call.fallback_url = target.fallback_url or active_call.fallback_url
    active_call.write(Kind.REDIRECTED, url=target.url or None)
    return NextDocument(target.url, {}, target.method, target.twiml)


def _open(
    active_call: ActiveCall, participant: Participant, go: NextDocument, document_kind: DocumentKind
) -> tuple[str, tuple[Verb, ...]]:
    if go.twiml:
        return go.url, _read(active_call, go.url, go.twiml.encode(), document_kind)
    reply = active_call.ask(participant, go.url, go.extra, go.method)
    if not reply.body.strip():
        raise _refused(active_call, reply.url, DocumentError(ErrorCode.PARSE, "an empty document"))
    if reply.content_type not in _XML_TYPES:
        wrong = DocumentError(ErrorCode.CONTENT_TYPE, f"type {reply.content_type!r}")
        raise _refused(active_call, reply.url, wrong)
    # The action of a verb resolves against the address that was asked, without its overrides.
    return reply.url, _read(active_call, reply.url, reply.body, document_kind)


def _read(
    active_call: ActiveCall, url: str, body: bytes, document_kind: DocumentKind
) -> tuple[Verb, ...]:
    try:
        return read_document(body, document_kind)
    except DocumentError as error:
        raise _refused(active_call, url, error) from error


def _refused(active_call: ActiveCall, url: str, error: DocumentError) -> WebhookFailed:
    failed = WebhookFailed(error.code, url, error.message)
    active_call.alert(failed)
    return failed


def _play(
    context: VerbContext, verbs: Sequence[Verb], document_kind: DocumentKind
) -> NextDocument | Ending:
    active_call, call = context.active_call, context.participant.call
    for verb in verbs:
        if document_kind is DocumentKind.CALL and not isinstance(verb, _LEAVE_IT_RINGING):
            active_call.answer(call)
        try:
            step = _perform(context, verb)
        except DocumentError as error:
            raise _refused(active_call, context.url, error) from error
        if document_kind is DocumentKind.CALL and isinstance(verb, Pause):
            active_call.answer(call)
        if step is not None:
            return step
    return Ending.RAN_OUT


def _perform(context: VerbContext, verb: Verb) -> Step:
    match verb:
        case Say() | Play() | Pause():
            timed = time_prompts(context, (verb,))
            speak(context.active_call, context.participant, timed, listening=False)
            return None
        case Gather():
            return gather(context, verb)
        case Record():
            return record(context, verb)
        case Dial(queue=DialQueue() as queue):
            return dial_queue(context, verb, queue)
        case Dial():
            return dial(context, verb)
        case Enqueue():
            return enqueue(context, verb)
        case _:
            return _move(context, verb)


def _move(context: VerbContext, verb: Redirect | Reject | Hangup | Leave) -> Step:
    match verb:
        case Redirect():
            return NextDocument(context.absolute(verb.url), {}, verb.method, is_redirect=True)
        case Reject():
            return _reject(context.active_call, context.participant, verb)
        case Hangup():
            return Ending.HUNG_UP
        case Leave():
            return Ending.LEFT


def _reject(active_call: ActiveCall, participant: Participant, verb: Reject) -> Ending:
    if participant.call.answered_at is not None:
        return Ending.HUNG_UP
    active_call.write(Kind.REJECTED, reason=verb.reason)
    return Ending.BUSY if verb.reason == "busy" else Ending.REJECTED
