"""Callers whose keys nobody hears: their recording is fetched, and its sound decides."""

from __future__ import annotations

import pytest

from exchange.faults.read import read_faults
from tests.end_to_end.people import DUTY, NURSING_HOME, SUPPORT, VAKT_1
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

NOTHING = ["-", "-", "-"]  # three prompts


def test_a_voice_on_the_duty_line_wakes_the_duty(product: RunningProduct) -> None:
    people = {VAKT_1: "human"}
    night = product.dial(DUTY, NURSING_HOME, [*NOTHING, "speak 4"], people=people)
    phone = product.take(night, VAKT_1, after="Innringaren får ikkje brukt tastane.")
    product.exchange.hang_up(phone.sid)
    product.wait(night)

    night.hears("Vi får ingen tastetrykk frå deg", "Vi ringjer vakta")
    assert night.rang == [VAKT_1]
    assert night.outcome == "connected"
    assert night.ticket["priority"] == "critical"
    assert product.rows("tickets", number=night.ticket["number"])[0]["no_keys"]
    assert VAKT_1 in night.sms


@pytest.mark.parametrize("line", [DUTY, SUPPORT])
@pytest.mark.parametrize("told", ["-", "noise 20", "speak 2"])
def test_silence_and_noise_make_no_ticket_and_wake_nobody(
    product: RunningProduct, line: str, told: str
) -> None:
    pocket = product.call(line, NURSING_HOME, [*NOTHING, told])

    pocket.hears("Vi får ingen tastetrykk frå deg", "Vi høyrer deg ikkje")
    assert (pocket.outcome, pocket.rang, pocket.tickets, pocket.sms) == ("informed", [], [], [])


def test_a_voice_on_the_support_line_at_night_is_a_message_with_a_ticket(
    product: RunningProduct,
) -> None:
    night = product.call(SUPPORT, NURSING_HOME, [*NOTHING, "speak 5"])

    night.hears("Vi får ingen tastetrykk frå deg", "beskjeden er motteken")
    assert (night.outcome, night.rang) == ("message", [])
    assert night.ticket["priority"] == "medium"
    assert night.sms == [NURSING_HOME]
    [kept] = product.rows("recordings", call_sid=night.sid)
    assert kept["ticket"] == night.ticket["number"]


def test_what_cannot_be_measured_counts_as_a_voice(product: RunningProduct) -> None:
    refusal = {"status": 500, "code": 20500, "match": "Recordings", "times": 0}
    product.exchange.set_faults(read_faults({"rest": [refusal]}))
    night = product.dial(DUTY, NURSING_HOME, [*NOTHING, "noise 20"], people={VAKT_1: "accepts"})
    product.exchange.wait(night.sid)
    product.exchange.set_faults(read_faults({}))
    product.wait(night)

    assert night.rang == [VAKT_1]
    assert night.outcome == "connected"
    assert night.ticket["priority"] == "critical"
