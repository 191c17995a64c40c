"""SMS both ways: refused for good, refused for now, not delivered, and received."""

from __future__ import annotations

from typing import Any

import pytest

from app.exchange.faults.read import read_faults
from tests.end_to_end.house import UNKNOWN_LINE, House
from tests.end_to_end.told import Told
from tests.end_to_end.who import DUTY, NURSING_HOME, VAKT_1, VAKT_2

TRY_AGAIN = {"too many requests": (429, 20429), "a fault of theirs": (500, 20500)}


def a_night(house: House, **faults: Any) -> Told:
    """The caller hangs up before anybody accepts, so that each SMS still has its use.

    Meanwhile the network has these faults.
    """
    house.exchange.set_faults(read_faults(faults))
    return house.call(DUTY, NURSING_HOME, "1,ring-hangup@8")


def happened(house: House, told: Told) -> list[str]:
    events = house.rows("ticket_events", ticket=told.ticket["number"])
    return [event["kind"] for event in events]


def test_a_number_that_cannot_receive_is_not_tried_again(house: House) -> None:
    refusal = {"status": 400, "code": 21614, "match": "Messages", "number": VAKT_2, "times": 0}
    night = a_night(house, rest=[refusal])

    [job] = house.rows("outbox", call_sid=night.sid, person="vakt-2")
    assert (job["state"], job["attempts"], job["error_code"]) == ("failed", 1, "21614")
    assert night.sms == sorted([NURSING_HOME, VAKT_1]), "the others have theirs"
    assert "notice_failed" in happened(house, night), "and the ticket shows it"


@pytest.mark.parametrize(("status", "code"), TRY_AGAIN.values(), ids=TRY_AGAIN.keys())
def test_what_is_refused_for_now_is_sent_later_and_once(
    house: House, status: int, code: int
) -> None:
    refusal = {"status": status, "code": code, "match": "Messages", "number": VAKT_1}
    night = a_night(house, rest=[refusal])

    [job] = house.rows("outbox", call_sid=night.sid, person="vakt-1")
    assert (job["state"], job["attempts"]) == ("sent", 2)
    assert night.sms == sorted([NURSING_HOME, VAKT_1, VAKT_2])


def test_a_duty_sms_that_does_not_arrive_shows_on_the_ticket(house: House) -> None:
    night = a_night(house, sms={VAKT_2: {"status": "undelivered", "error_code": 30005}})

    assert happened(house, night).count("notice_undelivered") == 1
    [shown] = house.rows("ticket_events", ticket=night.ticket["number"], kind="notice_undelivered")
    assert shown["who"] == "vakt-2"


def test_an_sms_that_comes_twice_is_stored_once_and_answered(house: House) -> None:
    house.exchange.set_faults(read_faults({"webhooks": [{"how": "twice", "match": "/sms"}]}))
    message = house.exchange.text(NURSING_HOME, DUTY, "Hei, er nokon der?")

    [kept] = house.rows("incoming_sms", sid=message.sid)
    assert (kept["desk"], kept["body"]) == ("brukarstotte", "Hei, er nokon der?")
    answer = house.messages()[-1]
    assert (answer.direction, answer.to) == ("outbound-reply", NURSING_HOME)
    assert answer.body.startswith("Brukarstøtte:")
    assert DUTY.removeprefix("+47") in answer.body.replace(" ", "")


def test_an_sms_to_a_number_that_no_desk_has_is_kept_and_answered(house: House) -> None:
    message = house.exchange.text(NURSING_HOME, UNKNOWN_LINE, "Hallo")

    [kept] = house.rows("incoming_sms", sid=message.sid)
    assert kept["desk"] is None
    assert house.messages()[-1].body.startswith("Ingen leser SMS")
