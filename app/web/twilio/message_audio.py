"""The caller's message, played to whoever was rung about their ticket.

The network asks for it without a signature, so the address itself is signed, and holds for
minutes. Who hears it is noted, as every listening is.
"""

from dataclasses import replace
from typing import Final

import structlog
from flask import Blueprint, Response, abort
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock
from app.actions.calls.answer import Answer
from app.actions.calls.listen import listen
from app.domain.hunts.hunt import Leg
from app.domain.hunts.instructions import Whisper
from app.domain.texts.message import Message
from app.store.call_out_rows import load_call_out
from app.store.recording_accesses import AccessChannel
from app.store.recordings import is_stored
from app.web.services import WebServices, current_services

log = structlog.get_logger(__name__)

played = Blueprint("played", __name__, url_prefix="/twilio/message")

HOLDS_SECONDS: Final = 600  # the whisper, and being played more than once
PURPOSE: Final = "callers-message"


def message_address(services: WebServices, answer: Answer, whisper: Whisper) -> str:
    """Return where the network gets what this whisper plays; empty when it is not here yet."""
    try:
        with services.database.read() as connection:
            is_here = is_stored(connection, whisper.plays)
    except Exception:  # somebody listens: they are told that it cannot be played
        log.warning("message_not_played", call_sid=answer.held.sid, exc_info=True)
        return ""
    if not is_here:
        return ""
    token = _signer(services).dumps([answer.held.sid, whisper.leg, whisper.plays])
    return services.addresses.message(str(token))


def without_message(whisper: Whisper, leg: Leg | None) -> Whisper:
    """Return what is said instead: that the message is not here yet, then the keys once more."""
    language = leg.callee.language if leg else "nb"
    away = Message("whisper_message_away", language)
    return replace(whisper, plays="", says=(away, *whisper.says))


@played.get("/<string(maxlength=600):token>")
def message(token: str) -> Response:
    """Send the message, once it is noted who hears it; 404 for any address that does not hold."""
    services = current_services()
    try:
        sid, leg_id, recording = _signer(services).loads(token, max_age=HOLDS_SECONDS)
    except BadSignature:
        abort(404)
    with services.database.read() as connection:
        call_out = load_call_out(connection, sid)
    leg = call_out.leg(leg_id) if call_out else None
    if call_out is None or leg is None:
        abort(404)
    desks = (call_out.desk,)
    found = listen(
        services.database, recording, leg.callee.name, AccessChannel.TELEPHONE, clock.now(), desks
    )
    if found is None:
        abort(404)
    response = Response(found.media, content_type="audio/wav")
    response.cache_control.no_store = True
    return response


def _signer(services: WebServices) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt=PURPOSE)
