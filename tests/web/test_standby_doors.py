"""The database is away in every way there is: callers reach the duty, tickets come later, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.store.call_lists import find_call
from app.store.heartbeats import beat
from app.store.ticket_lists import Ticket, list_tickets
from app.web.house import EXTENSION, House
from tests.a_house import DUTY_1
from tests.web.a_network import CALL, Network, a_network, said, settings, tags
from tests.web.breaks import BREAKS, read_only

GIVES_UP = 15  # seconds: the network waits no longer for one answer, and these are four


def house_of(network: Network) -> House:
    return network.client.application.extensions[EXTENSION]  # type: ignore[no-any-return]


@pytest.fixture
def network(migrated_url: str, tmp_path: Path) -> Iterator[Network]:
    with a_network(settings(migrated_url, tmp_path)) as network:
        house = house_of(network)
        house.caretaker.stop()  # it looks when the test says so: connections are taken away here
        house.corridor.standby.write_facts(house.database)
        yield network


@pytest.mark.parametrize("how", BREAKS)
def test_a_critical_call_reaches_the_duty_and_its_ticket_comes_once(
    network: Network, how: str
) -> None:
    house = house_of(network)
    took = []
    with BREAKS[how](house):
        for call in (CALL, *(f"{CALL[:-2]}{more:02}" for more in range(10, 14))):
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
    assert max(took[1:]) < 8

    tickets = until_back(house)
    assert sorted(ticket.call_sid or "" for ticket in tickets) == sorted(
        {CALL, *(f"{CALL[:-2]}{more:02}" for more in range(10, 14))}
    )
    assert {ticket.acknowledged_by for ticket in tickets} == {"Duty 1"}
    with house.database.read() as connection:
        for ticket in tickets:
            past = find_call(connection, ticket.call_sid or "")
            assert past
            assert len(past.notices) == 3


def until_back(house: House) -> tuple[Ticket, ...]:
    house.caretaker.look(clock.now())
    assert not house.corridor.breaker.is_tripped
    assert not house.corridor.standby.waiting_calls()
    with house.database.read() as connection:
        return list_tickets(connection)


def test_a_database_that_cannot_be_written_is_found_before_anybody_calls(
    network: Network,
) -> None:
    house = house_of(network)
    house.caretaker.look(clock.now())
    well = network.client.get("/readyz").get_json()["database"]
    with read_only(house):
        house.caretaker.look(clock.now() + timedelta(seconds=5))
        away = network.client.get("/readyz").get_json()["database"]
        figures = network.client.get("/metrics").text
    until_back(house)

    assert (well, away) == ("ok", "away")
    assert "vakt_processes_without_database 1.0" in figures
    assert network.client.get("/readyz").get_json()["database"] == "ok"
    assert "vakt_processes_without_database 0.0" in network.client.get("/metrics").text


def test_figures_tell_what_waits(network: Network) -> None:
    house = house_of(network)
    before = network.client.get("/metrics").text
    with read_only(house):
        network.arrives()
        network.does(1, Digits="1")
        waits = network.client.get("/metrics").text
        ready = network.client.get("/readyz").get_json()
    until_back(house)

    assert "vakt_standby_calls_waiting 0.0" in before
    assert "vakt_standby_facts_age_seconds" in before
    assert "vakt_standby_calls_waiting 1.0" in waits
    assert ready["waiting"] == 1
    assert "vakt_standby_calls_waiting 0.0" in network.client.get("/metrics").text


def test_calls_of_an_outage_that_cannot_be_read_are_told_by_the_readiness(
    network: Network,
) -> None:
    house = house_of(network)
    [disk, *_] = house.corridor.standby.places
    house.database.write(lambda rows: beat(rows, "worker-1", clock.now(), clock.now()))
    ready = network.client.get("/readyz")
    with read_only(house):
        network.arrives()
        network.does(1, Digits="1")
    for file in (*disk.glob("journal-*.db"), *disk.glob("calls/*/*")):
        file.write_bytes(b"\0" * 100)
    unread = network.client.get("/readyz")
    for _ in range(120):
        house.caretaker.look(clock.now())
    lost = network.client.get("/readyz")
    [note] = [f for f in disk.glob("damaged/*.note") if '"entries": 2' in f.read_text()]
    note.unlink()
    house.database.write(lambda rows: beat(rows, "worker-1", clock.now(), clock.now()))

    assert (ready.status_code, ready.get_json()["standby"]) == (200, "ok")
    assert (unread.status_code, unread.get_json()["standby"]) == (503, "damaged")
    assert (lost.status_code, lost.get_json()["standby"]) == (503, "damaged")
    assert network.client.get("/readyz").status_code == 200, "somebody has seen to it"
