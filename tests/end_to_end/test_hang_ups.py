"""The caller hangs up: in the menu, while it rings, in the message, in the talk; and comes back."""

from __future__ import annotations

from tests.end_to_end.people import (
    CARE_HOME,
    DUTY,
    KUNDESERVICE,
    KUNDESERVICE_1,
    KUNDESERVICE_2,
    NURSING_HOME,
    VAKT_1,
    VAKT_2,
    WEDNESDAY_MORNING,
)
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER


def test_in_the_menu_there_is_no_ticket_and_nobody_is_woken(product: RunningProduct) -> None:
    night = product.call(DUTY, NURSING_HOME, "hangup@2", people={VAKT_1: "accepts"})

    assert night.outcome == "abandoned"
    assert (night.tickets, night.rang, night.sms) == ([], [], [])


def test_while_it_rings_the_ticket_stays_and_the_duty_knows_of_it(product: RunningProduct) -> None:
    night = product.call(DUTY, NURSING_HOME, "1,ring-hangup@8")

    assert night.legs == [("Vakt 1", "cancelled")]
    assert night.outcome == "ticket"
    assert night.ticket["status"] == "open"
    assert night.sms == sorted([NURSING_HOME, VAKT_1, VAKT_2])


def test_while_the_whisper_is_heard_nobody_is_connected_to_nobody(product: RunningProduct) -> None:
    slow = {"persona": "accepts", "rings": 4, "answers": ["1@6"]}
    night = product.call(DUTY, NURSING_HOME, "1,ring-hangup@8", people={VAKT_1: slow})

    assert night.outcome == "ticket"
    assert night.talks == []
    assert night.rang == [VAKT_1], "and nobody else is woken"
    assert night.ticket["status"] == "open"


def test_in_the_queue_nobody_rings_on(product: RunningProduct) -> None:
    people = {KUNDESERVICE_1: "human", KUNDESERVICE_2: "human"}
    day = product.call(
        KUNDESERVICE, CARE_HOME, "1,1,wait-hangup@3", at=WEDNESDAY_MORNING, people=people
    )

    assert {outcome for _, outcome in day.legs} == {"cancelled"}
    assert all(phone.status.is_over for phone in day.phones)
    assert day.outcome == "ticket"


def test_during_the_message_what_was_said_is_kept(product: RunningProduct) -> None:
    night = product.call(DUTY, NURSING_HOME, ["1", "speak 4 hangup"])

    assert night.outcome == "message"
    [kept] = product.rows("recordings", call_sid=night.sid)
    assert kept["ticket"] == night.ticket["number"]


def test_in_the_talk_the_call_was_connected(product: RunningProduct) -> None:
    night = product.call(DUTY, NURSING_HOME, "1,talk-hangup@30", people={VAKT_1: "accepts"})

    assert night.talks == [30]
    assert night.outcome == "connected"
    assert night.ticket["acknowledged_by"] == "Vakt 1"


def test_when_the_talk_is_cut_1_connects_again_to_the_same_person(product: RunningProduct) -> None:
    cut = {"persona": "accepts", "talks": 40, "ends_talk": "callee"}
    night = product.call(DUTY, NURSING_HOME, "1,1", people={VAKT_1: cut, VAKT_2: "accepts"})

    night.hears("For å bli kopla til att, trykk 1", "Vi ringjer opp att", "Takk for at du ringde")
    assert night.rang == [VAKT_1, VAKT_1]
    assert "Innringaren du snakka med, er der att." in night.whispered(VAKT_1)
    assert night.talks == [40, 40]
    assert night.outcome == "connected"
    assert NURSING_HOME in night.sms
    night.tells_at_most(NURSING_HOME, VAKT_1, VAKT_2)
