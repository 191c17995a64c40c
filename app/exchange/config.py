"""What an exchange is told at its start: account, numbers, personas, speed. Reads and checks it;
every mistake is reported at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import cast
from urllib.parse import urljoin

from app.exchange.json_values import Json

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ConfigError(ValueError):
    """Everything that is wrong with a configuration, one line each."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What the network asks for one of the product's numbers. None: nothing is set there."""

    voice_url: str | None
    fallback_url: str | None = None
    status_url: str | None = None
    sms_url: str | None = None


_DOORS = {
    "voice_url": "/twilio/voice",
    "fallback_url": "/twilio/voice/fallback",
    "status_url": "/twilio/status",
    "sms_url": "/twilio/sms",
}


def doors_of(product_url: str, given: Mapping[str, Json] | None = None) -> Doors:
    """The usual doors of the product, with those that are given put in their place (null: none)."""
    values: dict[str, str | None] = {}
    for name, path in _DOORS.items():
        value = (given or {}).get(name, path)
        values[name] = urljoin(product_url + "/", str(value)) if value is not None else None
    return Doors(**values)


@dataclass(frozen=True, slots=True)
class Config:
    """An exchange's settings. Seconds are seconds of the call, except where it says real.

    `speed`: 1 real time, N faster, 0 without waiting. `poll_seconds` (real): how long the machine
    sleeps at each poll of a wait that depends on the product's worker.
    """

    account_sid: str
    auth_token: str
    product_url: str
    numbers: Mapping[str, Doors]
    personas: Mapping[str, Json] = field(default_factory=dict)
    default_persona: str = "no_answer"
    api_keys: Mapping[str, str] = field(default_factory=dict)
    verified: frozenset[str] = frozenset()
    routes: Mapping[str, str] = field(default_factory=dict)
    speed: float = 1.0
    send_moment: bool = False
    secret: str | None = None
    port: int = 0
    chars_per_second: float = 14.0
    play_seconds: float = 4.0
    fetch_audio: bool = True
    reaction_seconds: float = 0.5
    dial_extra_seconds: float = 5.0
    poll_seconds: float = 0.02
    webhook_seconds: float = 15.0
    calls_per_second: float = 0.0
    empty_recording_posts_action: bool = True
    callbacks_inline: bool = False
    seed: int = 0
    faults: Mapping[str, Json] = field(default_factory=dict)


_TYPES: dict[str, tuple[type, ...]] = {
    "account_sid": (str,),
    "auth_token": (str,),
    "product_url": (str,),
    "personas": (dict,),
    "default_persona": (str,),
    "api_keys": (dict,),
    "routes": (dict,),
    "send_moment": (bool,),
    "secret": (str, type(None)),
    "port": (int,),
    "fetch_audio": (bool,),
    "empty_recording_posts_action": (bool,),
    "callbacks_inline": (bool,),
    "seed": (int,),
    "faults": (dict,),
}
_REQUIRED = ("account_sid", "auth_token", "product_url", "numbers")


def read_config(document: Mapping[str, Json]) -> Config:
    """A configuration from its JSON document; `numbers` is a list of numbers with the usual doors,
    or an object of numbers with their own.

    Raises ConfigError with every mistake.
    """
    known = {f.name for f in fields(Config)}
    mistakes = [f"{name}: unknown setting" for name in document if name not in known]
    mistakes += [f"{name}: missing" for name in _REQUIRED if not document.get(name)]
    for name, value in document.items():
        if name in known and not _fits(name, value):
            mistakes.append(f"{name}: cannot be {value!r}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    product_url = str(document["product_url"]).rstrip("/")
    special: dict[str, object] = {
        "product_url": product_url,
        "numbers": _numbers(document["numbers"], product_url),
        "verified": frozenset(map(str, cast(list[Json], document.get("verified", [])))),
    }
    return Config(**{**document, **special})  # type: ignore[arg-type]


def _fits(name: str, value: Json) -> bool:
    if name == "numbers":
        return isinstance(value, list | dict)
    if name == "verified":
        return isinstance(value, list)
    if name in _TYPES:
        return isinstance(value, _TYPES[name])
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _numbers(value: Json, product_url: str) -> dict[str, Doors]:
    if isinstance(value, list):
        return {str(number): doors_of(product_url) for number in value}
    rows = cast(dict[str, dict[str, Json] | None], value)
    return {number: doors_of(product_url, given) for number, given in rows.items()}
