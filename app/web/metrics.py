"""What the web processes count, for Prometheus. What the database tells is database_metrics.py."""

import os
from collections.abc import Iterable
from functools import cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.serving.shared_counters import COUNTERS

REFUSED: Final = Counter(
    "vakt_refused_signatures", "Requests whose signature was wrong or missing", ["reason"]
)
ANSWERED: Final = Counter("vakt_turns", "Requests at Twilio's webhooks", ["door", "status"])
TOOK: Final = Histogram(
    "vakt_turn_seconds",
    "Seconds from a request at a webhook to its answer",
    ["door"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15),
)
LIFELINES: Final = Counter(
    "vakt_lifeline_answers", "Answers that the lifeline gave in place of a turn", ["door"]
)
OFFLINE_TURNS: Final = Counter(
    "vakt_offline_turns", "Turns taken offline: without the database", []
)
UNKNOWN_STATUS: Final = Counter(
    "vakt_unknown_statuses", "Status words of the network that nobody knows", ["door"]
)
LAST_WEBHOOK: Final = Gauge(
    "vakt_last_webhook_timestamp_seconds",
    "When the network last posted something signed; 0 when it has not since the start",
    multiprocess_mode="max",
)
WITHOUT_DATABASE: Final = Gauge(
    "vakt_offline_processes",
    "Web processes that are offline: without the database now",
    multiprocess_mode="livesum",
)

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


@cache
def answered(door: str, status: int) -> Counter:
    """Return the counter of a route's answers with this status: looked up once, as all others."""
    return ANSWERED.labels(door, str(status))


@cache
def took(door: str) -> Histogram:
    """Return the histogram of the seconds that a route takes."""
    return TOOK.labels(door)


def begin_at_zero(routes: Iterable[str]) -> None:
    """Let what should never happen be told as 0: a figure that first appears as 1 has not grown."""
    for reason in ("wrong", "missing"):
        REFUSED.labels(reason)
    for door in ("call", "leg", "verification", "customer_call", "dial", "sms", "recording"):
        UNKNOWN_STATUS.labels(door)
    for door in (*routes, "fallback"):
        LIFELINES.labels(door)


def exposition(exported: Collector) -> bytes:
    """Write all figures: of this process, or of all of them where they share a folder."""
    figures = CollectorRegistry()
    figures.register(exported)
    return generate_latest(_ours()) + generate_latest(figures)


def last_webhook() -> float:
    """Return when the network last posted, in seconds since 1970; 0 when it has not."""
    return _ours().get_sample_value("vakt_last_webhook_timestamp_seconds") or 0.0


def are_without_database() -> bool:
    """Tell whether any web process takes its turns without the database now."""
    return bool(_ours().get_sample_value("vakt_offline_processes"))


def _ours() -> CollectorRegistry:
    return _shared() if os.environ.get(COUNTERS) else REGISTRY


def _shared() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
