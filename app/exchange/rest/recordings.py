"""The Recordings resource: look up, list, fetch the sound, delete."""

from flask import Blueprint, Response, jsonify, request

from app.exchange.exchange import Exchange
from app.exchange.records.recordings import Recording
from app.exchange.rest.frame import NOT_FOUND, page_of
from app.exchange.rest.shapes import recording_shape


def recording_doors(doors: Blueprint, exchange: Exchange) -> None:
    """Adds the resource's doors; the sound is a WAV file, with or without its ending."""

    @doors.get("/Recordings.json", endpoint="recordings_list")
    @doors.get("/Calls/<call_sid>/Recordings.json", endpoint="calls_recordings")
    def _list(call_sid: str | None = None) -> Response:
        asked = call_sid or request.args.get("CallSid")
        found = [r for r in exchange.office.recordings.all() if asked in (None, r.call_sid)]
        return page_of("recordings", [recording_shape(r, exchange.address) for r in found])

    @doors.get("/Recordings/<sid>.json", endpoint="recordings_fetch")
    def _fetch(sid: str) -> Response:
        return jsonify(recording_shape(_find(exchange, sid), exchange.address))

    @doors.delete("/Recordings/<sid>.json", endpoint="recordings_delete")
    def _delete(sid: str) -> tuple[str, int]:
        if not exchange.office.recordings.delete(sid):
            raise NOT_FOUND
        return "", 204

    @doors.get("/Recordings/<sid>", endpoint="recordings_sound")
    @doors.get("/Recordings/<sid>.wav", endpoint="recordings_wav")
    def _media(sid: str) -> Response:
        return Response(_find(exchange, sid).media(), mimetype="audio/x-wav")


def _find(exchange: Exchange, sid: str) -> Recording:
    recording = exchange.office.recordings.find(sid)
    if recording is None:
        raise NOT_FOUND
    return recording
