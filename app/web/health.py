"""Health endpoints: for load balancers, monitoring and Prometheus."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.domain.health.checks import WORKER_SILENT_AFTER
from app.store import Database
from app.store.figures import Figures, read_figures
from app.store.heartbeats import last_heartbeat
from app.store.lifeline_pushes import load_lifeline_pushes
from app.web import metrics
from app.web.database_metrics import DatabaseMetrics, LocalMetrics
from app.web.services import WebServices, current_services
from app.web.twilio.guard import plain

health = Blueprint("health", __name__)

DAMAGED: Final = "damaged"  # calls of an outage cannot be read, or could not be
REMEMBERED: Final = timedelta(days=1)  # or until what was set aside is moved away


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is well; each part in a word."""

    database: str
    worker: str
    offline: str = "ok"

    @property
    def is_ready(self) -> bool:
        """Tell whether calls are taken, messages go out, and none of an outage is lost."""
        return self.database == self.worker == "ok" and self.offline != DAMAGED


@health.get("/healthz")
def healthz() -> Response:
    """Tell that this process answers."""
    return plain("ok", 200)


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Tell whether database and worker are well; 503 when one is not, or calls cannot be read.

    Beside it: how many calls wait for the database, and whether calls go on without it.
    """
    services, now = current_services(), clock.now()
    ready = replace(
        readiness(services.database, services.clock.now()), offline=_offline(services, now)
    )
    if metrics.are_without_database():  # it can be read here, but not written, or not everywhere
        ready = replace(ready, database="away")
    parts = {"database": ready.database, "worker": ready.worker, "offline": ready.offline}
    waiting = _waiting(services)
    return jsonify(ready=ready.is_ready, **parts, waiting=waiting), 200 if ready.is_ready else 503


@health.get("/metrics")
def prometheus() -> Response:
    """Tell the figures of all web processes, and those of the database.

    Hours that nobody covers are among them: where a token is set, it is asked for.
    """
    services = current_services()
    now = services.clock.now()
    if not _may_see_figures(services.settings.vakt_metrics_token):
        refused = plain("A token is needed: Authorization: Bearer TOKEN.", 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    try:
        known, lifelines = _figures(services.database, now), _lifelines(services.database, now)
        uncovered = services.coverage_forecast.hours(services.database, now)
    except Exception:  # the other figures are needed most just then
        known, lifelines, uncovered = None, {}, {}
    local = LocalMetrics(
        _waiting(services), _facts_age(services, clock.now()), metrics.last_webhook()
    )
    exported = DatabaseMetrics(known, uncovered, lifelines, local, now)
    return Response(metrics.exposition(exported), content_type=metrics.CONTENT_TYPE)


def _may_see_figures(token: str) -> bool:
    shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
    return not token or compare_digest(shown, f"Bearer {token}".encode())


def readiness(database: Database, now: datetime) -> Readiness:
    """Ask the database, and when a worker last told that it lives."""
    try:
        with database.read() as connection:
            beat = last_heartbeat(connection)
    except Exception:  # away, or without its tables: calls are not taken either way
        return Readiness(database="away", worker="unknown")
    is_alive = beat is not None and now - beat <= WORKER_SILENT_AFTER
    return Readiness(database="ok", worker="ok" if is_alive else "silent")


def _offline(services: WebServices, now: datetime) -> str:
    offline = services.turn_service.offline
    damages = offline.damages(now - REMEMBERED)
    if offline.is_unreadable() or any(damage.entries for damage in damages):
        return DAMAGED
    return "ok" if offline.facts_written_at() else "no facts"


def _waiting(services: WebServices) -> int | None:
    """How many calls wait in the journal; None where it cannot be read."""
    try:
        return len(services.turn_service.offline.waiting_calls())
    except Exception:
        return None


def _facts_age(services: WebServices, now: datetime) -> float | None:
    written = services.turn_service.offline.facts_written_at()
    return (now - written).total_seconds() if written else None


def _lifelines(database: Database, now: datetime) -> dict[str, dict[str, float]]:
    """How old each desk's documents at the network are, and how long they hold."""
    with database.read() as connection:
        pushes = load_lifeline_pushes(connection).values()
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
