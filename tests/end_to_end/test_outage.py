"""Parts of the system are down: the database for a whole night, and a deploy in a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from exchange.records.calls import CallResource
from tests.conftest import migrate
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import (
    DUTY,
    NURSING_HOME,
    SATURDAY_NIGHT,
    SUPPORT,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ANSWERS_WITHIN, RunningProduct, running_product
from tests.support.postgres_server import Server, a_server, url

CALLS = 24


@dataclass
class Fragile:
    """An installation on a server that can be stopped."""

    product: RunningProduct
    server: Server

    def stop(self) -> None:
        self.server.stop()
        wait_until(lambda: self.ready["database"] == "away", "the database is away")

    def start(self) -> None:
        self.server.start()
        self.product.database.close()  # its connections are those of the old server
        wait_until(lambda: self.ready["waiting"] == 0, "the journal is told")

    @property
    def ready(self) -> Any:
        return requests.get(f"{self.product.url}/readyz", timeout=ANSWERS_WITHIN).json()


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Fragile]:
    with a_server() as server:
        database = url(server.home, "postgres")
        migrate(database)
        with running_product("postgresql", database, tmp_path) as product:
            product.begin_story()
            yield Fragile(product, server)
            assert not [alert for alert in product.exchange.alerts() if not alert.by_fault]


def test_the_database_is_away_for_a_whole_night_and_no_caller_notices(
    fragile: Fragile,
) -> None:
    product = fragile.product
    begun, phone = a_call_that_rings(product)
    fragile.stop()
    product.exchange.answer(phone.sid)
    until_heard(begun, phone)
    product.exchange.press(phone.sid, "1")

    night = [a_caller(product, number) for number in range(CALLS)]
    product.exchange.hang_up(phone.sid)
    product.exchange.wait(begun.sid)
    fragile.start()
    wait_until(lambda: len(product.rows("tickets")) > CALLS, "the journal is in the database")
    for told in (begun, *night):
        wait_until(lambda told=told: not product.open_jobs(told.sid), "all is sent")

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
        assert product.rows("recordings", call_sid=told.sid), "what was said is kept"
    numbers = [told.ticket["number"] for told in (begun, *night)]
    assert len(set(numbers)) == len(numbers) == len(product.rows("tickets"))


def a_caller(product: RunningProduct, number: int) -> CallRecord:
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
        product.dial(SUPPORT, caller, ["2", "speak 7"], at=at)
        if number % 2
        else product.dial(DUTY, caller, "1", at=at, people=people)
    )
    product.exchange.wait(told.sid)
    return told


def a_call_that_rings(product: RunningProduct) -> tuple[CallRecord, CallResource]:
    told = product.dial(DUTY, NURSING_HOME, "1", people={VAKT_1: "human", VAKT_2: "no_answer"})
    wait_until(lambda: bool(legs(product, told)), "Vakt 1 rings")
    return told, legs(product, told)[0]


def legs(product: RunningProduct, told: CallRecord) -> list[CallResource]:
    return list(product.exchange.network.calls.legs_of(told.sid))


def until_heard(told: CallRecord, phone: CallResource) -> None:
    heard = lambda: any("trykk 1" in str(e.facts.get("text")) for e in told.events)  # noqa: E731
    wait_until(heard, "the whisper is heard")
    assert phone.called == VAKT_1


def until_all_is_told(product: RunningProduct, told: CallRecord) -> None:
    """Every SMS is sent, and the network has told how each of them fared.

    New processes may take longer than its 15 s on a machine that does much else.
    """
    wait_until(lambda: not product.open_jobs(told.sid), "the outbox is empty")
    for message in product.messages(told.mark):
        assert message.settled.wait(60), "the SMS has its last status"


def accepted(product: RunningProduct, told: CallRecord) -> int:
    return len(product.rows("legs", call_sid=told.sid, outcome="accepted"))


def deploy(product: RunningProduct, told: CallRecord) -> None:
    until_all_is_told(product, told)
    product.web.renew()
    product.wait_until_ready()


def test_a_deploy_in_the_middle_of_a_call_is_not_noticed(product: RunningProduct) -> None:
    told = product.dial(DUTY, NURSING_HOME, "1,1", people={VAKT_1: "human"})
    first = product.take(told, VAKT_1)
    deploy(product, told)
    product.exchange.hang_up(first.sid)
    told_again = "Innringaren du snakka med, er der att."
    wait_until(lambda: len(legs(product, told)) == 2, "the caller presses 1, and it rings again")
    again = legs(product, told)[1]
    product.exchange.answer(again.sid)
    wait_until(lambda: told_again in told.whispered(VAKT_1), "the whisper is heard")
    product.exchange.press(again.sid, "1")
    wait_until(lambda: accepted(product, told) == 2, "they talk again")
    deploy(product, told)
    product.exchange.hang_up(again.sid)
    product.wait(told)

    assert told.outcome == "connected"
    assert told.legs == [("Vakt 1", "accepted"), ("Vakt 1", "accepted")]
    assert told.rang == [VAKT_1, VAKT_1]
    assert told.ticket["acknowledged_by"] == "Vakt 1"
