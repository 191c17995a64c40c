"""Figures that were just read, for Prometheus: from the database, and from the files beside it.

A figure that is not known is left out, never told as 0.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from app.domain.health.checks import Judged, severity_of
from app.store.figures import WITHIN, Figures

# Of the static documents at the network for an outage, by the ends of the figures' names.
AT_THE_NETWORK: Final = ("pushed_age_seconds", "valid_seconds")
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "vakt_database_up": "1 when the database answered",
    "vakt_calls": "Ended calls of callers, by outcome",
    "vakt_unacknowledged_critical_tickets": (
        "Critical tickets that nobody has acknowledged, however old"
    ),
    "vakt_tickets_in_call_outs": "Critical tickets about which the duty is called out again",
    "vakt_call_outs": "Call-outs that were begun about tickets that are still kept",
    "vakt_uncovered_duty_hours": (
        "Hours of duty in the next 14 days that nobody who can be rung covers"
    ),
    "vakt_acknowledgement_seconds": (
        "Seconds from the opening of a ticket to its acknowledgement, of tickets still stored"
    ),
    "vakt_outbox_waiting": "Messages, calls and recordings on their way out",
    "vakt_outbox_failed": "Jobs that failed for good and are still stored",
    "vakt_outbox_age_seconds": "Seconds since the oldest due job became due",
    "vakt_outbox_due_seconds": "The same of each kind of job",
    "vakt_worker_age_seconds": "Seconds since the last heartbeat of any worker",
    "vakt_alarms_open": "Alarms that are not resolved",
    "vakt_lifeline_pushed_age_seconds": "Seconds since a desk's documents were put at the network",
    "vakt_lifeline_valid_seconds": (
        "Seconds for which they still say what is so; below 0 they are old"
    ),
    "vakt_offline_calls_waiting": "Calls in the journal that the database does not have yet",
    "vakt_offline_facts_age_seconds": "Seconds since the facts for an outage were written",
    "vakt_last_webhook_age_seconds": "Seconds since the network last posted something signed",
    "vakt_health": "How a part of the installation is: 0 well, 1 a warning, 2 an error",
}


@dataclass(frozen=True, slots=True)
class LocalMetrics:
    """What is known without the database."""

    calls_waiting: int | None
    facts_age: float | None
    last_webhook: float  # seconds since 1970; 0 when there was none since the start


@dataclass(frozen=True, slots=True, eq=False)  # a registry keeps it by itself
class DatabaseMetrics(Collector):
    """All figures of one moment; `figures` is None while the database does not answer."""

    figures: Figures | None
    uncovered: Mapping[str, float]
    lifelines: Mapping[str, Mapping[str, float]]
    local: LocalMetrics
    judged: Judged
    now: datetime

    def collect(self) -> Iterable[Metric]:
        """Yield each figure with its help."""
        yield _one("vakt_database_up", float(bool(self.figures)))
        if self.figures is not None:
            yield from self._of_calls(self.figures)
            yield from self._of_the_worker(self.figures)
            yield from self._at_the_network()
        yield from self._local()
        yield _health(self.judged)

    def _of_calls(self, known: Figures) -> Iterator[Metric]:
        yield _by("vakt_calls", "outcome", known.outcomes)
        yield _by("vakt_unacknowledged_critical_tickets", "desk", known.unacknowledged)
        yield _by("vakt_tickets_in_call_outs", "desk", known.in_call_outs)
        yield _one("vakt_call_outs", known.call_outs)
        yield _by("vakt_uncovered_duty_hours", "desk", self.uncovered)
        yield _acknowledgement(known)

    def _of_the_worker(self, known: Figures) -> Iterator[Metric]:
        yield _by("vakt_outbox_waiting", "kind", known.waiting)
        yield _by("vakt_outbox_failed", "kind", known.given_up)
        yield _one("vakt_outbox_age_seconds", _seconds(known.due_since, self.now, 0.0))
        due = {k: _seconds(known.due_since_of.get(k), self.now, 0.0) for k in known.waiting}
        yield _by("vakt_outbox_due_seconds", "kind", due)
        yield _one("vakt_worker_age_seconds", _seconds(known.beat_at, self.now, inf))
        yield _by("vakt_alarms_open", "kind", known.alarms)

    def _at_the_network(self) -> Iterator[Metric]:
        for name in AT_THE_NETWORK if self.lifelines else ():
            by_desk = {desk: figures[name] for desk, figures in self.lifelines.items()}
            yield _by(f"vakt_lifeline_{name}", "desk", by_desk)

    def _local(self) -> Iterator[Metric]:
        waiting, age = self.local.calls_waiting, self.local.facts_age
        if waiting is not None:
            yield _one("vakt_offline_calls_waiting", waiting)
        if age is not None:
            yield _one("vakt_offline_facts_age_seconds", age)
        if self.local.last_webhook:
            since = self.now.timestamp() - self.local.last_webhook
            yield _one("vakt_last_webhook_age_seconds", since)


def _health(judged: Judged) -> Metric:
    """How each part is, by the checks that alarm and that preflight prints."""
    states = {str(part): float(severity_of(found) or 0) for part, found in judged.items()}
    return _by("vakt_health", "part", states)


def _acknowledgement(known: Figures) -> Metric:
    name = "vakt_acknowledgement_seconds"
    family = HistogramMetricFamily(name, DESCRIPTIONS[name], labels=["priority"])
    for each in known.acknowledged:
        limits = [
            (str(float(limit)), count) for limit, count in zip(WITHIN, each.within, strict=True)
        ]
        buckets = [*limits, ("+Inf", each.count)]
        family.add_metric([str(each.priority)], buckets=buckets, sum_value=each.seconds)
    return family


def _one(name: str, value: float) -> Metric:
    figure = GaugeMetricFamily(name, DESCRIPTIONS[name])
    figure.add_metric([], value)
    return figure


def _by(name: str, label: str, values: Mapping[str, float]) -> Metric:
    figure = GaugeMetricFamily(name, DESCRIPTIONS[name], labels=[label])
    for each, value in values.items():
        figure.add_metric([each], value)
    return figure


def _seconds(since: datetime | None, now: datetime, without: float) -> float:
    return (now - since).total_seconds() if since else without
