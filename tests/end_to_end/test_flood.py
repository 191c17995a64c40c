"""Sixty calls from a withheld number in one hour of the night, and then a customer in need."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from app.domain.desks.desk import Ceilings
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    SATURDAY_NIGHT,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import RunningProduct

WITHHELD = "anonymous"
MINUTE = timedelta(minutes=1)
LIMIT = Ceilings().stranger_wakes_per_hour
SHORT = "1,hangup,ring-hangup@5"  # gone while the first telephone rings, or at the tone
STAYS = "1,hangup"  # until nobody has answered


def flood(product: RunningProduct, script: str, calls: int) -> list[CallRecord]:
    """One call a minute; everybody is asleep."""
    told = []
    for minute in range(calls):
        at = SATURDAY_NIGHT + minute * MINUTE
        told.append(product.call(DUTY, WITHHELD, script, at=at))
        product.put_off_call_outs()
    return told


def rung(calls: list[CallRecord]) -> Counter[str]:
    """How often the network rang each telephone."""
    return Counter(number for told in calls for number in told.rang)


def test_sixty_withheld_calls_wake_each_of_the_duty_a_few_times_and_a_customer_is_put_through(
    product: RunningProduct,
) -> None:
    mark = len(product.exchange.messages())
    calls = flood(product, SHORT, 60)
    assert rung(calls) == {VAKT_1: LIMIT, VAKT_2: LIMIT, IT_MANAGER: LIMIT}
    assert {told.ticket["number"] for told in calls} == {calls[0].ticket["number"]}
    calls[-1].hears("vi får ikkje sett deg over i denne samtalen", "Dei ansvarlege får beskjed")
    sent = Counter(message.to for message in product.messages(mark))
    assert sent == {VAKT_1: 1, VAKT_2: 1}, "each is told of the case once"
    wait_until(lambda: bool(alarms_of_a_flood(product)), "the contacts are alarmed")

    after = SATURDAY_NIGHT + 60 * MINUTE
    customer = product.call(DUTY, NURSING_HOME, "1", at=after, people={VAKT_1: "accepts"})
    assert customer.rang == [VAKT_1]
    assert customer.outcome == "connected"
    assert customer.talks == [60]
    assert customer.ticket["acknowledged_by"] == "Vakt 1"
    assert NURSING_HOME in customer.sms  # the duty is told where the case is not taken yet
    told = Counter(alarms_of_a_flood(product))
    assert set(told.values()) == {1}, "each of the contacts once an hour"


def test_of_calls_that_overlap_each_counts(product: RunningProduct) -> None:
    """Each rings for longer than the minute after which the next one comes in."""
    calls = flood(product, STAYS, LIMIT + 2)
    everybody = (VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER)
    assert rung(calls) == dict.fromkeys(everybody, LIMIT)
    assert [told.rang for told in calls[LIMIT:]] == [[], []]


def alarms_of_a_flood(product: RunningProduct) -> list[str]:
    """Whom of the contacts an SMS about it has reached."""
    return [message.to for message in product.alarms() if "SKJULT" in message.body]
