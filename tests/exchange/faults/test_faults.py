"""Faults that can be switched on, and what the product meets then."""

import threading
from collections import Counter

import pytest

from exchange.exchange import Exchange
from exchange.faults.read import FaultError, read_faults
from exchange.records.transcript import Kind
from tests.exchange.a_dial import dialing
from tests.exchange.a_product import Pages, Product, Request, doc
from tests.exchange.conftest import CALLER, DUTY, LINE, Connect

TOKEN_HEADER = "I-Twilio-Idempotency-Token"


def two_turns(override: str = "") -> Pages:
    return {
        "/twilio/voice": doc(f"<Gather numDigits='1' action='/turn/2{override}'/>"),
        "/turn/2": doc("<Say>Framme.</Say>"),
        "/twilio/voice/fallback": doc("<Say>Orsak.</Say>"),
    }


def phone(exchange: Exchange, script: str = "1") -> str:
    sid = exchange.call(CALLER, LINE, script=script)
    exchange.wait(sid)
    return sid


def heard(exchange: Exchange, sid: str) -> list[object]:
    return [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]


def tokens(product: Product, path: str) -> list[str]:
    return [one.headers[TOKEN_HEADER] for one in product.requests if one.path == path]


def test_a_connection_that_fails_once_is_tried_again_by_itself(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "connect", "match": "/turn/2"}]})
    assert heard(exchange, phone(exchange)) == ["Framme."]
    assert exchange.alerts() == ()


def test_a_connection_that_fails_twice_goes_to_the_fallback(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "connect", "match": "/turn/2", "times": 2}]})
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    (alert,) = exchange.alerts()
    assert (alert.code, alert.by_fault) == ("11205", True)
    assert product.asked("/turn/2") == []


def test_an_answer_lost_on_the_way_is_not_asked_for_again(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "lost", "match": "/turn/2"}]})
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    assert len(product.asked("/turn/2")) == 1


def test_with_an_override_a_lost_answer_is_asked_for_under_the_same_token(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns("#rc=2&amp;rp=ct,rt,5xx")
    exchange = connect(faults={"webhooks": [{"how": "lost", "match": "/turn/2", "times": 2}]})
    assert heard(exchange, phone(exchange)) == ["Framme."]
    first, second, third = tokens(product, "/turn/2")
    assert first == second == third
    assert tokens(product, "/twilio/voice") != [first]
    assert exchange.alerts() == ()


@pytest.mark.parametrize(("override", "tries"), [("#rc=3&amp;rp=5xx", 4), ("", 1), ("#rp=4xx", 1)])
def test_server_errors_are_tried_again_only_where_the_address_says_so(
    product: Product, connect: Connect, override: str, tries: int
) -> None:
    product.pages = {**two_turns(override), "/turn/2": ("feil", 503)}
    exchange = connect()
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    assert len(product.asked("/turn/2")) == tries


@pytest.mark.parametrize("override", ["#rc=9", "#rp=soon", "#tls=1", "#ct=5"])
def test_an_override_that_does_not_exist_is_refused(
    product: Product, connect: Connect, override: str
) -> None:
    product.pages = two_turns(override)
    exchange = connect()
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    assert [alert.code for alert in exchange.alerts()] == ["12200"]


def test_a_repeated_turn_carries_one_token_and_counts_once(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "twice", "match": "/twilio/voice"}]})
    assert heard(exchange, phone(exchange)) == ["Framme."]
    first, second = tokens(product, "/twilio/voice")
    assert first == second


