"""Gather by the rules: barge-in, time-outs, finishing keys, falling through."""

from app.exchange.transcript import Kind
from tests.exchange.conftest import CALLER, LINE, Connect
from tests.exchange.product import Product, doc

MENU = "<Say language='nb-NO'>For kritiske feil, trykk 1. For alt anna, trykk 2.</Say>"


def test_a_patient_caller_hears_the_menu_and_presses_one(
    product: Product, connect: Connect
) -> None:
    product.pages = {
        "/twilio/voice": doc(f"<Gather numDigits='1' action='/turn/2'>{MENU}</Gather>"),
        "/turn/2": doc("<Say>Takk.</Say><Hangup/>"),
    }
    exchange = connect()
    call = exchange.wait(exchange.call(CALLER, LINE, script="1"))
    (turn,) = product.asked("/turn/2")
    assert (turn["Digits"], turn["FinishedOnKey"], turn["msg"]) == ("1", "", "Gather End")
    assert turn["CallStatus"] == "in-progress"
    assert product.asked("/twilio/voice")[0]["CallStatus"] == "ringing"
    assert [e.facts["text"] for e in call.transcript.events() if e.kind is Kind.HEARS] == [
        "For kritiske feil, trykk 1. For alt anna, trykk 2.",
        "Takk.",
    ]
    assert exchange.alerts() == ()
    (status,) = product.asked("/twilio/status")
    assert status["CallStatus"] == "completed"
    assert int(status["CallDuration"]) == call.duration > 0
