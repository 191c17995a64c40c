"""Reads faults from JSON, by tables of their fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from exchange.faults.rules import Faults, How, RestFault, SmsFate, WebhookFault
from exchange.json_values import (
    Json,
    Readers,
    a_flag,
    a_list_of,
    a_number,
    a_text,
    a_whole,
    an_object,
    an_object_of,
    none_or,
    read_fields,
)

Rule = TypeVar("Rule")


class FaultError(ValueError):
    """Faults that cannot be read: every mistake, a line each."""


def read_faults(document: Mapping[str, Json]) -> Faults:
    """Faults from JSON: the same names; `webhooks` and `rest` are lists, `sms` by number.

    Raises FaultError in plain words.
    """
    try:
        return _rule(Faults, _FAULTS)(dict(document))
    except ValueError as error:
        raise FaultError(str(error)) from error


def _rule(
    kind: Callable[..., Rule], readers: Readers, required: Sequence[str] = ()
) -> Callable[[Json], Rule]:
    return lambda value: kind(**read_fields(readers, an_object(value), required))


_HOW_OFTEN: Readers = {"match": a_text, "times": a_whole, "skip": a_whole}
_WEBHOOK: Readers = {
    **_HOW_OFTEN,
    "how": lambda value: How(a_text(value)),
    "seconds": a_number,
    "status": a_whole,
}
_REST: Readers = {
    **_HOW_OFTEN,
    "status": a_whole,
    "code": a_whole,
    "number": a_text,
    "message": a_text,
    "seconds": a_number,
}
_FATE: Readers = {"status": a_text, "error_code": none_or(a_whole)}
_FAULTS: Readers = {
    "duplicate_callbacks": a_whole,
    "late_callbacks": a_number,
    "reorder_callbacks": a_flag,
    "omit_dial_duration": a_flag,
    "clock_ahead": a_number,
    "webhooks": a_list_of(_rule(WebhookFault, _WEBHOOK, ["how"])),
    "rest": a_list_of(_rule(RestFault, _REST, ["status", "code"])),
    "sms": an_object_of(_rule(SmsFate, _FATE)),
}
