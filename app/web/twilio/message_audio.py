"""The caller's message, played to whoever was rung about their ticket.

The network asks for it without a signature, so the address itself is signed, and holds for
minutes. Who hears it is noted, as every listening is.
"""

from typing import Final

from flask import Blueprint, Response, abort
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock
from app.actions.calls.answer import Answer
from app.actions.calls.listen import listen
from app.domain.hunts.instructions import Whisper
from app.store.call_out_rows import load_call_out
from app.store.recording_accesses import AccessChannel
from app.web.services import WebServices, current_services

played = Blueprint("played", __name__, url_prefix="/twilio/message")

HOLDS_SECONDS: Final = 600  # the whisper, and being played more than once
PURPOSE: Final = "callers-message"


def message_address(services: WebServices, answer: Answer) -> str:
    """Return where the network gets what this answer plays; empty where it plays nothing."""
    whisper = answer.instruction
    if not isinstance(whisper, Whisper) or not whisper.plays:
        return ""
    token = _signer(services).dumps([answer.held.sid, whisper.leg, whisper.plays])
    return services.addresses.message(str(token))


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
