"""Faults that can be switched on: for one call or for all. Rules only: how often each has struck
stands in registry.py; those who commit them are webhooks.py, sms_delivery.py and the REST frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class How(StrEnum):
    """Ways a webhook can go wrong. `connect` and `status` never reach the product. `lost` does, but
    not its answer; `twice` is repeated at once and its second answer used; `echo` is repeated after
    the call's next turn; `late` counts as failed and arrives after the next turn.
    """

    CONNECT = "connect"
    LOST = "lost"
    STATUS = "status"
    SLOW = "slow"
    TWICE = "twice"
    ECHO = "echo"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class WebhookFault:
    """`match`: part of the address; `skip` so many requests first, then strike `times` (0: always).
    `seconds` of extra latency for slow ones, `status` for the pretended answer.
    """

    how: How
    match: str = ""
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 500


@dataclass(frozen=True, slots=True)
class RestFault:
    """A REST request that is refused, after so many real `seconds`: `match` is part of the path,
    `number` its `To`.
    """

    status: int
    code: int
    match: str = ""
    number: str = ""
    times: int = 1
    skip: int = 0
    message: str = "a fault that was switched on"
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SmsFate:
    """What becomes of messages to a number (`*`: all): the last status and its error code."""

    status: str = "delivered"
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that can be switched on. Callbacks: each sent `duplicate` times more, `late` by
    seconds of the call (or held to its end where time does not run), shuffled when `reorder`.
    `clock_ahead`: seconds by which the REST API's clock is ahead of the machine's.
    """

    duplicate_callbacks: int = 0
    late_callbacks: float = 0.0
    reorder_callbacks: bool = False
    omit_dial_duration: bool = False
    clock_ahead: float = 0.0
    webhooks: tuple[WebhookFault, ...] = ()
    rest: tuple[RestFault, ...] = ()
    sms: Mapping[str, SmsFate] = field(default_factory=dict)
