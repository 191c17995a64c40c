"""Is the house well: for load balancers, for whoever watches, and for Prometheus."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.store import Database
from app.store.figures import Figures, read_figures
from app.store.heartbeats import last_beat
from app.store.pushes import load_pushes
from app.web import metrics
from app.web.counted import Beside, Counted
from app.web.guard import plain
from app.web.house import House, house

health = Blueprint("health", __name__)

WORKER_SILENT_AFTER: Final = timedelta(seconds=60)
DAMAGED: Final = "damaged"  # calls of an outage cannot be read, or could not be
REMEMBERED: Final = timedelta(days=1)  # or until what was set aside is moved away


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is well; each part in a word."""

    database: str
    worker: str
    standby: str = "ok"

    @property
    def is_ready(self) -> bool:
        """Tell whether calls are taken, messages go out, and none of an outage is lost."""
        return self.database == self.worker == "ok" and self.standby != DAMAGED


@health.get("/healthz")
def healthz() -> Response:
    """Tell that this process answers."""
    return plain("ok", 200)


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Tell whether database and worker are well; 503 when one is not, or calls cannot be read.

    Beside it: how many calls wait for the database, and whether calls go on without it.
    """
    here, now = house(), clock.now()
    ready = replace(readiness(here.database, here.clock.now()), standby=_standby(here, now))
    if metrics.are_without_database():  # it can be read here, but not written, or not everywhere
        ready = replace(ready, database="away")
    parts = {"database": ready.database, "worker": ready.worker, "standby": ready.standby}
    waiting = _waiting(here)
    return jsonify(ready=ready.is_ready, **parts, waiting=waiting), 200 if ready.is_ready else 503


@health.get("/metrics")
def prometheus() -> Response:
    """Tell the figures of all web processes, and those of the database.

    Hours that nobody covers are among them: where a token is set, it is asked for.
    """
    here = house()
    now = here.clock.now()
    if not _may_see_figures(here.settings.vakt_metrics_token):
        refused = plain("A token is needed: Authorization: Bearer TOKEN.", 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    try:
        known, lifelines = _figures(here.database, now), _lifelines(here.database, now)
        uncovered = here.ahead.hours(here.database, now)
    except Exception:  # the other figures are needed most just then
        known, lifelines, uncovered = None, {}, {}
    beside = Beside(_waiting(here), _facts_age(here, clock.now()), metrics.last_webhook())
    counted = Counted(known, uncovered, lifelines, beside, now)
    return Response(metrics.exposition(counted), content_type=metrics.CONTENT_TYPE)


def _may_see_figures(token: str) -> bool:
    shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
    return not token or compare_digest(shown, f"Bearer {token}".encode())


def readiness(database: Database, now: datetime) -> Readiness:
    """Ask the database, and when a worker last told that it lives."""
    try:
        with database.read() as connection:
            beat = last_beat(connection)
    except Exception:  # away, or without its tables: calls are not taken either way
        return Readiness(database="away", worker="unknown")
    is_alive = beat is not None and now - beat <= WORKER_SILENT_AFTER
    return Readiness(database="ok", worker="ok" if is_alive else "silent")


def _standby(here: House, now: datetime) -> str:
    standby = here.corridor.standby
    damages = standby.damages(now - REMEMBERED)
    if standby.is_unreadable() or any(damage.entries for damage in damages):
        return DAMAGED
    return "ok" if standby.facts_written_at() else "knows nothing"


def _waiting(here: House) -> int | None:
    """How many calls wait in the journal; None where it cannot be read."""
    try:
        return len(here.corridor.standby.waiting_calls())
    except Exception:
        return None


def _facts_age(here: House, now: datetime) -> float | None:
    written = here.corridor.standby.facts_written_at()
    return (now - written).total_seconds() if written else None


def _lifelines(database: Database, now: datetime) -> dict[str, dict[str, float]]:
    """How old each desk's documents at the network are, and how long they hold."""
    with database.read() as connection:
        pushes = load_pushes(connection).values()
    return {
        each.desk: {
            "pushed_age_seconds": (now - each.pushed_at).total_seconds(),
            "valid_seconds": (each.valid_until - now).total_seconds(),
        }
        for each in pushes
        if each.pushed_at and each.valid_until
    }


def _figures(database: Database, now: datetime) -> Figures:
    with database.read() as connection:
        return read_figures(connection, now)
