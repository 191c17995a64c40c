"""The Recordings resource: look up, list, fetch the sound, delete."""

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request

from exchange.exchange import Exchange
from exchange.rest.frame import NOT_FOUND, RestError, found, page_of
from exchange.rest.shapes import recording_shape


def recording_doors(doors: Blueprint, exchange: Exchange) -> None:
    """Adds the resource's doors; the sound is a WAV file, with or without its ending."""
    book = exchange.network.recordings

    @doors.get("/Recordings.json", endpoint="recordings_list")
    @doors.get("/Calls/<call_sid>/Recordings.json", endpoint="calls_recordings")
    def _list(call_sid: str | None = None) -> Response:
        asked = call_sid or request.args.get("CallSid")
        since = _since()
        rows = [
            r
            for r in book.all()
            if asked in (None, r.call_sid) and (since is None or r.started >= since)
        ]
        return page_of("recordings", [recording_shape(r, exchange.address) for r in rows])

    @doors.get("/Recordings/<sid>.json", endpoint="recordings_fetch")
    def _fetch(sid: str) -> Response:
        return jsonify(recording_shape(found(book.find(sid)), exchange.address))

    @doors.delete("/Recordings/<sid>.json", endpoint="recordings_delete")
    def _delete(sid: str) -> tuple[str, int]:
        if not book.delete(sid):
            raise NOT_FOUND
        return "", 204

    @doors.get("/Recordings/<sid>", endpoint="recordings_sound")
    @doors.get("/Recordings/<sid>.wav", endpoint="recordings_wav")
    def _media(sid: str) -> Response:
        return Response(found(book.find(sid)).media(), mimetype="audio/x-wav")


def _since() -> datetime | None:
    """What `DateCreated>` asks for: not before that instant."""
    text = request.args.get("DateCreated>")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RestError(400, 20001, f"DateCreated cannot be {text!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
