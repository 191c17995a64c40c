"""Nights at Brukarstøtte: the duty is rung, sleeps, passes on, is busy, and answers at last."""

from __future__ import annotations

from tests.end_to_end.people import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    SCHOOL,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.product import RunningProduct

CRITICAL_PRESS_1 = "Brukarstøtte: kritisk, trykk 1 for å svare."


def test_on_a_saturday_night_the_first_sleeps_and_the_second_accepts(
    product: RunningProduct,
) -> None:
    people = {VAKT_1: "sleeper", VAKT_1_HOME: "no_answer", VAKT_2: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people)

    night.hears("Brukarstøtte vakt", "Saksnummer", "Vi ringjer vakta", "Vi prøver neste")
    assert night.rang == [VAKT_1, VAKT_1_HOME, VAKT_2]
    assert night.whispered(VAKT_2)[0] == CRITICAL_PRESS_1
    assert night.talks == [60]

    assert night.outcome == "connected"
    assert night.legs == [
        ("Vakt 1", "unconfirmed"),
        ("Vakt 1", "no_answer"),
        ("Vakt 2", "accepted"),
    ]
    assert {"duty_hours", "known_number", "wakes_duty", "on_duty", "accepted"} <= set(night.reasons)
    assert night.ticket["acknowledged_by"] == "Vakt 2"
    assert night.ticket["priority"] == "critical"
    assert night.ticket["customer"] == "2001"
    assert night.ticket["respond_by"] is None, "nothing was ever agreed"

    night.tells_at_most(NURSING_HOME, VAKT_1, VAKT_2)
    [sms] = night.sms_to(NURSING_HOME)
    assert str(night.ticket["number"]) in sms


def test_nobody_answers_and_the_message_reaches_the_ticket(product: RunningProduct) -> None:
    night = product.call(DUTY, NURSING_HOME, ["1", "speak 7"])

    night.hears(
        "Vi fekk ikkje tak i vakta, men saka er registrert",
        "Fortel etter tonen",
        "Takk, beskjeden er motteken",
        "Vi ringjer vakta igjen om få minutt",
    )
    assert night.rang == [VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER]
    assert night.outcome == "message"
    assert {outcome for _, outcome in night.legs} == {"no_answer"}
    assert night.ticket["status"] == "open"

    number = str(night.ticket["number"])
    assert night.sms == sorted([NURSING_HOME, VAKT_1, VAKT_2]), "one each"
    assert all(number in body for phone in night.sms for body in night.sms_to(phone))
    assert "+4749002001" in night.sms_to(VAKT_1)[0]

    [kept] = product.rows("recordings", call_sid=night.sid)
    assert kept["ticket"] == night.ticket["number"]
    assert bytes(kept["media"]).startswith(b"RIFF")
    assert kept["deleted_at_provider_at"] is not None
    assert product.exchange.network.recordings.find(kept["sid"]) is None, "deleted at the provider"


def test_no_voicemail_swallows_the_call(product: RunningProduct) -> None:
    people = {VAKT_1: "voicemail", VAKT_1_HOME: "busy", VAKT_2: "failed", IT_MANAGER: "accepts"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people)

    assert night.outcome == "connected"
    outcomes = [outcome for _, outcome in night.legs]
    assert outcomes == ["unconfirmed", "busy", "failed", "accepted"]
    assert len(night.talks) == 1, "the voicemail never heard the caller"


def test_one_passes_on_and_the_next_hears_it_twice(product: RunningProduct) -> None:
    people = {VAKT_1: "passes", VAKT_1_HOME: "drops", VAKT_2: "repeats"}
    night = product.call(DUTY, NURSING_HOME, "1", people=people)

    assert night.legs == [("Vakt 1", "passed"), ("Vakt 2", "accepted")]
    assert night.rang == [VAKT_1, VAKT_2], "who has passed on is not rung at home"
    assert night.whispered(VAKT_1)[-1] == "Samtalen går vidare."
    assert night.whispered(VAKT_2).count(CRITICAL_PRESS_1) == 2
    assert night.ticket["acknowledged_by"] == "Vakt 2"


def test_who_talks_already_is_not_rung_first_and_is_told_at_once(product: RunningProduct) -> None:
    first = product.dial(DUTY, NURSING_HOME, "1", people={VAKT_1: "human", VAKT_2: "human"})
    phone = product.take(first, VAKT_1)

    second = product.dial(DUTY, SCHOOL, "1")
    product.exchange.hang_up(product.take(second, VAKT_2).sid)
    product.wait(second)
    product.exchange.hang_up(phone.sid)
    product.wait(first)

    assert second.rang == [VAKT_2]
    assert "talking" in second.reasons
    assert [str(second.ticket["number"]) in body for body in second.sms_to(VAKT_1)].count(True) == 1
    assert (first.outcome, second.outcome) == ("connected", "connected")
    assert first.ticket["number"] != second.ticket["number"]
