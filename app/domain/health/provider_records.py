"""Recordings and calls that the provider keeps from a site outage: values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProviderRecording:
    """A recording that the network keeps: of which call, how long, when it was begun."""

    recording: str
    call_sid: str
    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A call as the network knows it: who called which number, and whom it rang."""

    line: str
    caller: str
    at: datetime
    rung: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderLeg:
    """How a telephone fares that we ring; `status` is "" where the network's word is unknown.

    `seconds` are told once it is over. It starts when it is rung or answered: the network decides.
    """

    status: str
    seconds: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProviderLegs:
    """A call of ours, and the one that it was connected with, or was to be."""

    own: ProviderLeg
    other: ProviderLeg | None = None
