"""What the web processes count, for Prometheus. Figures of calls come from the database."""

import os
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REFUSED: Final = Counter(
    "vakt_refused_signatures", "Requests whose signature was wrong or missing", ["reason"]
)
ANSWERED: Final = Counter("vakt_turns", "Requests at the telephone's doors", ["door", "status"])
TOOK: Final = Histogram(
    "vakt_turn_seconds",
    "Seconds from a request at a door to its answer",
    ["door"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15),
)
LIFELINES: Final = Counter(
    "vakt_lifeline_answers", "Answers that the lifeline gave in place of a turn", ["door"]
)
STANDBY_TURNS: Final = Counter(
    "vakt_standby_turns", "Turns that were taken without the database", []
)
# What the standby's own files tell, by the ends of the figures' names.
BESIDE: Final = {
    "calls_waiting": "Calls in the journal that the database does not have yet",
    "facts_age_seconds": "Seconds since the facts for an outage were written",
}
# What lies at the network for when the whole house is away, by the ends of the figures' names.
AT_THE_NETWORK: Final = {
    "pushed_age_seconds": "Seconds since a desk's documents were put at the network",
    "valid_seconds": "Seconds for which they still say what is so; below 0 they are old",
}

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Counted(Collector):
    """Figures that were just read from the database, and from the standby beside it."""

    def __init__(
        self,
        calls: dict[str, int] | None,
        beside: Mapping[str, float | None],
        lifelines: Mapping[str, Mapping[str, float]],
    ) -> None:
        self._calls, self._beside, self._lifelines = calls, beside, lifelines

    def collect(self) -> Iterable[Metric]:
        """Tell calls by outcome, and whether the database could be asked."""
        is_there = GaugeMetricFamily("vakt_database_up", "1 when the database answered")
        is_there.add_metric([], 0 if self._calls is None else 1)
        yield is_there
        if self._calls is not None:
            calls = GaugeMetricFamily("vakt_calls", "Ended calls by outcome", labels=["outcome"])
            for outcome, count in self._calls.items():
                calls.add_metric([outcome], count)
            yield calls
        for name, words in BESIDE.items():
            if (value := self._beside.get(name)) is not None:
                figure = GaugeMetricFamily(f"vakt_standby_{name}", words)
                figure.add_metric([], value)
                yield figure
        for name, words in AT_THE_NETWORK.items() if self._lifelines else ():
            by_desk = GaugeMetricFamily(f"vakt_lifeline_{name}", words, labels=["desk"])
            for desk, figures in self._lifelines.items():
                by_desk.add_metric([desk], figures[name])
            yield by_desk


def exposition(
    calls: dict[str, int] | None,
    beside: Mapping[str, float | None],
    lifelines: Mapping[str, Mapping[str, float]],
) -> bytes:
    """Write all figures: of this process, or of all of them where they share a folder."""
    parts = [generate_latest(_shared() if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else REGISTRY)]
    figures = CollectorRegistry()
    figures.register(Counted(calls, beside, lifelines))
    parts.append(generate_latest(figures))
    return b"".join(parts)


def _shared() -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
