"""The configuration of an exchange: account, numbers, personas, speed. Reads and checks it;
every mistake is reported at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urljoin

from exchange.faults.read import read_faults
from exchange.faults.rules import Faults
from exchange.json_values import (
    Json,
    Readers,
    a_flag,
    a_list_of,
    a_number,
    a_speed,
    a_text,
    a_whole,
    an_object,
    an_object_of,
    none_or,
    read_fields,
)
from exchange.people.personas import read_persona, read_row


class ConfigError(ValueError):
    """Everything that is wrong with a configuration, one line each."""


@dataclass(frozen=True, slots=True)
class NumberWebhooks:
    """What the network asks for one of the product's numbers. None: nothing is set there."""

    voice_url: str | None
    fallback_url: str | None = None
    status_url: str | None = None
    sms_url: str | None = None
    voice_method: str = "POST"
    fallback_method: str = "POST"
    trunk_sid: str | None = None  # calls go to the trunk, whatever the addresses say
    has_voice: bool = True
    has_sms: bool = True


_NUMBER_WEBHOOKS = {
    "voice_url": "/twilio/voice",
    "fallback_url": "/twilio/voice/fallback",
    "status_url": "/twilio/status",
    "sms_url": "/twilio/sms",
}


def number_webhooks(product_url: str, given: Mapping[str, object] | None = None) -> NumberWebhooks:
    """The usual doors of the product, with what is given put in its place (null: none)."""
    values = {**_NUMBER_WEBHOOKS, **(given or {})}
    for name in _NUMBER_WEBHOOKS:
        path = values[name]
        values[name] = urljoin(product_url + "/", str(path)) if path is not None else None
    doors: Callable[..., NumberWebhooks] = NumberWebhooks
    return doors(**values)


@dataclass(frozen=True, slots=True)
class Account:
    """The account as the provider shows it. `owner` is another one's sid for a subaccount."""

    status: str = "active"
    type: str = "Full"
    owner: str | None = None
    profiles: tuple[Mapping[str, str], ...] = ()  # friendly_name and status of each


@dataclass(frozen=True, slots=True)
class Config:
    """An exchange's settings. Seconds are seconds of the call, except where it says real.

    `speed`: 1 real time, N faster, 0 without waiting. `poll_seconds` (real): how long the machine
    sleeps at each poll of a wait that depends on the product's worker. `patience`: how many times
    longer than it would the network waits for a live person to answer or to press a key.
    """

    account_sid: str
    auth_token: str
    product_url: str
    numbers: Mapping[str, NumberWebhooks]
    personas: Mapping[str, Json] = field(default_factory=dict)
    default_persona: str = "no_answer"
    api_keys: Mapping[str, str] = field(default_factory=dict)
    verified: frozenset[str] = frozenset()
    routes: Mapping[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
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
    patience: float = 1.0
    webhook_seconds: float = 15.0
    calls_per_second: float = 0.0
    empty_recording_posts_action: bool = True
    callbacks_inline: bool = False
    seed: int = 0
    faults: Faults = field(default_factory=Faults)


_REQUIRED = ("account_sid", "auth_token", "product_url", "numbers")


def read_config(document: Mapping[str, Json]) -> Config:
    """A configuration from its JSON document; `numbers` is a list of numbers with the usual doors,
    or an object of numbers with their own.

    Raises ConfigError with every mistake.
    """
    try:
        values = read_fields(_SETTINGS, document, _REQUIRED)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    product_url, rows = cast(str, values["product_url"]), cast(_Rows, values["numbers"])
    numbers = {number: number_webhooks(product_url, given) for number, given in rows.items()}
    config: Callable[..., Config] = Config
    return config(**{**values, "numbers": numbers})


_Rows = dict[str, Mapping[str, object] | None]


def _rows(value: Json) -> _Rows:
    if isinstance(value, list):
        return {a_text(number): None for number in value}
    rows = an_object(value)
    return {number: _row(given) for number, given in rows.items()}


def _row(given: Json) -> Mapping[str, object] | None:
    return None if given is None else read_fields(_NUMBER_WEBHOOK_READERS, an_object(given))


def _account(given: Json) -> Account:
    account: Callable[..., Account] = Account
    return account(**read_fields(_ACCOUNT, an_object(given)))


def _known_personas(value: Json) -> Json:
    an_object_of(read_row)(value)
    return value


def _known_persona(value: Json) -> str:
    return read_persona(a_text(value)).name


def _a_method(value: Json) -> str:
    if value not in ("GET", "POST"):
        raise ValueError(f"expected GET or POST, not {value!r}")
    return a_text(value)


_NUMBER_WEBHOOK_READERS: Readers = {
    **dict.fromkeys(_NUMBER_WEBHOOKS, none_or(a_text)),
    "voice_method": _a_method,
    "fallback_method": _a_method,
    "trunk_sid": none_or(a_text),
    "has_voice": a_flag,
    "has_sms": a_flag,
}
_ACCOUNT: Readers = {
    "status": a_text,
    "type": a_text,
    "owner": none_or(a_text),
    "profiles": a_list_of(an_object_of(a_text)),
}
_SETTINGS: Readers = {
    "account_sid": a_text,
    "auth_token": a_text,
    "product_url": lambda value: a_text(value).rstrip("/"),
    "numbers": _rows,
    "account": _account,
    "personas": _known_personas,
    "default_persona": _known_persona,
    "api_keys": an_object_of(a_text),
    "verified": lambda value: frozenset(a_list_of(a_text)(value)),
    "routes": an_object_of(a_text),
    "speed": a_speed,
    "send_moment": a_flag,
    "secret": none_or(a_text),
    "port": a_whole,
    "chars_per_second": a_number,
    "play_seconds": a_number,
    "fetch_audio": a_flag,
    "reaction_seconds": a_number,
    "dial_extra_seconds": a_number,
    "poll_seconds": a_number,
    "patience": a_number,
    "webhook_seconds": a_number,
    "calls_per_second": a_number,
    "empty_recording_posts_action": a_flag,
    "callbacks_inline": a_flag,
    "seed": a_whole,
    "faults": lambda value: read_faults(an_object(value)),
}
