"""Reads faults from JSON, by tables of their fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from exchange import json_values
from exchange.faults.rules import Faults, How, RestFault, SmsFate, WebhookFault
from exchange.json_values import Json, Readers

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
    return lambda value: kind(
        **json_values.read_fields(readers, json_values.an_object(value), required)
    )


_HOW_OFTEN: Readers = {
    "match": json_values.a_text,
    "times": json_values.a_whole,
    "skip": json_values.a_whole,
}
_WEBHOOK: Readers = {
    **_HOW_OFTEN,
    "how": lambda value: How(json_values.a_text(value)),
    "seconds": json_values.a_number,
    "status": json_values.a_whole,
}
_REST: Readers = {
    **_HOW_OFTEN,
    "status": json_values.a_whole,
    "code": json_values.a_whole,
    "number": json_values.a_text,
    "message": json_values.a_text,
    "seconds": json_values.a_number,
}
_FATE: Readers = {
    "status": json_values.a_text,
    "error_code": json_values.none_or(json_values.a_whole),
}
_FAULTS: Readers = {
    "duplicate_callbacks": json_values.a_whole,
    "late_callbacks": json_values.a_number,
    "reorder_callbacks": json_values.a_flag,
    "omit_dial_duration": json_values.a_flag,
    "clock_ahead": json_values.a_number,
    "webhooks": json_values.a_list_of(_rule(WebhookFault, _WEBHOOK, ["how"])),
    "rest": json_values.a_list_of(_rule(RestFault, _REST, ["status", "code"])),
    "sms": json_values.an_object_of(_rule(SmsFate, _FATE)),
}
