"""SMS both ways: refused for good, refused for now, not delivered, and received."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.faults.read import read_faults
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import DUTY, NURSING_HOME, VAKT_1, VAKT_2
from tests.end_to_end.product import ON_A_SERVER, UNKNOWN_LINE, RunningProduct

pytestmark = ON_A_SERVER

TRY_AGAIN = {"too many requests": (429, 20429), "a fault of theirs": (500, 20500)}


def a_night(product: RunningProduct, **faults: Any) -> CallRecord:
    """The caller hangs up before anybody accepts, so that each SMS still has its use.

    Meanwhile the network has these faults.
    """
    product.exchange.set_faults(read_faults(faults))
    return product.call(DUTY, NURSING_HOME, "1,ring-hangup@8")


def happened(product: RunningProduct, told: CallRecord) -> list[str]:
    events = product.rows("ticket_events", ticket=told.ticket["number"])
    return [event["kind"] for event in events]


def test_a_number_that_cannot_receive_is_not_tried_again(product: RunningProduct) -> None:
    refusal = {"status": 400, "code": 21614, "match": "Messages", "number": VAKT_2, "times": 0}
    night = a_night(product, rest=[refusal])

    [job] = product.rows("outbox", call_sid=night.sid, person="vakt-2")
    assert (job["state"], job["attempts"], job["error_code"]) == ("failed", 1, "21614")
    assert night.sms == sorted([NURSING_HOME, VAKT_1]), "the others have theirs"
    assert "notification_failed" in happened(product, night), "and the ticket shows it"


@pytest.mark.parametrize(("status", "code"), TRY_AGAIN.values(), ids=TRY_AGAIN.keys())
def test_what_is_refused_for_now_is_sent_later_and_once(
    product: RunningProduct, status: int, code: int
) -> None:
    refusal = {"status": status, "code": code, "match": "Messages", "number": VAKT_1}
    night = a_night(product, rest=[refusal])

    [job] = product.rows("outbox", call_sid=night.sid, person="vakt-1")
    assert (job["state"], job["attempts"]) == ("sent", 2)
    assert night.sms == sorted([NURSING_HOME, VAKT_1, VAKT_2])


def test_a_duty_sms_that_does_not_arrive_shows_on_the_ticket(product: RunningProduct) -> None:
    night = a_night(product, sms={VAKT_2: {"status": "undelivered", "error_code": 30005}})

    assert happened(product, night).count("notification_undelivered") == 1
    [shown] = product.rows(
        "ticket_events", ticket=night.ticket["number"], kind="notification_undelivered"
    )
    assert shown["who"] == "vakt-2"


def test_an_sms_that_comes_twice_is_stored_once_and_answered(product: RunningProduct) -> None:
    product.exchange.set_faults(read_faults({"webhooks": [{"how": "twice", "match": "/sms"}]}))
    mark = len(product.exchange.messages())
    message = product.exchange.text(NURSING_HOME, DUTY, "Hei, er nokon der?")

    [kept] = product.rows("incoming_sms", sid=message.sid)
    assert (kept["desk"], kept["body"]) == ("brukarstotte", "Hei, er nokon der?")
    [answer] = product.messages(mark)
    assert (answer.direction, answer.to) == ("outbound-reply", NURSING_HOME)
    assert answer.body.startswith("Brukarstøtte:")
    assert DUTY.removeprefix("+47") in answer.body.replace(" ", "")


def test_an_sms_to_a_number_that_no_desk_has_is_kept_and_answered(product: RunningProduct) -> None:
    mark = len(product.exchange.messages())
    message = product.exchange.text(NURSING_HOME, UNKNOWN_LINE, "Hallo")

    [kept] = product.rows("incoming_sms", sid=message.sid)
    assert kept["desk"] is None
    [answer] = product.messages(mark)
    assert answer.body.startswith("Ingen leser SMS")
