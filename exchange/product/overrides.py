"""Connection overrides in an address's fragment, `#rc=2&rp=ct,rt,5xx`: timeouts and retries.
The fragment is neither sent nor signed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from urllib.parse import urldefrag


class Failure(StrEnum):
    """Ways a request can fail, as the retry policy names them."""

    CONNECT = "ct"
    READ = "rt"
    CLIENT = "4xx"
    SERVER = "5xx"


@dataclass(frozen=True, slots=True)
class Overrides:
    """How one address is to be asked. Times in seconds; those that nobody gave are the network's
    own patience.
    """

    connect: float = 5.0
    read: float = inf
    total: float = inf
    retries: int = 1
    policy: frozenset[Failure] = frozenset({Failure.CONNECT})


class OverrideError(ValueError):
    """A fragment that asks for what does not exist."""


_BOUNDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The address without its fragment, and what the fragment says.

    Raises OverrideError for an unknown name or a value out of bounds.
    """
    bare, fragment = urldefrag(url)
    found = Overrides()
    for pair in filter(None, fragment.split("&")):
        name, _, value = pair.partition("=")
        found = _with(found, name, value)
    return bare, found


def _with(found: Overrides, name: str, value: str) -> Overrides:
    if name == "rp":
        return replace(found, policy=_policy(value))
    if name not in _BOUNDS:
        raise OverrideError(f"unknown connection override {name!r}")
    low, high = _BOUNDS[name]
    if not value.isdigit() or not low <= int(value) <= high:
        raise OverrideError(f"connection override {name}={value}: {low} to {high}")
    match name:
        case "ct":
            return replace(found, connect=int(value) / 1000)
        case "rt":
            return replace(found, read=int(value) / 1000)
        case "tt":
            return replace(found, total=int(value) / 1000)
        case _:
            return replace(found, retries=int(value))


def _policy(value: str) -> frozenset[Failure]:
    if value == "all":
        return frozenset(Failure)
    try:
        return frozenset(Failure(word) for word in value.split(",") if word)
    except ValueError as error:
        raise OverrideError(f"connection override rp={value}") from error
