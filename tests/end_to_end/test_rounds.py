"""A critical ticket does not sleep: the worker calls the duty again until somebody has it."""

from __future__ import annotations

from typing import Any

import pytest

from app.exchange.records.calls import Call, Direction
from tests.end_to_end.house import House
from tests.end_to_end.running import wait_until
from tests.end_to_end.told import Told
from tests.end_to_end.who import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)

LEADER, LEADERS_PHONE = "teamleiar@brukarstotte.example", "+4749002901"
ASLEEP = dict.fromkeys((VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER), "no_answer")
HEARS_TAKES_CALLS = {
    "persona": "accepts",
    "answers": ["3@sentence", "1@sentence", "3@sentence"],  # the message, the case, its caller
}


@pytest.fixture(autouse=True)
def patient_network(house: House) -> Any:
    with house.queues_in_real_time():
        yield


def a_message_at_night(house: House) -> Told:
    """Nobody answers on the duty line; the caller leaves a message."""
    told = house.call(DUTY, NURSING_HOME, ["1", "speak 7"], people=ASLEEP)
    assert told.outcome == "message"
    wait_until(lambda: bool(house.rows("recordings", call_sid=told.sid)), "the message is here")
    return told


def ticket(house: House, told: Told) -> Any:
    return house.get(f"/tickets/{told.ticket['number']}")


def rung_in_rounds(house: House, mark: int) -> list[Call]:
    """The telephones that the worker has rung, in order."""
    calls = list(reversed(house.exchange.office.calls.all()))[mark:]
    return [call for call in calls if call.direction is Direction.OUTBOUND_API]


def test_the_backup_hears_the_message_takes_the_case_and_calls_the_caller(house: House) -> None:
    told = a_message_at_night(house)
    mark = len(house.exchange.office.calls.all())
    house.exchange.seat({VAKT_2: HEARS_TAKES_CALLS, NURSING_HOME: "sleeper"})
    assert ticket(house, told)["unanswered"] is True

    house.let_time_pass(told, minutes=2)
    wait_until(lambda: bool(ticket(house, told)["acknowledged_by"]), "somebody takes it")
    taken = ticket(house, told)
    assert (taken["acknowledged_by"], taken["unanswered"]) == ("Vakt 2", False)
    assert taken["next_round_at"] is None

    rang = rung_in_rounds(house, mark)
    assert [call.called for call in rang] == [VAKT_1, VAKT_1_HOME, VAKT_2]
    backup = rang[-1]
    house.exchange.wait(backup.sid)
    events = backup.transcript.events()
    heard = [str(e.facts.get("text") or e.facts.get("url") or "") for e in events]
    assert "Ingen har teke sak" in " ".join(heard)
    assert any("/twilio/message/" in each for each in heard), "the caller's own words"
    called = house.exchange.office.calls.legs_of(backup.sid)
    assert [(leg.called, leg.caller) for leg in called] == [(NURSING_HOME, DUTY)]
    wait_until(lambda: "caller" in roles(ticket(house, told)), "the callback is a leg of the case")

    [recording] = house.rows("recordings", call_sid=told.sid)
    who = {(row["who"], row["way"]) for row in house.rows("listenings", recording=recording["sid"])}
    assert who == {("Vakt 2", "telephone")}
    rounds = {row["person"] for row in house.rows("outbox", kind="sms", call_sid=a_round(told))}
    assert rounds == {"vakt-1", "vakt-2"}, "each is told once"


def test_when_nobody_takes_it_the_contacts_are_told_by_sms_and_mail(house: House) -> None:
    told = a_message_at_night(house)
    number = told.ticket["number"]
    house.let_time_pass(told, minutes=61)
    wait_until(lambda: bool(house.rows("alarms", subject=str(number))), "the rounds run out", 60)

    assert ticket(house, told)["unanswered"] is True
    assert ticket(house, told)["rounds_made"] == 1
    wait_until(lambda: f"sak {number}" in last_subject(house), "the mail is there")
    assert [m for m in house.alarms() if m.to == LEADERS_PHONE][-1].body == last_subject(house)


def test_a_round_whose_worker_is_killed_goes_on(house: House) -> None:
    told = a_message_at_night(house)
    mark = len(house.exchange.office.calls.all())
    house.exchange.seat({VAKT_1: "human", VAKT_1_HOME: "busy", VAKT_2: "accepts"})
    house.let_time_pass(told, minutes=2)
    wait_until(lambda: len(rung_in_rounds(house, mark)) == 1, "the first telephone rings")
    house.worker.kill()
    house.exchange.decline(rung_in_rounds(house, mark)[0].sid)
    house.worker.start()
    house.wait_until_ready()

    wait_until(lambda: bool(ticket(house, told)["acknowledged_by"]), "the round goes on", 60)
    assert [call.called for call in rung_in_rounds(house, mark)] == [VAKT_1, VAKT_1_HOME, VAKT_2]
    assert ticket(house, told)["rounds_made"] == 1


def a_round(told: Told, which: int = 1) -> str:
    return f"round-{told.ticket['number']}-{which}"


def last_subject(house: House) -> str:
    mails = house.mail.to(LEADER)
    return str(mails[-1]["Subject"]) if mails else ""


def roles(found: Any) -> list[str]:
    return [leg["role"] for leg in found["legs"]]
