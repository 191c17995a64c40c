"""Parts of the house are down: the database for a whole night, and a deploy in a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from app.exchange.records.calls import Call
from tests.conftest import migrate
from tests.end_to_end.house import House, a_house
from tests.end_to_end.running import wait_until
from tests.end_to_end.told import Told
from tests.end_to_end.who import (
    DUTY,
    NURSING_HOME,
    SATURDAY_NIGHT,
    SUPPORT,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.postgres import Server, a_server, url

CALLS = 50
BACK_WITHIN = 60.0  # seconds, on a machine that does much else


@dataclass
class Fragile:
    """A house on a server that can be stopped."""

    house: House
    server: Server

    def stop(self) -> None:
        self.server.stop()
        wait_until(lambda: self.ready["database"] == "away", "the database is away")

    def start(self) -> None:
        self.server.start()
        self.house.database.close()  # its connections are those of the old server
        wait_until(lambda: self.ready["waiting"] == 0, "the journal is told", BACK_WITHIN)

    @property
    def ready(self) -> Any:
        return requests.get(f"{self.house.url}/readyz", timeout=10).json()


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Fragile]:
    with a_server() as server:
        database = url(server.home, "postgres")
        migrate(database)
        with a_house("postgresql", database, tmp_path) as house:
            house.begin_story()
            yield Fragile(house, server)
            assert not [alert for alert in house.exchange.alerts() if not alert.by_fault]


@pytest.mark.timeout(600)
def test_the_database_is_away_for_a_whole_night_and_fifty_callers_do_not_notice(
    fragile: Fragile,
) -> None:
    house = fragile.house
    begun, phone = a_call_that_rings(house)
    fragile.stop()
    house.exchange.answer(phone.sid)
    until_heard(begun, phone)
    house.exchange.press(phone.sid, "1")

    night = [a_caller(house, number) for number in range(CALLS)]
    house.exchange.hang_up(phone.sid)
    house.exchange.wait(begun.sid)
    fragile.start()
    wait_until(lambda: len(house.rows("tickets")) > CALLS, "the journal is in the database", 120)
    for told in (begun, *night):
        wait_until(lambda told=told: not house.open_jobs(told.sid), "all is sent")

    assert begun.ticket["acknowledged_by"] == "Vakt 1"
    assert begun.outcome == "connected"
    critical, others = night[::2], night[1::2]
    for told in critical:
        told.hears("Du får saksnummeret på SMS", "Vi ringjer vakta").hears_never("Saksnummer")
        assert told.outcome == "connected"
        assert told.ticket["priority"] == "critical"
        assert told.ticket["acknowledged_by"] in ("Vakt 1", "Vakt 2")
        [sms] = told.sms_to(str(told.ticket["caller"]))
        assert str(told.ticket["number"]) in sms
    for told in others:
        assert told.outcome == "message"
        assert told.ticket["status"] == "open"
        assert house.rows("recordings", call_sid=told.sid), "what was said is kept"
    numbers = [told.ticket["number"] for told in (begun, *night)]
    assert len(set(numbers)) == len(numbers) == len(house.rows("tickets"))


def a_caller(house: House, number: int) -> Told:
    """One of the night's callers: every second one has a critical case.

    Strangers may wake one person three times in an hour: these come less often.
    """
    caller = f"+47490048{number:02}"
    at = SATURDAY_NIGHT + timedelta(
        minutes=20 * number
    )  # an hour of strangers wakes nobody more often
    sleeps = {VAKT_1: "sleeper", VAKT_1_HOME: "no_answer", VAKT_2: "accepts"}
    people = sleeps if number % 4 else {VAKT_1: "accepts"}
    told = (
        house.dial(SUPPORT, caller, ["2", "speak 7"], at=at)
        if number % 2
        else house.dial(DUTY, caller, "1", at=at, people=people)
    )
    house.exchange.wait(told.sid)
    return told


def a_call_that_rings(house: House) -> tuple[Told, Call]:
    told = house.dial(DUTY, NURSING_HOME, "1", people={VAKT_1: "human", VAKT_2: "no_answer"})
    wait_until(lambda: bool(legs(house, told)), "Vakt 1 rings")
    return told, legs(house, told)[0]


def legs(house: House, told: Told) -> list[Call]:
    return list(house.exchange.office.calls.legs_of(told.sid))


def until_heard(told: Told, phone: Call) -> None:
    heard = lambda: any("trykk 1" in str(e.facts.get("text")) for e in told.events)  # noqa: E731
    wait_until(heard, "the whisper is heard")
    assert phone.called == VAKT_1


def until_all_is_told(house: House, told: Told) -> None:
    """Every SMS is sent, and the network has told how each of them fared.

    New processes may take longer than its 15 s on a machine that does much else.
    """
    wait_until(lambda: not house.open_jobs(told.sid), "the outbox is empty")
    for message in house.messages(told.mark):
        assert message.settled.wait(60), "the SMS has its last status"


def accepted(house: House, told: Told) -> int:
    return len(house.rows("legs", call_sid=told.sid, outcome="accepted"))


def deploy(house: House, told: Told) -> None:
    until_all_is_told(house, told)
    house.web.renew()
    house.wait_until_ready()


def test_a_deploy_in_the_middle_of_a_call_is_not_noticed(house: House) -> None:
    told = house.dial(DUTY, NURSING_HOME, "1,1", people={VAKT_1: "human"})
    first = house.take(told, VAKT_1)
    deploy(house, told)
    house.exchange.hang_up(first.sid)
    told_again = "Innringaren du snakka med, er der att."
    wait_until(lambda: len(legs(house, told)) == 2, "the caller presses 1, and it rings again")
    again = legs(house, told)[1]
    house.exchange.answer(again.sid)
    wait_until(lambda: told_again in told.whispered(VAKT_1), "the whisper is heard")
    house.exchange.press(again.sid, "1")
    wait_until(lambda: accepted(house, told) == 2, "they talk again")
    deploy(house, told)
    house.exchange.hang_up(again.sid)
    house.wait(told)

    assert told.outcome == "connected"
    assert told.legs == [("Vakt 1", "accepted"), ("Vakt 1", "accepted")]
    assert told.rang == [VAKT_1, VAKT_1]
    assert told.ticket["acknowledged_by"] == "Vakt 1"
