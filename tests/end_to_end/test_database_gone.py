"""The database stops, or does not answer, in the middle of calls: every caller reaches a human."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import requests

from app.store import migrate
from tests import postgres
from tests.end_to_end.house import House, a_house
from tests.end_to_end.running import wait_until
from tests.end_to_end.told import Told
from tests.end_to_end.who import (
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

BY_SMS = "Du får saksnummeret på SMS"


def test_a_database_that_does_not_answer_costs_seconds_and_no_caller(house: House) -> None:
    with house.stuck_database():
        night = house.dial(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})
        house.exchange.wait(night.sid)
    night.hears(BY_SMS, "Vi ringjer vakta")
    assert len(night.talks) == 1

    next_one = house.dial(DUTY, SCHOOL, "1", people={VAKT_1: "accepts"})
    house.exchange.wait(next_one.sid)
    kept = lambda: house.rows("calls", sid=next_one.sid, outcome="connected")  # noqa: E731
    wait_until(lambda: bool(kept()), "the journal is told, and nothing is left of it", 30)


def test_when_the_database_stops_1_still_connects_and_the_next_one_is_rung(tmp_path: Path) -> None:
    with postgres.running_server() as socket_folder:
        url = postgres.url(socket_folder, "postgres")
        migrate(url)
        with a_house("postgresql", url, tmp_path) as house, house.queues_in_real_time():
            people = {VAKT_1: "human", KUNDESERVICE_1: "human"}
            whispered = house.dial(DUTY, NURSING_HOME, "1", people=people)
            ringing = house.dial(DUTY, SCHOOL, "1")
            wait_until(lambda: bool(house.legs_of(ringing)), "Vakt 1 rings")
            wait_until(lambda: bool(house.legs_of(whispered)), "Vakt 1 rings")
            house.exchange.answer(house.legs_of(whispered)[0].sid)
            wait_until(lambda: bool(heard_by(whispered)), "Vakt 1 hears the whisper")

            queued = house.dial(KUNDESERVICE, CARE_HOME, "1,1", at=WEDNESDAY_MORNING)
            wait_until(lambda: KUNDESERVICE_1 in queued.rang, "Kundeservice 1 rings")
            [first_line] = [each for each in queued.phones if each.called == KUNDESERVICE_1]
            house.exchange.answer(first_line.sid)
            wait_until(lambda: bool(queued.whispered(KUNDESERVICE_1)), "so does Kundeservice 1")

            stop_at_once(socket_folder)
            house.exchange.press(first_line.sid, "1")
            house.exchange.press(house.legs_of(whispered)[0].sid, "1")
            wait_until(lambda: house.asked(whispered, "/key/") == 1, "1 is pressed")
            wait_until(lambda: "dequeued" in {event.kind for event in queued.events}, "so there")
            house.exchange.hang_up(first_line.sid)
            house.exchange.hang_up(whispered.sid)
            awake = {VAKT_1: "accepts", VAKT_1_HOME: "accepts"}
            later = house.dial(DUTY, SCHOOL, "1", people=awake)
            house.exchange.decline(house.legs_of(ringing)[0].sid)
            for each in (whispered, queued, ringing, later):
                house.exchange.wait(each.sid)

            assert len(whispered.talks) == len(queued.talks) == 1, (
                "connected although nothing could be stored"
            )
            ringing.hears("Vi ringjer vakta", "Vi prøver neste")
            later.hears(BY_SMS, "Vi ringjer vakta")
            assert len(ringing.talks) == len(later.talks) == 1
            assert status(house, "/healthz") == 200
            assert status(house, "/readyz") == 503
            assert house.worker.is_running


def heard_by(told: Told) -> bool:
    """Whether somebody whom the call rang hears the whisper now."""
    return any(event.kind == "whisper_hears" for event in told.events)


def stop_at_once(socket_folder: Path) -> None:
    """Stops our own server as a power cut does."""
    pid = (socket_folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(pid), signal.SIGQUIT)


def status(house: House, path: str) -> int:
    return requests.get(house.url + path, timeout=15).status_code
