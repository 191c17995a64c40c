"""What the control API reads and writes: bodies, moments, calls as JSON."""

from datetime import datetime
from typing import cast

from flask import request

from app.exchange.json_values import Json
from app.exchange.people.script import ScriptError
from app.exchange.records.calls import Call

Body = dict[str, Json]


def json_body() -> Body:
    """The request's JSON object, empty where there is no body.

    Raises ValueError for anything else.
    """
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ScriptError("the body is not a JSON object")
    return cast(Body, body)


def text_of(body: Body, name: str) -> str:
    """A text that must be there.

    Raises ValueError when it is not.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ScriptError(f"{name} is missing")
    return value


def optional(body: Body, name: str) -> str | None:
    """A text that may be there."""
    value = body.get(name)
    return str(value) if value else None


def read_moment(text: str) -> datetime:
    """A moment with its offset.

    Raises ValueError when it has none.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ScriptError(f"at: {text} has no offset")
    return moment


def read_speed(value: Json) -> float | None:
    """A call's own speed, None where nothing is said.

    Raises ValueError for what is no speed.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or 0 < value < 1:
        raise ScriptError(f"speed is 0, 1 or more, not {value!r}")
    return float(value)


def summary(call: Call) -> Body:
    """A call without its transcript."""
    return {
        "sid": call.sid,
        "from": call.caller,
        "to": call.called,
        "direction": call.direction.value,
        "status": call.status.value,
        "parent": call.parent_sid,
        "live": call.is_live,
        "ended": call.settled.is_set(),
        "seconds": call.duration,
        "started_at": call.created.isoformat(),
    }


def call_as_json(call: Call, after: int) -> Body:
    """A call with its events; `after` leaves out the first ones."""
    events = call.transcript.events()
    body = summary(call)
    body["events"] = [event.as_json() for event in events[after:]]
    body["count"] = len(events)
    return body
