"""Health endpoints: for load balancers, monitoring and Prometheus."""

from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.actions.health import gather
from app.domain.health.checks import Judged, judge
from app.domain.health.facts import SystemFacts, WorkerHeartbeat
from app.domain.health.readiness import readiness
from app.domain.message_refs import ref
from app.store import Database
from app.store.figures import Figures, read_figures
from app.store.health_queries import worker_heartbeats
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes
from app.web import metrics
from app.web.coverage_forecast import uncovered_hours
from app.web.database_metrics import DatabaseMetrics, LocalMetrics
from app.web.errors import plain, refusal
from app.web.services import WebServices, current_services

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Tell that this process answers."""
    return plain("ok", 200)


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Tell whether database and worker are well; 503 when one is not, or calls cannot be read.

    Beside it: how many calls wait for the database, and whether calls go on without it.
    """
    services = current_services()
    judged = judge_database(services.database, services.clock.now()) | _judge_offline(services)
    told, waiting = readiness(judged), _waiting(services)
    parts = {"database": told.database, "worker": told.worker, "offline": told.offline}
    return jsonify(ready=told.is_ready, **parts, waiting=waiting), 200 if told.is_ready else 503


@health.get("/metrics")
def prometheus() -> Response:
    """Tell the figures of all web processes, and those of the database.

    Hours that nobody covers are among them: where a token is set, it is asked for.
    """
    services = current_services()
    now = services.clock.now()
    if not _may_see_figures(services.settings.vakt_metrics_token):
        refused = refusal(ref("api.token_needed"), 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    try:
        known, pushes, system = _read(services.database, now)
        coverage = services.services.overview.coverage
        uncovered = uncovered_hours(coverage, services.database, now)
    except Exception:  # the other figures are needed most just then
        known, pushes, uncovered = None, (), {}
        system = SystemFacts(database_answers=False)
    local = LocalMetrics(
        _waiting(services), _facts_age(services, clock.now()), metrics.last_webhook()
    )
    judged = judge(system, now) | _judge_offline(services)
    exported = DatabaseMetrics(known, uncovered, _lifelines(pushes, now), local, judged, now)
    return Response(metrics.exposition(exported), content_type=metrics.CONTENT_TYPE)


def _may_see_figures(token: str) -> bool:
    shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
    return not token or compare_digest(shown, f"Bearer {token}".encode())


def judge_database(database: Database, now: datetime) -> Judged:
    """Judge the database and the workers; the latter are not known while it is away."""
    return judge(_database_facts(database), now)


def _database_facts(database: Database) -> SystemFacts:
    if metrics.are_without_database():  # it can be read here, but not written, or not everywhere
        return SystemFacts(database_answers=False, heartbeats=_heartbeats(database))
    heartbeats = _heartbeats(database)
    return SystemFacts(database_answers=heartbeats is not None, heartbeats=heartbeats)


def _heartbeats(database: Database) -> tuple[WorkerHeartbeat, ...] | None:
    try:
        with database.read() as connection:
            return worker_heartbeats(connection)
    except Exception:  # away, or without its tables: calls are not taken either way
        return None


def _judge_offline(services: WebServices) -> Judged:
    offline, now = services.turn_service.offline, clock.now()
    return judge(
        SystemFacts(snapshot=gather.snapshot(offline), journal=gather.journal(offline, now)), now
    )


def _waiting(services: WebServices) -> int | None:
    """How many calls wait in the journal; None where it cannot be read."""
    try:
        return len(services.turn_service.offline.waiting_calls())
    except Exception:
        return None


def _facts_age(services: WebServices, now: datetime) -> float | None:
    written = services.turn_service.offline.facts_written_at()
    return (now - written).total_seconds() if written else None


def _lifelines(pushes: Iterable[LifelinePush], now: datetime) -> dict[str, dict[str, float]]:
    """How old each desk's documents at the network are, and how long they hold."""
    return {
        each.desk: {
            "pushed_age_seconds": (now - each.pushed_at).total_seconds(),
            "valid_seconds": (each.valid_until - now).total_seconds(),
        }
        for each in pushes
        if each.pushed_at and each.valid_until
    }


def _read(
    database: Database, now: datetime
) -> tuple[Figures, tuple[LifelinePush, ...], SystemFacts]:
    with database.read() as connection:
        system = gather.database_facts(connection, now)
        pushes = tuple(load_lifeline_pushes(connection).values())
        return read_figures(connection, now), pushes, system
