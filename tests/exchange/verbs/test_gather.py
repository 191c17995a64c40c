"""Gather by the rules: barge-in, time-outs, finishing keys, falling through."""

import pytest

from exchange.exchange import Exchange
from exchange.records.transcript import Kind
from tests.exchange.a_product import Pages, Product, doc
from tests.exchange.conftest import CALLER, LINE, Connect

TEXT = "For kritiske feil, trykk 1. For alt anna, trykk 2."
MENU = f"<Say language='nb-NO'>{TEXT}</Say>"


def asking(attributes: str, prompts: str = MENU, after: str = "") -> Pages:
    return {
        "/twilio/voice": doc(f"<Gather {attributes} action='/turn/2'>{prompts}</Gather>", after),
        "/turn/2": doc("<Hangup/>"),
        "/silence": doc("<Say>Du trykte ingenting.</Say>"),
    }


def phone(exchange: Exchange, script: str) -> str:
    sid = exchange.call(CALLER, LINE, script=script)
    exchange.wait(sid)
    return sid


def test_a_patient_caller_hears_the_menu_and_presses_one(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("numDigits='1'")
    exchange = connect()
    sid = phone(exchange, "1")
    (turn,) = product.asked("/turn/2")
    assert (turn["Digits"], turn["FinishedOnKey"], turn["msg"]) == ("1", "", "Gather End")
    assert turn["CallStatus"] == "in-progress"
    assert product.asked("/twilio/voice")[0]["CallStatus"] == "ringing"
    kinds = [event.kind for event in exchange.events(sid)]
    assert kinds == [Kind.TURN, Kind.HEARS, Kind.PRESSES, Kind.TURN, Kind.ENDS]
    (status,) = product.asked("/twilio/status")
    assert status["CallStatus"] == "completed"
    assert int(status["CallDuration"]) == exchange.find(sid).duration == 4
    assert exchange.alerts() == ()


def test_a_key_stops_the_speech(product: Product, connect: Connect) -> None:
    product.pages = asking("numDigits='1'", MENU + "<Say>Trykk 9 for engelsk.</Say>")
    exchange = connect(chars_per_second=10)
    sid = phone(exchange, "2@1.5")
    (cut,) = [e for e in exchange.events(sid) if e.kind is Kind.INTERRUPTED]
    assert cut.facts["text"] == TEXT
    assert cut.facts["heard_seconds"] == 1.5
    assert cut.facts["unheard"] == ["Trykk 9 for engelsk."]
    effort = exchange.effort(sid)
    assert effort.heard_seconds == 1.5
    assert effort.full_seconds == pytest.approx((len(TEXT) + 20) / 10)
    assert effort.texts == (TEXT, "Trykk 9 for engelsk.")


def test_silence_falls_through_after_the_audio_and_the_time_out(
    product: Product, connect: Connect
) -> None:
    after = "<Redirect>/silence</Redirect>"
    product.pages = asking("numDigits='1' timeout='7'", after=after)
    exchange = connect(chars_per_second=10)
    sid = phone(exchange, "-")
    assert product.asked("/turn/2") == []
    assert len(product.asked("/silence")) == 1
    said = [e for e in exchange.events(sid) if e.kind is Kind.HEARS]
    assert said[1].at == pytest.approx(len(TEXT) / 10 + 7)


def test_silence_is_posted_where_the_document_asks_for_it(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("actionOnEmptyResult='true' numDigits='1'")
    phone(connect(), "-")
    (turn,) = product.asked("/turn/2")
    assert (turn["Digits"], turn["FinishedOnKey"]) == ("", "")


def test_the_hash_key_ends_a_number_and_is_no_part_of_it(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("finishOnKey='#'")
    phone(connect(), "1001#")
    (turn,) = product.asked("/turn/2")
    assert (turn["Digits"], turn["FinishedOnKey"]) == ("1001", "#")


@pytest.mark.parametrize("on_empty", ["true", "false"])
def test_the_hash_key_alone_is_no_digits(product: Product, connect: Connect, on_empty: str) -> None:
    after = "<Redirect>/silence</Redirect>"
    product.pages = asking(f"actionOnEmptyResult='{on_empty}'", after=after)
    phone(connect(), "#")
    posted = [(turn["Digits"], turn["FinishedOnKey"]) for turn in product.asked("/turn/2")]
    assert posted == ([("", "#")] if on_empty == "true" else [])
    assert len(product.asked("/silence")) == (0 if on_empty == "true" else 1)


def test_without_a_finishing_key_the_hash_is_a_digit_like_others(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("finishOnKey='' numDigits='3'")
    phone(connect(), "1#*")
    assert product.asked("/turn/2")[0]["Digits"] == "1#*"


def test_the_time_out_begins_anew_after_each_key(product: Product, connect: Connect) -> None:
    product.pages = asking("timeout='2'")
    exchange = connect(chars_per_second=10)
    sid = phone(exchange, "1001")
    assert product.asked("/turn/2")[0]["Digits"] == "1001"
    pressed = next(e for e in exchange.events(sid) if e.kind is Kind.PRESSES)
    assert pressed.at == pytest.approx(len(TEXT) / 10 + 0.5 + 3 * 0.3 + 2)


def test_keys_beyond_the_wanted_ones_are_lost_and_written_down(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("numDigits='1'")
    exchange = connect()
    sid = phone(exchange, "1001#")
    assert product.asked("/turn/2")[0]["Digits"] == "1"
    (lost,) = [e for e in exchange.events(sid) if e.kind is Kind.KEYS_LOST]
    assert lost.facts["keys"] == "001#"


def test_hanging_up_in_the_menu_is_told_by_the_number_alone(
    product: Product, connect: Connect
) -> None:
    product.pages = asking("numDigits='1'")
    exchange = connect()
    sid = phone(exchange, "hangup@2")
    assert product.asked("/turn/2") == []
    assert [one["CallStatus"] for one in product.asked("/twilio/status")] == ["completed"]
    assert exchange.find(sid).duration == 2


def test_without_an_action_the_same_document_is_asked_again(
    product: Product, connect: Connect
) -> None:
    question = doc("<Gather numDigits='1'><Say>Trykk noko.</Say></Gather>")
    product.pages = {"/twilio/voice": [question, doc("<Hangup/>")]}
    phone(connect(), "5")
    assert [turn.get("Digits") for turn in product.asked("/twilio/voice")] == [None, "5"]


def test_a_3xx_answer_to_the_action_loses_the_digits(product: Product, connect: Connect) -> None:
    from flask import redirect

    product.pages = asking("numDigits='1'")
    product.pages["/turn/2"] = lambda _: redirect("/turn/3", 302)
    product.pages["/turn/3"] = doc("<Hangup/>")
    exchange = connect()
    phone(exchange, "1")
    (turn,) = product.asked("/turn/3")
    assert "Digits" not in turn
    assert turn["CallStatus"] == "in-progress"
    assert exchange.alerts() == ()
