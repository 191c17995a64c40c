"""Recordings: which a ticket has, and what was said. Listening is noted under the token's name."""

from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint, FileSchema
from flask import Response

from app import clock
from app.actions.calls.listen import listen
from app.api.v1.access import access, auth
from app.api.v1.models import RecordingResponse, RecordingsResponse
from app.api.v1.refusals import NO_SUCH_RECORDING, NO_SUCH_TICKET, refuse
from app.api.v1.services import api_services, time_zones_of
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.store.recording_accesses import AccessChannel
from app.store.recordings import list_recordings
from app.store.ticket_lists import find_ticket

recordings = APIBlueprint("recordings", __name__, tag="Recordings")

WAV = "audio/wav"


@recordings.get("/recordings/<sid>")
@recordings.auth_required(auth)
@recordings.output(FileSchema(type="string", format="binary"), content_type=WAV)
@recordings.doc(responses=[404])
def one_recording(sid: str) -> Any:
    """Give what a caller said, as a WAV. That the token's holder heard it is noted."""
    may_be_one = "\0" not in sid and len(sid) <= 64
    name = getattr(auth.current_user, "name", "")
    found = (
        listen(api_services().database, sid, name, AccessChannel.API, clock.now(), access().desks)
        if may_be_one
        else None
    )
    if found is None:
        refuse(404, NO_SUCH_RECORDING)
    return Response(found.media, mimetype=WAV)


@recordings.get(f"/tickets/<int(max={LARGEST_NUMBER}):number>/recordings")
@recordings.auth_required(auth)
@recordings.output(RecordingsResponse)
@recordings.doc(responses=[404])
def recordings_of(number: int) -> list[RecordingResponse]:
    """List which recordings a ticket has. Nobody has heard them by that."""
    with api_services().database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        rows = list_recordings(connection, number) if found else ()
    if found is None:
        refuse(404, NO_SUCH_TICKET)
    zone = ZoneInfo(time_zones_of((found.desk,))[found.desk])
    return [
        RecordingResponse(sid=row.sid, fetched_at=row.fetched_at.astimezone(zone)) for row in rows
    ]
