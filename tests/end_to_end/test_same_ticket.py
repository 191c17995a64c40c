"""The same case again: the second call joins the first one's ticket; nobody is told of it twice."""

from __future__ import annotations

from datetime import timedelta

from app.domain.desks.desk import Ceilings
from tests.end_to_end.people import (
    DUTY,
    NURSING_HOME,
    SATURDAY_NIGHT,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

TEN_MINUTES = timedelta(minutes=10)


def test_a_second_call_joins_the_case_and_rings_whoever_has_it(product: RunningProduct) -> None:
    people = {VAKT_1: "sleeper", VAKT_1_HOME: "no_answer", VAKT_2: "accepts"}
    first = product.call(DUTY, NURSING_HOME, "1", people=people)
    number = first.ticket["number"]

    listens = {"persona": "accepts", "answers": ["1"]}
    later = SATURDAY_NIGHT + TEN_MINUTES
    second = product.call(DUTY, NURSING_HOME, "1", at=later, people={VAKT_2: listens})

    spoken = ", ".join(str(number))
    second.hears(f"Du har sak {spoken} hos oss", "Vi ringjer den som har saka")
    assert second.rang == [VAKT_2], "who has the case, before the one who has the duty"
    assert "Dette er andre oppringing om saka." in second.whispered(VAKT_2)
    assert second.whispered(VAKT_2)[0].startswith("Brukarstøtte: kritisk, trykk 1")
    assert second.sms == [], "neither the duty nor the caller is told again"
    assert second.outcome == "connected"
    assert {"recent_ticket", "same_ticket", "has_the_ticket", "accepted"} <= set(second.reasons)
    assert second.ticket["number"] == number, "the API finds it by either call"
    assert second.ticket["call_sid"] == first.sid
    assert product.rows("tickets", number=number)[0]["calls"] == 2


def test_a_third_call_while_nobody_answers_rings_the_duty_again(product: RunningProduct) -> None:
    first = product.call(DUTY, NURSING_HOME, ["1", "hangup"])
    for count in (1, 2):
        listens = {"persona": "accepts", "answers": ["1"]} if count == 2 else "no_answer"
        again = product.call(
            DUTY,
            NURSING_HOME,
            ["1", "speak 6"],
            at=SATURDAY_NIGHT + count * TEN_MINUTES,
            people={VAKT_1: listens},
        )
    assert "Dette er tredje oppringing om saka." in again.whispered(VAKT_1)
    assert again.rang == [VAKT_1]
    assert again.sms == []
    assert again.ticket["number"] == first.ticket["number"]
    assert again.ticket["acknowledged_by"] == "Vakt 1"
    assert len(product.rows("recordings", ticket=first.ticket["number"])) == 1, (
        "the second's message"
    )


def test_another_key_is_a_new_case_and_an_hour_later_nobody_asks(product: RunningProduct) -> None:
    first = product.call(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})
    new = product.dial(
        DUTY, NURSING_HOME, ["5", "1"], at=SATURDAY_NIGHT + TEN_MINUTES, people={VAKT_1: "human"}
    )
    product.exchange.hang_up(product.take(new, VAKT_1).sid)
    product.wait(new)
    assert new.ticket["number"] != first.ticket["number"]
    assert VAKT_1 in new.sms

    late = SATURDAY_NIGHT + timedelta(minutes=71)
    later = product.call(DUTY, NURSING_HOME, "1", at=late, people={VAKT_1: "accepts"})
    later.hears_never("same sak")
    assert later.ticket["number"] not in (first.ticket["number"], new.ticket["number"])


def test_who_calls_too_often_is_held_off_politely(product: RunningProduct) -> None:
    robot = "+4749008888"
    for _ in range(Ceilings().calls_per_hour):
        assert product.call(DUTY, robot, ["hangup@1"]).outcome == "abandoned"
    screened = product.call(DUTY, robot, "1")
    screened.hears("ikkje ta fleire samtalar frå dette nummeret")
    assert (screened.outcome, screened.rang, screened.tickets) == ("informed", [], [])
