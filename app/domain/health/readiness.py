"""How /readyz and the front page tell what is well: each part in a word."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.health.checks import Judged, severity_of
from app.domain.health.thresholds import HealthCode, Part, Severity


class DatabaseState(StrEnum):
    """Whether the database answers."""

    OK = "ok"
    AWAY = "away"


class WorkerState(StrEnum):
    """Whether a worker lives."""

    OK = "ok"
    SILENT = "silent"
    UNKNOWN = "unknown"  # without the database


class OfflineState(StrEnum):
    """Whether calls go on without the database, and none of them is lost."""

    OK = "ok"
    NO_FACTS = "no facts"
    OLD_FACTS = "old facts"
    DAMAGED = "damaged"  # calls of an outage cannot be read, or could not be


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is well; each part in a word."""

    is_ready: bool  # nothing that was judged has an error
    database: DatabaseState
    worker: WorkerState
    offline: OfflineState


def readiness(judged: Judged) -> Readiness:
    """Tell what was judged."""
    codes = {found.code for findings in judged.values() for found in findings}
    is_away = HealthCode.DATABASE_AWAY in codes
    return Readiness(
        is_ready=all(severity_of(found) is not Severity.ERROR for found in judged.values()),
        database=DatabaseState.AWAY if is_away else DatabaseState.OK,
        worker=_worker(judged, codes),
        offline=_offline(codes),
    )


def _worker(judged: Judged, codes: set[HealthCode]) -> WorkerState:
    if Part.WORKER not in judged:
        return WorkerState.UNKNOWN
    return WorkerState.SILENT if HealthCode.NO_WORKER in codes else WorkerState.OK


def _offline(codes: set[HealthCode]) -> OfflineState:
    if codes & {HealthCode.JOURNAL_DAMAGED, HealthCode.JOURNAL_UNREADABLE}:
        return OfflineState.DAMAGED
    if HealthCode.SNAPSHOT_MISSING in codes:
        return OfflineState.NO_FACTS
    return OfflineState.OLD_FACTS if HealthCode.SNAPSHOT_OLD in codes else OfflineState.OK
