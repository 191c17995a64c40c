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
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.calls.turn_request import CALLERS_LEG
from app.domain.hunts.instructions import Ask, Whisper
from app.store.call_out_rows import load_call_out
from app.store.calls import load_call
from app.store.desks import find_desk
from app.store.recording_accesses import AccessChannel
from app.web.services import WebServices, current_services

played = Blueprint("played", __name__, url_prefix="/twilio/message")

HOLDS_SECONDS: Final = 600  # the whisper, and being played more than once
PURPOSE: Final = "callers-message"


def message_address(services: WebServices, answer: Answer) -> str:
    """Return where the network gets what this answer plays; empty where it plays nothing."""
    told = answer.instruction
    if not isinstance(told, Whisper | Ask) or not told.plays:
        return ""
    leg = told.leg if isinstance(told, Whisper) else CALLERS_LEG
    token = _signer(services).dumps([answer.held.sid, leg, told.plays])
    return services.addresses.message(str(token))


@played.get("/<string(maxlength=600):token>")
def message(token: str) -> Response:
    """Send the message, once it is noted who hears it; 404 for any address that does not hold."""
    services = current_services()
    try:
        sid, leg_id, recording = _signer(services).loads(token, max_age=HOLDS_SECONDS)
    except BadSignature:
        abort(404)
    listener = _who_listens(services, str(sid), int(leg_id))
    if listener is None:
        abort(404)
    who, desks = listener
    channel = AccessChannel.TELEPHONE
    found = listen(services.database, recording, who, channel, clock.now(), desks)
    if found is None:
        abort(404)
    response = Response(found.media, content_type="audio/wav")
    response.cache_control.no_store = True
    return response


def _who_listens(
    services: WebServices, sid: str, leg_id: int
) -> tuple[str, tuple[str, ...]] | None:
    """Name who hears it, and of which desks: who is rung, or is in the staff's menu."""
    with services.database.read() as connection:
        if leg_id != CALLERS_LEG:
            call_out = load_call_out(connection, sid)
            leg = call_out.leg(leg_id) if call_out else None
            return (leg.callee.name, (call_out.desk,)) if call_out and leg else None
        call = load_call(connection, sid)
        live = find_desk(connection, call.desk) if call and call.desk else None
        if call is None or live is None or live.roster is None or not call.staff:
            return None
        in_use = roster_in_use(connection, live.roster.id)
        person = live.roster.person(call.staff)
    if in_use is None or person is None:
        return None
    return person.name, tuple(desk.id for desk in in_use.desks)


def _signer(services: WebServices) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services.settings.secret_key, salt=PURPOSE)
