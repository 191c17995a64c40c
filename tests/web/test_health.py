"""Is the system well, and what everybody else is answered: errors, headers, sounds."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.actions.overview.coverage import CoverageCache
from app.domain.overview.coverage_ahead import CoverageAhead
from app.gateways.twilio.speech import RecordedPrompts
from app.store import Database, open_database
from app.store.desks import list_desks
from app.store.heartbeats import record_heartbeat
from app.store.lifeline_pushes import LifelinePush, save_lifeline_push
from app.store.schema import SchemaNotReady
from app.web.coverage_forecast import uncovered_hours
from app.web.metrics import last_webhook
from app.web.services import EXTENSION, WebServices
from tests.support.fake_twilio import a_web, fake_twilio, settings
from tests.support.sample_desk import (
    DAY,
    DESK,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    sample_database,
)

ABSENT = "".join(
    f"""
[[absences]]
person = "{person}"
from = 2026-11-18T12:00:00
to = 2026-11-19T05:00:00
"""
    for person in ("duty-1", "duty-2")
)


@pytest.fixture
def client(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    with a_web(settings(migrated_sqlite_url, tmp_path), moved_in=False) as app:
        yield app.test_client()


def services(client: FlaskClient) -> WebServices:
    return client.application.extensions[EXTENSION]  # type: ignore[no-any-return]


def worker_beat(client: FlaskClient, ago: timedelta) -> None:
    now = clock.now() - ago
    services(client).database.write(
        lambda connection: record_heartbeat(connection, "worker-1", now, now)
    )


def test_a_living_process_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_ready_needs_database_and_worker(client: FlaskClient) -> None:
    without_worker = client.get("/readyz")
    worker_beat(client, timedelta(seconds=10))
    with_worker = client.get("/readyz")

    assert (without_worker.status_code, without_worker.get_json()["worker"]) == (503, "silent")
    assert with_worker.status_code == 200
    parts = {"database": "ok", "worker": "ok", "offline": "no facts", "waiting": 0}
    assert with_worker.get_json() == {"ready": True, **parts}


def test_a_worker_that_has_been_silent_for_long_is_not_well(client: FlaskClient) -> None:
    worker_beat(client, timedelta(minutes=5))

    assert client.get("/readyz").status_code == 503


def test_a_database_without_its_tables_is_not_worked_on(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    with pytest.raises(SchemaNotReady), a_web(settings(empty, tmp_path), moved_in=False):
        pass


def test_a_database_that_loses_its_tables_is_not_well(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        database = open_database(migrated_sqlite_url)
        database.write(lambda connection: connection.execute(text("ALTER TABLE desks RENAME TO d")))
        database.close()
        assert app.test_client().get("/readyz").status_code == 503


def test_the_figures_tell_calls_by_outcome_and_turns_by_door(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.arrives(To="+4720000999")
        figures = network.client.get("/metrics").text

    assert 'vakt_calls{outcome="informed"} 1.0' in figures
    assert 'vakt_calls{outcome="connected"} 0.0' in figures
    assert 'vakt_turns_total{door="twilio.voice",status="200"}' in figures
    assert 'vakt_turn_seconds_bucket{door="twilio.voice",le="0.25"}' in figures
    assert "+47" not in figures


def test_the_figures_tell_how_old_the_documents_at_the_network_are(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        assert "vakt_lifeline_pushed_age_seconds" not in network.client.get("/metrics").text
        now = clock.now()
        lies_there = LifelinePush(
            DESK, "mark", now - timedelta(hours=2), now - timedelta(hours=1), failing_since=now
        )
        services(network.client).database.write(lambda rows: save_lifeline_push(rows, lies_there))
        figures = network.client.get("/metrics").text

    assert 7199 < figure(figures, f'vakt_lifeline_pushed_age_seconds{{desk="{DESK}"}}') < 7260
    assert -3660 < figure(figures, f'vakt_lifeline_valid_seconds{{desk="{DESK}"}}') < -3599


def figure(figures: str, name: str) -> float:
    """The one sample that is written so, with its labels."""
    [found] = [line for line in figures.splitlines() if line.startswith(f"{name} ")]
    return float(found.split()[-1])


def test_the_figures_of_a_night_tell_what_is_open_and_since_when(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.arrives()
        network.does(1, Digits="1")
        figures = network.client.get("/metrics").text

    assert figure(figures, 'vakt_unacknowledged_critical_tickets{desk="fjordhjelp"}') == 1
    assert figure(figures, 'vakt_uncovered_duty_hours{desk="fjordhjelp"}') == 0
    assert figure(figures, 'vakt_acknowledgement_seconds_count{priority="critical"}') == 0
    assert (
        figure(figures, 'vakt_acknowledgement_seconds_bucket{le="15.0",priority="critical"}') == 0
    )
    assert figure(figures, 'vakt_outbox_waiting{kind="sms"}') == 3
    assert figure(figures, "vakt_outbox_age_seconds") >= 0
    assert figure(figures, "vakt_worker_age_seconds") == float("inf"), "none has ever lived"
    assert figure(figures, 'vakt_alarms_open{kind="ticket_unacknowledged"}') == 0
    assert 0 <= figure(figures, "vakt_last_webhook_age_seconds") < 60


def test_a_refused_post_is_no_webhook(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.arrives()
        before = last_webhook()
        network.client.post("/twilio/voice", data=network.form())
        assert last_webhook() == before


def test_uncovered_hours_are_told_and_not_calculated_at_each_look(
    migrated_sqlite_url: str,
) -> None:
    roster = ROSTER_TOML + ABSENT
    with sample_database(migrated_sqlite_url, folder(roster=roster)) as database:
        coverage = CoverageCache()
        assert uncovered_hours(coverage, database, DAY) == {"fjordhjelp": 13.0}  # 16:00 to 05:00
        first = look(coverage, database, DAY)
        assert look(coverage, database, DAY + timedelta(hours=9)) is first
        assert look(coverage, database, DAY + timedelta(days=1)) is not first
        import_sample_desks(database)
        assert uncovered_hours(coverage, database, DAY) == {"fjordhjelp": 0.0}


def look(coverage: CoverageCache, database: Database, now: datetime) -> CoverageAhead:
    with database.read() as connection:
        return coverage.of(list_desks(connection), now)["fjordhjelp"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/nothing", 404), ("post", "/healthz", 405), ("get", "/twilio/nothing", 404)],
)
def test_people_get_errors_as_text(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = getattr(client, method)(path)

    assert response.status_code == status
    assert response.content_type.startswith("text/plain")


def test_programs_get_errors_as_json(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing/at/all")

    assert response.status_code == 404
    assert response.get_json()["message"] == "Not found."


EVERYWHERE = (
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/nothing",
    "/twilio/voice",
    "/twilio/prompt/ringing.wav",
    "/api/v1/openapi.json",
    "/api/v1/desks",
    "/api/v1/nothing/at/all",
    "/api/nothing",
)


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_and_api_answer_carries_its_protection(
    client: FlaskClient, method: str, path: str
) -> None:
    headers = getattr(client, method)(path).headers

    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers.getlist("X-Frame-Options") == ["DENY"]
    [policy] = headers.getlist("Content-Security-Policy")
    own = ("'none'",) if path.startswith("/api/") else ("'none'", "'self'")
    assert policy.startswith(tuple(f"default-src {each}" for each in own))
    assert "frame-ancestors 'none'" in policy
    assert headers.getlist("Strict-Transport-Security") == ["max-age=31536000"]
    assert len(headers.getlist("Cache-Control")) == 1


def test_the_ringing_tone_is_a_sound_that_the_network_may_keep(client: FlaskClient) -> None:
    first = client.get("/twilio/prompt/ringing.wav")
    etag = first.headers["ETag"]
    again = client.get("/twilio/prompt/ringing.wav", headers={"If-None-Match": etag})

    with wave.open(io.BytesIO(first.data)) as sound:
        assert sound.getnframes() / sound.getframerate() == 5
    assert "max-age=86400" in first.headers["Cache-Control"]
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name", ["nb/nothing.mp3", "nb/..%2f..%2fREADME.mp3", "..%2f/x.mp3", "xx/greeting.mp3"]
)
def test_a_sentence_that_is_not_recorded_is_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/twilio/prompt/{name}").status_code == 404


def test_a_recorded_sentence_is_sent_and_may_be_kept(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "goodbye.mp3").write_bytes(b"ID3 takk for at du ringde")
    recorded = replace(services(client), recordings=RecordedPrompts(tmp_path))
    client.application.extensions[EXTENSION] = recorded

    first = client.get("/twilio/prompt/nn/goodbye.mp3")
    again = client.get(
        "/twilio/prompt/nn/goodbye.mp3", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (first.status_code, first.mimetype) == (200, "audio/mpeg")
    assert first.data.startswith(b"ID3")
    assert "max-age=86400" in first.headers["Cache-Control"]
    assert again.status_code == 304
    first.close()
    again.close()


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ("Bearer token-of-the-figures", 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("token-of-the-figures", 401),
        ("Bearer token-of-the-figure", 401),
        ("Basic token-of-the-figures", 401),
        ("Bearer \xe6\xf8\xe5", 401),
    ],
)
def test_figures_are_for_whoever_has_their_token_where_one_is_set(
    migrated_sqlite_url: str, tmp_path: Path, shown: str, status: int
) -> None:
    how = settings(migrated_sqlite_url, tmp_path, vakt_metrics_token="token-of-the-figures")
    with a_web(how) as app:
        answer = app.test_client().get("/metrics", headers={"Authorization": shown})

    assert answer.status_code == status
    assert (DESK in answer.text) is (status == 200)
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)
