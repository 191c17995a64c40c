"""The database is away in every way there is: callers reach the duty, tickets come later, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.domain.tickets.ticket import Ticket
from app.store.call_lists import find_call
from app.store.heartbeats import record_heartbeat
from app.store.ticket_lists import list_tickets
from app.web.services import EXTENSION, WebServices
from tests.support.database_faults import DATABASE_FAULTS, read_only
from tests.support.fake_twilio import CALL, FakeTwilio, fake_twilio, said, settings, tags
from tests.support.sample_desk import DUTY_1

GIVES_UP = 15  # seconds: the network waits no longer for one answer, and these are four


def services_of(network: FakeTwilio) -> WebServices:
    return network.client.application.extensions[EXTENSION]  # type: ignore[no-any-return]


@pytest.fixture
def network(migrated_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_url, tmp_path)) as network:
        services = services_of(network)
        services.offline_sync.stop()  # it looks when the test says so
        services.turn_service.offline.write_facts(services.database)
        yield network


@pytest.mark.parametrize("how", DATABASE_FAULTS)
def test_a_critical_call_reaches_the_duty_and_its_ticket_comes_once(
    network: FakeTwilio, how: str
) -> None:
    services = services_of(network)
    took = []
    with DATABASE_FAULTS[how](services):
        for call in (CALL, *(f"{CALL[:-2]}{more:02}" for more in range(10, 12))):
            network.call = call
            started = time.monotonic()
            network.arrives()
            rings = network.does(1, Digits="1")
            network.leg(1, "whisper")
            accepted = network.leg(1, "key/1", Digits="1")
            took.append(time.monotonic() - started)
            network.does(2, DialCallStatus="completed", DialBridged="true")
            network.post("/twilio/status", CallStatus="completed")
            assert rings.find("Dial/Number").text == DUTY_1  # type: ignore[union-attr]
            assert tags(accepted) == []
    assert "SMS" in said(rings), "the last of them was taken without the database"
    assert took[0] < GIVES_UP
    assert max(took[1:]) < GIVES_UP

    tickets = until_back(services)
    assert sorted(ticket.call_sid or "" for ticket in tickets) == sorted(
        {CALL, *(f"{CALL[:-2]}{more:02}" for more in range(10, 12))}
    )
    assert {ticket.acknowledged_by for ticket in tickets} == {"Duty 1"}
    with services.database.read() as connection:
        for ticket in tickets:
            past = find_call(connection, ticket.call_sid or "")
            assert past
            assert len(past.notifications) == 3


def until_back(services: WebServices) -> tuple[Ticket, ...]:
    services.offline_sync.look(clock.now())
    assert not services.turn_service.breaker.is_tripped
    assert not services.turn_service.offline.waiting_calls()
    with services.database.read() as connection:
        return list_tickets(connection)


def test_a_database_that_cannot_be_written_is_found_before_anybody_calls(
    network: FakeTwilio,
) -> None:
    services = services_of(network)
    services.offline_sync.look(clock.now())
    well = network.client.get("/readyz").get_json()["database"]
    with read_only(services):
        services.offline_sync.look(clock.now() + timedelta(seconds=5))
        away = network.client.get("/readyz").get_json()["database"]
        figures = network.client.get("/metrics").text
    until_back(services)

    assert (well, away) == ("ok", "away")
    assert "vakt_offline_processes 1.0" in figures
    assert network.client.get("/readyz").get_json()["database"] == "ok"
    assert "vakt_offline_processes 0.0" in network.client.get("/metrics").text


def test_figures_tell_what_waits(network: FakeTwilio) -> None:
    services = services_of(network)
    before = network.client.get("/metrics").text
    with read_only(services):
        network.arrives()
        network.does(1, Digits="1")
        waits = network.client.get("/metrics").text
        ready = network.client.get("/readyz").get_json()
    until_back(services)

    assert "vakt_offline_calls_waiting 0.0" in before
    assert "vakt_offline_facts_age_seconds" in before
    assert "vakt_offline_calls_waiting 1.0" in waits
    assert ready["waiting"] == 1
    assert "vakt_offline_calls_waiting 0.0" in network.client.get("/metrics").text


@pytest.mark.real_clock
def test_calls_of_an_outage_that_cannot_be_read_are_told_by_the_readiness(
    network: FakeTwilio,
) -> None:
    services = services_of(network)
    [disk, *_] = services.turn_service.offline.storage_dirs
    services.database.write(
        lambda rows: record_heartbeat(rows, "worker-1", clock.now(), clock.now())
    )
    ready = network.client.get("/readyz")
    with read_only(services):
        network.arrives()
        network.does(1, Digits="1")
    for file in (*disk.glob("journal-*.db"), *disk.glob("calls/*/*")):
        file.write_bytes(b"\0" * 100)
    unread = network.client.get("/readyz")
    for _ in range(120):
        services.offline_sync.look(clock.now())
    lost = network.client.get("/readyz")
    [note] = [f for f in disk.glob("damaged/*.note") if '"entries": 2' in f.read_text()]
    note.unlink()
    services.database.write(
        lambda rows: record_heartbeat(rows, "worker-1", clock.now(), clock.now())
    )

    assert (ready.status_code, ready.get_json()["offline"]) == (200, "ok")
    assert (unread.status_code, unread.get_json()["offline"]) == (503, "damaged")
    assert (lost.status_code, lost.get_json()["offline"]) == (503, "damaged")
    assert network.client.get("/readyz").status_code == 200, "somebody has seen to it"
