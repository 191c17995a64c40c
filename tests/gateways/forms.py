"""Posted forms as the network sends them, for the tests of the telephone's edge."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

ACCOUNT = "AC00000000000000000000000000000001"
CALL = "CA00000000000000000000000000000001"
LEG = "CA00000000000000000000000000000002"
LINE = "+4720000001"
CALLER = "+4749000011"

Fields = MultiDict[str, str]


def form(**fields: str) -> Fields:
    """A voice post with its usual fields; given ones win, an empty one is left out."""
    usual = {
        "CallSid": CALL,
        "AccountSid": ACCOUNT,
        "From": CALLER,
        "To": LINE,
        "CallStatus": "in-progress",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    return MultiDict({name: value for name, value in {**usual, **fields}.items() if value})


def pairs(*fields: tuple[str, str]) -> Fields:
    """A form with repeated fields."""
    return MultiDict(list(fields))


def as_dict(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same fields as a plain mapping, as the network's signer has them."""
    return dict(fields)
