"""The database stops, or does not answer, in the middle of calls: every caller reaches a human."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import requests

from app.store import migrate
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import (
    CARE_HOME,
    DUTY,
    KUNDESERVICE,
    KUNDESERVICE_1,
    NURSING_HOME,
    SCHOOL,
    VAKT_1,
    VAKT_1_HOME,
    WEDNESDAY_MORNING,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ANSWERS_WITHIN, RunningProduct, running_product
from tests.support import postgres_server

BY_SMS = "Du får saksnummeret på SMS"


def test_a_database_that_does_not_answer_costs_seconds_and_no_caller(
    product: RunningProduct,
) -> None:
    with product.stuck_database():
        night = product.dial(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})
        product.exchange.wait(night.sid)
    night.hears(BY_SMS, "Vi ringjer vakta")
    assert len(night.talks) == 1

    next_one = product.dial(DUTY, SCHOOL, "1", people={VAKT_1: "accepts"})
    product.exchange.wait(next_one.sid)
    kept = lambda: product.rows("calls", sid=next_one.sid, outcome="connected")  # noqa: E731
    wait_until(lambda: bool(kept()), "the journal is told, and nothing is left of it")


def test_when_the_database_stops_1_still_connects_and_the_next_one_is_rung(tmp_path: Path) -> None:
    with postgres_server.running_server() as socket_folder:
        url = postgres_server.url(socket_folder, "postgres")
        migrate(url)
        with running_product("postgresql", url, tmp_path) as product:
            people = {VAKT_1: "human", KUNDESERVICE_1: "human"}
            whispered = product.dial(DUTY, NURSING_HOME, "1", people=people)
            ringing = product.dial(DUTY, SCHOOL, "1")
            wait_until(lambda: bool(product.legs_of(ringing)), "Vakt 1 rings")
            wait_until(lambda: bool(product.legs_of(whispered)), "Vakt 1 rings")
            product.exchange.answer(product.legs_of(whispered)[0].sid)
            wait_until(lambda: bool(heard_by(whispered)), "Vakt 1 hears the whisper")

            queued = product.dial(KUNDESERVICE, CARE_HOME, "1,1", at=WEDNESDAY_MORNING)
            wait_until(lambda: KUNDESERVICE_1 in queued.rang, "Kundeservice 1 rings")
            [first_line] = [each for each in queued.phones if each.called == KUNDESERVICE_1]
            product.exchange.answer(first_line.sid)
            wait_until(lambda: bool(queued.whispered(KUNDESERVICE_1)), "so does Kundeservice 1")

            stop_at_once(socket_folder)
            product.exchange.press(first_line.sid, "1")
            product.exchange.press(product.legs_of(whispered)[0].sid, "1")
            wait_until(lambda: product.asked(whispered, "/key/") == 1, "1 is pressed")
            wait_until(lambda: "dequeued" in {event.kind for event in queued.events}, "so there")
            product.exchange.hang_up(first_line.sid)
            product.exchange.hang_up(whispered.sid)
            awake = {VAKT_1: "accepts", VAKT_1_HOME: "accepts"}
            later = product.dial(DUTY, SCHOOL, "1", people=awake)
            product.exchange.decline(product.legs_of(ringing)[0].sid)
            for each in (whispered, queued, ringing, later):
                product.exchange.wait(each.sid)

            assert len(whispered.talks) == len(queued.talks) == 1, (
                "connected although nothing could be stored"
            )
            ringing.hears("Vi ringjer vakta", "Vi prøver neste")
            later.hears(BY_SMS, "Vi ringjer vakta")
            assert len(ringing.talks) == len(later.talks) == 1
            assert status(product, "/healthz") == 200
            assert status(product, "/readyz") == 503
            assert product.worker.is_running


def heard_by(told: CallRecord) -> bool:
    """Whether somebody whom the call rang hears the whisper now."""
    return any(event.kind == "whisper_hears" for event in told.events)


def stop_at_once(socket_folder: Path) -> None:
    """Stops our own server as a power cut does."""
    pid = (socket_folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(pid), signal.SIGQUIT)


def status(product: RunningProduct, path: str) -> int:
    return requests.get(product.url + path, timeout=ANSWERS_WITHIN).status_code
