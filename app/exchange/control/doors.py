"""The control API: what a telephone in the terminal, a test or the load does over HTTP.
Thin doors to the exchange's own methods; on loopback only.
"""

import hmac
from typing import cast

from flask import Blueprint, Response, jsonify, request

from app.exchange.control.words import (
    Body,
    call_as_json,
    json_body,
    optional,
    read_moment,
    read_speed,
    summary,
    text_of,
)
from app.exchange.exchange import Exchange
from app.exchange.faults.read import FaultError, read_faults
from app.exchange.people.script import ScriptError

LONGEST_WAIT = 60.0


def control_doors(exchange: Exchange) -> Blueprint:
    """All control doors under /exchange/."""
    doors = Blueprint("control", __name__, url_prefix="/exchange")
    _guard(doors, exchange)
    _call_doors(doors, exchange)
    _hand_doors(doors, exchange)
    _message_doors(doors, exchange)
    _state_doors(doors, exchange)
    return doors


def _guard(doors: Blueprint, exchange: Exchange) -> None:
    @doors.before_request
    def _check_secret() -> tuple[Response, int] | None:
        secret = exchange.config.secret
        given = request.headers.get("X-Exchange-Secret", "")
        if secret is None or hmac.compare_digest(secret.encode(), given.encode()):
            return None
        return jsonify(error="the secret is wrong"), 403

    @doors.errorhandler(ValueError)
    def _refuse(error: ValueError) -> tuple[Response, int]:
        status = 404 if str(error).startswith("no call") else 400
        return jsonify(error=str(error)), status


def _call_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/calls")
    def _phone() -> tuple[Response, int]:
        body = json_body()
        script = body.get("script", body.get("keys", ""))
        at = body.get("at")
        sid = exchange.call(
            text_of(body, "from"),
            text_of(body, "to"),
            script=[str(word) for word in script] if isinstance(script, list) else str(script),
            at=read_moment(str(at)) if at else None,
            live=body.get("live") is True,
            speed=read_speed(body.get("speed")),
            forwarded_from=optional(body, "forwarded_from"),
            caller_name=optional(body, "caller_name"),
            faults=cast("Body | None", body.get("faults")),
        )
        return jsonify(sid=sid), 201

    @doors.get("/calls/<sid>")
    def _look(sid: str) -> Response:
        call = exchange.find(sid)
        after = request.args.get("after", type=int)
        wait = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT)
        if wait > 0 and call.parent_sid is None:
            call.transcript.wait_past(after, wait)
        return jsonify(call_as_json(call, after or 0))

    @doors.get("/calls")
    def _list() -> Response:
        return jsonify([summary(call) for call in exchange.office.calls.all()])

    @doors.get("/calls/<sid>/effort")
    def _effort(sid: str) -> Response:
        effort = exchange.effort(sid)
        return jsonify(
            keys=effort.keys,
            full_seconds=effort.full_seconds,
            heard_seconds=effort.heard_seconds,
            texts=list(effort.texts),
            rang=effort.rang,
        )


def _hand_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/<any(calls, legs):_kind>/<sid>/press")
    def _press(_kind: str, sid: str) -> tuple[str, int]:
        exchange.press(sid, text_of(json_body(), "keys"))
        return "", 204

    @doors.post("/<any(calls, legs):_kind>/<sid>/speak")
    def _speak(_kind: str, sid: str) -> tuple[str, int]:
        seconds = json_body().get("seconds")
        if not isinstance(seconds, int | float) or seconds <= 0:
            raise ScriptError("speak for how many seconds?")
        exchange.speak(sid, float(seconds))
        return "", 204

    @doors.post("/<any(calls, legs):_kind>/<sid>/<any(hangup, answer, decline):deed>")
    def _do(_kind: str, sid: str, deed: str) -> tuple[str, int]:
        deeds = {"hangup": exchange.hang_up, "answer": exchange.answer, "decline": exchange.decline}
        deeds[deed](sid)
        return "", 204


def _message_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/sms")
    def _send() -> tuple[Response, int]:
        body, at = json_body(), json_body().get("at")
        moment = read_moment(str(at)) if at else None
        texted = (text_of(body, "from"), text_of(body, "to"), str(body.get("body", "")))
        message = exchange.text(*texted, at=moment)
        return jsonify(message.as_json()), 201

    @doors.get("/messages")
    def _messages() -> Response:
        messages = exchange.messages(request.args.get("to"))
        return jsonify([message.as_json() for message in messages])


def _state_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.route("/personas", methods=["GET", "PUT"])
    def _personas() -> Response:
        if request.method == "PUT":
            exchange.seat(json_body())
        return jsonify(exchange.office.personas.as_json())

    @doors.put("/faults")
    def _faults() -> tuple[str, int]:
        try:
            exchange.set_faults(read_faults(json_body()))
        except FaultError as error:
            raise ScriptError(str(error)) from error
        return "", 204

    @doors.route("/debugger", methods=["GET", "DELETE"])
    def _debugger() -> Response:
        if request.method == "DELETE":
            exchange.office.debugger.clear()
        return jsonify([alert.as_json() for alert in exchange.alerts()])

    @doors.get("/status")
    def _status() -> Response:
        return jsonify(
            address=exchange.address,
            speed=exchange.config.speed,
            numbers=sorted(exchange.config.numbers),
            calls=dict(exchange.office.calls.counts()),
            alerts=len(exchange.alerts()),
        )
