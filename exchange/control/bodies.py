"""What the control API reads and writes: bodies, moments, scripts, calls as JSON."""

from datetime import datetime

from flask import request

from exchange.json_values import Json, JsonObject, a_text
from exchange.records.calls import CallResource


def json_body() -> JsonObject:
    """The request's JSON object, empty where there is no body.

    Raises ValueError for anything else.
    """
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")
    return body


def text_of(body: JsonObject, name: str) -> str:
    """A text that must be there.

    Raises ValueError when it is not.
    """
    value = body.get(name)
    if not value:
        raise ValueError(f"{name} is missing")
    return a_text(value)


def optional(body: JsonObject, name: str) -> str | None:
    """A text that may be there."""
    value = body.get(name)
    return str(value) if value else None


def moment_of(body: JsonObject) -> datetime | None:
    """The moment `at`, which comes with its offset; None where nothing is said.

    Raises ValueError for anything else.
    """
    text = optional(body, "at")
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"at: {text} has no offset")
    return moment


def script_of(body: JsonObject) -> str | list[str]:
    """What the caller does: `script`, or `keys`, as text or as a list of words."""
    script: Json = body.get("script", body.get("keys", ""))
    return [str(word) for word in script] if isinstance(script, list) else str(script)


def summary(call: CallResource) -> JsonObject:
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


def call_as_json(call: CallResource, after: int) -> JsonObject:
    """A call with its events; `after` leaves out the first ones."""
    events = call.transcript.events()
    body = summary(call)
    body["events"] = [event.as_json() for event in events[after:]]
    body["count"] = len(events)
    return body