def test_a_slow_turn_takes_its_time_and_a_too_slow_one_fails(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    slow = {"how": "slow", "match": "/turn/2", "seconds": 9}
    exchange = connect(faults={"webhooks": [slow, {**slow, "seconds": 15}]})
    first = phone(exchange)
    assert heard(exchange, first) == ["Framme."]
    assert exchange.find(first).duration >= 9
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    assert [alert.code for alert in exchange.alerts()] == ["11206"]


def test_an_earlier_turn_can_come_once_more_after_the_next(
    product: Product, connect: Connect
) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "echo", "match": "/twilio/voice"}]})
    assert heard(exchange, phone(exchange)) == ["Framme."]
    order = [one.path for one in product.requests]
    assert order == ["/twilio/voice", "/turn/2", "/twilio/voice", "/twilio/status"]
    first, again = tokens(product, "/twilio/voice")
    assert first == again


def test_a_turn_given_up_can_arrive_after_the_fallback(product: Product, connect: Connect) -> None:
    product.pages = two_turns()
    exchange = connect(faults={"webhooks": [{"how": "late", "match": "/turn/2"}]})
    assert heard(exchange, phone(exchange)) == ["Orsak."]
    order = [one.path for one in product.requests]
    assert order == ["/twilio/voice", "/twilio/voice/fallback", "/turn/2", "/twilio/status"]


def test_a_product_that_really_is_too_slow_or_away_is_given_up(
    product: Product, connect: Connect
) -> None:
    released = threading.Event()

    def slow(_: Request) -> str:
        released.wait(60)
        return doc("<Hangup/>")

    product.pages = {**two_turns(), "/turn/2": slow}
    exchange = connect(webhook_seconds=3, faults={})
    try:
        assert heard(exchange, phone(exchange)) == ["Orsak."]
    finally:
        released.set()
    away = connect(product_url="http://127.0.0.1:9")
    phone(away)
    assert [alert.code for alert in exchange.alerts()] == ["11206"]
    assert {alert.code for alert in away.alerts()} == {"11205"}


def test_faults_can_belong_to_one_call_alone(product: Product, connect: Connect) -> None:
    product.pages = two_turns()
    exchange = connect()
    fault = {"webhooks": [{"how": "status", "status": 502, "match": "/turn/2"}]}
    struck = exchange.call(CALLER, LINE, script="1", faults=fault)  # type: ignore[arg-type]
    spared = exchange.call(CALLER, LINE, script="1")
    exchange.wait(struck)
    exchange.wait(spared)
    assert heard(exchange, struck) == ["Orsak."]
    assert heard(exchange, spared) == ["Framme."]


def test_callbacks_can_come_twice(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "accepts"}, faults={"duplicate_callbacks": 1})
    phone(exchange)
    counts = Counter(one["SequenceNumber"] for one in product.asked("/leg/status"))
    assert counts == {"0": 2, "1": 2, "2": 2, "3": 2}
    assert len(product.asked("/twilio/status")) == 2


def test_callbacks_can_come_after_everything_else(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "accepts"}, faults={"late_callbacks": 30})
    phone(exchange)
    order = [one.path for one in product.requests]
    assert order[-5:] == ["/leg/status"] * 4 + ["/twilio/status"]
    assert order.index("/dialled") < order.index("/leg/status")


def test_callbacks_can_come_in_any_order(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    faults = {"reorder_callbacks": True}
    exchange = connect(personas={DUTY: "accepts"}, faults=faults, seed=3)
    phone(exchange)
    numbers = [one["SequenceNumber"] for one in product.asked("/leg/status")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != ["0", "1", "2", "3"]


def test_the_duration_of_a_dial_can_be_missing(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "accepts"}, faults={"omit_dial_duration": True})
    phone(exchange)
    assert "DialCallDuration" not in product.asked("/dialled")[0]


@pytest.mark.parametrize(
    "fault",
    [
        {"storms": 1},
        {"webhooks": [{"match": "/x"}]},
        {"webhooks": [{"how": "sideways"}]},
        {"webhooks": {"how": "lost"}},
        {"rest": [{"status": 400}]},
        {"late_callbacks": "soon"},
        {"sms": {"*": {"fate": "lost"}}},
    ],
)
def test_a_fault_that_cannot_be_read_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(FaultError):
        read_faults(fault)  # type: ignore[arg-type]
