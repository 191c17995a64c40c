"""The control API: what a telephone in the terminal, a test or the load does over HTTP.
Thin doors to the exchange's own methods; on loopback only.
"""

import hmac
from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from exchange.control.bodies import (
    call_as_json,
    json_body,
    moment_of,
    optional,
    script_of,
    summary,
    text_of,
)
from exchange.exchange import Exchange, NoSuchCall
from exchange.faults.read import read_faults
from exchange.json_values import JsonObject, a_number, a_speed, an_object

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
        return jsonify(error=str(error)), 404 if isinstance(error, NoSuchCall) else 400


def _phone(exchange: Exchange, body: JsonObject) -> str:
    speed, faults = body.get("speed"), body.get("faults")
    return exchange.call(
        text_of(body, "from"),
        text_of(body, "to"),
        script=script_of(body),
        at=moment_of(body),
        live=body.get("live") is True,
        speed=None if speed is None else a_speed(speed),
        forwarded_from=optional(body, "forwarded_from"),
        caller_name=optional(body, "caller_name"),
        faults=None if faults is None else an_object(faults),
    )


def _call_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/calls")
    def _call() -> tuple[Response, int]:
        return jsonify(sid=_phone(exchange, json_body())), 201

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
        return jsonify([summary(call) for call in exchange.network.calls.all()])

    @doors.get("/calls/<sid>/effort")
    def _effort(sid: str) -> Response:
        return jsonify(asdict(exchange.effort(sid)))


def _hand_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/<any(calls, legs):_kind>/<sid>/press")
    def _press(_kind: str, sid: str) -> tuple[str, int]:
        exchange.press(sid, text_of(json_body(), "keys"))
        return "", 204

    @doors.post("/<any(calls, legs):_kind>/<sid>/speak")
    def _speak(_kind: str, sid: str) -> tuple[str, int]:
        seconds = a_number(json_body().get("seconds"))
        if not seconds:
            raise ValueError("speak for how many seconds?")
        exchange.speak(sid, seconds)
        return "", 204

    @doors.post("/<any(calls, legs):_kind>/<sid>/<any(hangup, answer, decline):deed>")
    def _do(_kind: str, sid: str, deed: str) -> tuple[str, int]:
        deeds = {"hangup": exchange.hang_up, "answer": exchange.answer, "decline": exchange.decline}
        deeds[deed](sid)
        return "", 204


def _message_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.post("/sms")
    def _send() -> tuple[Response, int]:
        body = json_body()
        from_, to, text = text_of(body, "from"), text_of(body, "to"), str(body.get("body", ""))
        message = exchange.text(from_, to, text, at=moment_of(body))
        return jsonify(message.as_json()), 201

    @doors.get("/messages")
    def _messages() -> Response:
        messages = exchange.messages(request.args.get("to"))
        return jsonify([message.as_json() for message in messages])


def _state_doors(doors: Blueprint, exchange: Exchange) -> None:
    @doors.route("/personas", methods=["GET", "PUT"])
    def _personas() -> Response:
        if request.method == "PUT":
            exchange.assign(json_body())
        return jsonify(exchange.network.personas.as_json())

    @doors.put("/faults")
    def _faults() -> tuple[str, int]:
        exchange.set_faults(read_faults(json_body()))
        return "", 204

    @doors.route("/debugger", methods=["GET", "DELETE"])
    def _debugger() -> Response:
        if request.method == "DELETE":
            exchange.network.debugger.clear()
        return jsonify([alert.as_json() for alert in exchange.alerts()])

    @doors.get("/status")
    def _status() -> Response:
        return jsonify(
            address=exchange.address,
            speed=exchange.config.speed,
            numbers=sorted(exchange.config.numbers),
            calls=dict(exchange.network.calls.counts()),
            alerts=len(exchange.alerts()),
        )
