"""The network stutters: callbacks twice, late, shuffled; requests repeated; answers too slow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from exchange.faults.read import read_faults
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import (
    CARE_HOME,
    DUTY,
    IT_MANAGER,
    KUNDESERVICE,
    KUNDESERVICE_1,
    KUNDESERVICE_2,
    NURSING_HOME,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
    WEDNESDAY_MORNING,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ANSWERS_WITHIN, ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

PEOPLE = {VAKT_1: "sleeper", VAKT_1_HOME: "busy", VAKT_2: "accepts"}
SORRY, RINGING, NOBODY = "Beklagar, noko er gale", "Vi ringjer ein som kan hjelpe", "Vi når ingen"
ASKED = 3  # times, before the network gives an address of ours up (#rc=2)

STUTTERS = {
    "callbacks twice": {"duplicate_callbacks": 1},
    "callbacks late": {"late_callbacks": 20},
    "callbacks shuffled and twice": {"reorder_callbacks": True, "duplicate_callbacks": 2},
    "every request repeated": {"webhooks": [{"how": "twice", "times": 0}]},
    "no connection at first": {"webhooks": [{"how": "connect", "match": "/voice/turn/1"}]},
    "no duration": {"omit_dial_duration": True},
}


def each_is_told_once(night: CallRecord) -> None:
    """The caller has an SMS, and nobody two: the duty's are dropped once somebody has accepted."""
    assert night.sms.count(NURSING_HOME) == 1
    assert len(set(night.sms)) == len(night.sms)
    assert set(night.sms) <= {NURSING_HOME, VAKT_1, VAKT_2}


@pytest.mark.parametrize("faults", STUTTERS.values(), ids=STUTTERS.keys())
def test_a_network_that_stutters_changes_nothing(
    product: RunningProduct, faults: dict[str, Any]
) -> None:
    night = product.call(DUTY, NURSING_HOME, "1", people=PEOPLE, faults=faults)

    assert night.outcome == "connected"
    assert night.legs == [("Vakt 1", "unconfirmed"), ("Vakt 1", "busy"), ("Vakt 2", "accepted")]
    said = f"Saksnummer {', '.join(str(night.ticket['number']))}."
    assert night.heard.count(said) == 1
    each_is_told_once(night)


def broken(product: RunningProduct, fault: Mapping[str, Any], **people: str) -> CallRecord:
    assignments = {VAKT_1: "accepts", IT_MANAGER: people["manager"]}
    return product.call(DUTY, NURSING_HOME, "1", people=assignments, faults={"webhooks": [fault]})


def test_when_the_first_document_fails_the_last_resort_is_rung(product: RunningProduct) -> None:
    fault = {"how": "status", "status": 500, "match": "/twilio/voice"}
    night = broken(product, fault, manager="accepts")

    night.hears(SORRY, RINGING)
    assert night.rang == [IT_MANAGER]
    assert "trykk 1 for å svare" in night.whispered(IT_MANAGER)[0]
    assert night.talks == [60]
    assert product.ask_api(f"/calls/{night.sid}").status_code == 404, "it never reached us"


def test_a_voicemail_does_not_swallow_the_lifeline(product: RunningProduct) -> None:
    fault = {"how": "status", "status": 500, "match": "/twilio/voice"}
    night = broken(product, fault, manager="voicemail")

    night.hears(SORRY, RINGING, NOBODY)
    assert night.rang == [IT_MANAGER]
    assert night.talks == []


def test_an_answer_that_comes_too_late_is_given_once_more(product: RunningProduct) -> None:
    fault = {"how": "slow", "seconds": ANSWERS_WITHIN + 1, "match": "/voice/turn/1"}
    night = broken(product, fault, manager="accepts")

    night.hears("Saksnummer", "Vi ringjer vakta").hears_never(SORRY)
    assert night.rang == [VAKT_1]
    assert night.talks == [60]
    assert night.ticket["priority"] == "critical"
    assert night.ticket["acknowledged_by"] == "Vakt 1"
    each_is_told_once(night)


def test_an_answer_that_is_lost_in_the_middle_leaves_nobody_out(product: RunningProduct) -> None:
    fault = {"how": "lost", "match": "/voice/turn/2"}
    people = {VAKT_1: "no_answer", IT_MANAGER: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people, faults={"webhooks": [fault]})

    night.hears("Saksnummer", "Vi prøver neste").hears_never(SORRY)
    assert night.rang == [VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER]
    assert night.talks == [60]
    assert len(night.tickets) == 1


def test_an_acceptance_whose_answer_is_lost_is_taken_back_and_the_next_is_rung(
    product: RunningProduct,
) -> None:
    fault = {"how": "lost", "match": "/key/", "times": ASKED}
    people = {VAKT_1: "accepts", VAKT_2: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people, faults={"webhooks": [fault]})

    assert night.legs == [("Vakt 1", "failed"), ("Vakt 1", "no_answer"), ("Vakt 2", "accepted")]
    assert "not_bridged" in night.reasons
    assert night.talks == [60]
    assert night.outcome == "connected"
    assert night.ticket["status"] == "acknowledged"


def test_an_acceptance_whose_answer_is_lost_once_is_asked_for_again(
    product: RunningProduct,
) -> None:
    fault = {"how": "lost", "match": "/key/"}
    people = {VAKT_1: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people, faults={"webhooks": [fault]})

    assert night.legs == [("Vakt 1", "accepted")]
    assert night.talks == [60]


def test_a_whisper_that_fails_never_connects(product: RunningProduct) -> None:
    fault = {"how": "status", "status": 500, "match": "/whisper", "times": ASKED}
    people = {VAKT_1: "accepts", VAKT_1_HOME: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people, faults={"webhooks": [fault]})

    assert [outcome for _, outcome in night.legs] == ["unconfirmed", "accepted"]
    assert len(night.talks) == 1


def test_when_the_queue_is_lost_while_they_ring_they_are_rung_in_order(
    product: RunningProduct,
) -> None:
    people = {KUNDESERVICE_1: "human", KUNDESERVICE_2: "human"}
    day = product.dial(KUNDESERVICE, CARE_HOME, "1,1", at=WEDNESDAY_MORNING, people=people)
    wait_until(lambda: len(day.rang) == 2, "both ring")
    product.exchange.assign({KUNDESERVICE_1: "accepts"})
    music = {"how": "status", "status": 500, "match": "/twilio/wait/", "times": 0}
    product.exchange.set_faults(read_faults({"webhooks": [music]}))
    product.wait(day)

    assert "queue_lost" in day.reasons
    assert day.outcome == "connected"
    assert day.talks == [60]
    assert day.legs[-1] == ("Kundeservice 1", "accepted")
    assert len(day.tickets) == 1
