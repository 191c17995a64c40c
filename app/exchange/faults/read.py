"""Reads faults from JSON, in plain words where that cannot be done."""

from collections.abc import Mapping
from dataclasses import fields

from app.exchange.faults.rules import Faults, How, RestFault, SmsFate, WebhookFault
from app.exchange.json_values import Json


class FaultError(ValueError):
    """A fault that cannot be read, in words."""


def read_faults(document: Mapping[str, Json]) -> Faults:
    """Faults from JSON: the same names; `webhooks` and `rest` are lists, `sms` by number.

    Raises FaultError in plain words.
    """
    known = {f.name for f in fields(Faults)}
    if unknown := set(document) - known:
        raise FaultError(f"unknown faults {sorted(unknown)}; known: {sorted(known)}")
    try:
        return Faults(
            duplicate_callbacks=_whole(document.get("duplicate_callbacks", 0)),
            late_callbacks=_seconds(document.get("late_callbacks", 0)),
            reorder_callbacks=document.get("reorder_callbacks", False) is True,
            omit_dial_duration=document.get("omit_dial_duration", False) is True,
            webhooks=tuple(_webhook(one) for one in _list(document.get("webhooks", []))),
            rest=tuple(_rest(one) for one in _list(document.get("rest", []))),
            sms={n: _fate(one) for n, one in _object(document.get("sms", {})).items()},
        )
    except (TypeError, ValueError) as error:
        raise FaultError(str(error)) from error


def _webhook(value: Json) -> WebhookFault:
    given = _only(value, "how", "match", "times", "skip", "seconds", "status")
    if "how" not in given:
        raise FaultError(f"a webhook fault says how: {', '.join(How)}")
    return WebhookFault(
        how=How(str(given["how"])),
        match=str(given.get("match", "")),
        times=_whole(given.get("times", 1)),
        skip=_whole(given.get("skip", 0)),
        seconds=_seconds(given.get("seconds", 0)),
        status=_whole(given.get("status", 500)),
    )


def _rest(value: Json) -> RestFault:
    given = _only(value, "status", "code", "match", "number", "times", "skip", "message")
    return RestFault(
        status=_whole(given.get("status")),
        code=_whole(given.get("code")),
        match=str(given.get("match", "")),
        number=str(given.get("number", "")),
        times=_whole(given.get("times", 1)),
        skip=_whole(given.get("skip", 0)),
        message=str(given.get("message", "a fault that was switched on")),
    )


def _fate(value: Json) -> SmsFate:
    given = _only(value, "status", "error_code")
    code = given.get("error_code")
    return SmsFate(
        status=str(given.get("status", "delivered")),
        error_code=None if code is None else _whole(code),
    )


def _only(value: Json, *names: str) -> dict[str, Json]:
    given = _object(value)
    if unknown := set(given) - set(names):
        raise FaultError(f"unknown {sorted(unknown)}; known: {sorted(names)}")
    return given


def _whole(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FaultError(f"expected a whole number, not {value!r}")
    return value


def _seconds(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FaultError(f"expected seconds, not {value!r}")
    return float(value)


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise FaultError(f"expected a list, not {value!r}")
    return value


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FaultError(f"expected an object, not {value!r}")
    return dict(value)
