"""Kundeservice by day: the first line rings all at once, from a queue, through the worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from exchange.faults.read import read_faults
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import (
    CARE_HOME,
    KUNDESERVICE,
    KUNDESERVICE_1,
    KUNDESERVICE_2,
    WEDNESDAY_MORNING,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import RunningProduct

CRITICAL = "1,1"
STUTTERS: dict[str, dict[str, Any]] = {
    "callbacks shuffled and twice": {"reorder_callbacks": True, "duplicate_callbacks": 1},
    "every request repeated": {"webhooks": [{"how": "twice", "times": 0}]},
}


def phone_in(product: RunningProduct, keys: str = CRITICAL, **people: str) -> CallRecord:
    assignments = {KUNDESERVICE_1: people["first"], KUNDESERVICE_2: people["second"]}
    return product.call(KUNDESERVICE, CARE_HOME, keys, at=WEDNESDAY_MORNING, people=assignments)


def test_both_ring_and_when_one_accepts_the_other_is_stopped(product: RunningProduct) -> None:
    day = phone_in(product, first="accepts", second="human")

    day.hears("ROR-IKT Kundeservice", "Saksnummer", "Vi setter deg over")
    assert sorted(day.rang) == [KUNDESERVICE_1, KUNDESERVICE_2]
    assert day.legs == [("Kundeservice 1", "accepted"), ("Kundeservice 2", "cancelled")]
    assert day.talks == [60]
    assert day.outcome == "connected"
    assert day.ticket["acknowledged_by"] == "Kundeservice 1"
    assert day.ticket["respond_by"].startswith("2026-11-18T10:15:")
    assert day.sms == [CARE_HOME]


@pytest.mark.parametrize("faults", STUTTERS.values(), ids=STUTTERS.keys())
def test_a_network_that_stutters_changes_nothing(
    product: RunningProduct, faults: dict[str, Any]
) -> None:
    product.exchange.set_faults(read_faults(faults))
    day = phone_in(product, first="accepts", second="human")

    assert day.legs == [("Kundeservice 1", "accepted"), ("Kundeservice 2", "cancelled")]
    assert len(set(day.rang)) == len(day.rang), "nobody is rung twice"
    assert day.outcome == "connected"
    assert day.ticket["acknowledged_by"] == "Kundeservice 1"
    assert day.sms == [CARE_HOME]


def test_nobody_is_free_and_the_caller_leaves_a_message(product: RunningProduct) -> None:
    day = phone_in(product, "1,1,speak 5", first="no_answer", second="busy")

    day.hears("Ingen kunne svare nå", "Du får svar innen", "Takk, beskjeden er mottatt")
    assert sorted(day.legs) == [("Kundeservice 1", "no_answer"), ("Kundeservice 2", "busy")]
    assert day.outcome == "message"


def test_of_two_who_press_1_together_one_talks_and_the_other_is_thanked(
    product: RunningProduct,
) -> None:
    day = product.dial(
        KUNDESERVICE,
        CARE_HOME,
        CRITICAL,
        at=WEDNESDAY_MORNING,
        people={KUNDESERVICE_1: "human", KUNDESERVICE_2: "human"},
    )
    wait_until(lambda: len(day.phones) == 2, "both ring")
    phones = day.phones
    for phone in phones:
        product.exchange.answer(phone.sid)
    wait_until(lambda: all(day.whispered(phone.called) for phone in phones), "both hear it")
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda phone: product.exchange.press(phone.sid, "1"), phones))
    wait_until(lambda: "dequeued" in {event.kind for event in day.events}, "one is connected")
    wait_until(lambda: any(phone.status.is_over for phone in phones), "the other is let go")
    [winner] = [phone for phone in phones if not phone.status.is_over]
    [loser] = [phone for phone in phones if phone is not winner]
    product.exchange.hang_up(winner.sid)
    product.wait(day)

    assert sorted(outcome for _, outcome in day.legs) == ["accepted", "late"]
    assert day.whispered(loser.called)[-1] == "En annen har tatt samtalen. Takk."
    assert len(day.talks) == 1
    assert day.outcome == "connected"


def test_when_the_network_takes_none_of_our_calls_they_are_rung_in_order(
    product: RunningProduct,
) -> None:
    refusal: dict[str, Any] = {"status": 400, "code": 21219, "match": "/Calls", "times": 0}
    product.exchange.set_faults(read_faults({"rest": [refusal]}))
    day = phone_in(product, first="busy", second="accepts")

    assert day.rang == [KUNDESERVICE_1, KUNDESERVICE_2]
    assert [outcome for _, outcome in day.legs] == ["failed", "failed", "busy", "accepted"]
    assert day.outcome == "connected"
    assert len(day.talks) == 1


def test_without_a_worker_they_are_rung_in_order_after_five_seconds(
    product: RunningProduct,
) -> None:
    with product.no_worker():
        day = phone_in(product, first="no_answer", second="accepts")
        assert "no_leg_placed" in day.reasons
        assert day.rang == [KUNDESERVICE_1, KUNDESERVICE_2], "in order, from the caller's own line"
        assert [outcome for _, outcome in day.legs[-2:]] == ["no_answer", "accepted"]
        assert day.talks == [60]
        assert day.sms == [], "it has to wait"

    product.wait(day)
    assert day.sms == [CARE_HOME], "sent when the worker is back"
    assert day.rang == [KUNDESERVICE_1, KUNDESERVICE_2], "nobody is rung for a call that is over"
