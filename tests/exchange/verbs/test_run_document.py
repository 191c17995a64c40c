"""Documents from top to bottom: endings, redirects, rejections, and what happens when they fail."""

import pytest
from flask import Response

from exchange.exchange import Exchange
from exchange.records.transcript import Kind
from tests.exchange.a_product import Page, Product, doc
from tests.exchange.conftest import CALLER, LINE, Connect


def phone(exchange: Exchange, script: str = "") -> str:
    sid = exchange.call(CALLER, LINE, script=script)
    exchange.wait(sid)
    return sid


def heard(exchange: Exchange, sid: str) -> list[object]:
    return [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]


def test_the_end_of_the_document_hangs_up(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Say>Ein.</Say><Pause length='3'/><Say>To.</Say>")}
    exchange = connect(chars_per_second=4)
    sid = phone(exchange)
    assert heard(exchange, sid) == ["Ein.", "To."]
    assert exchange.find(sid).duration == round(1 + 3 + 0.75)


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_rejected_call_was_never_answered(
    product: Product, connect: Connect, reason: str, status: str
) -> None:
    product.pages = {"/twilio/voice": doc(f"<Reject reason='{reason}'/>")}
    exchange = connect()
    call = exchange.find(phone(exchange))
    assert (call.status, call.answered_at, call.duration) == (status, None, 0)
    assert product.asked("/twilio/status")[0]["CallStatus"] == status


def test_a_first_pause_delays_the_pick_up(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Pause length='6'/><Say>Hei.</Say>")}
    exchange = connect()
    call = exchange.find(phone(exchange))
    assert call.answered_at is not None
    assert (call.answered_at - call.created).total_seconds() == 6


def test_verbs_after_a_redirect_are_dead(product: Product, connect: Connect) -> None:
    product.pages = {
        "/twilio/voice": doc("<Redirect>/next</Redirect><Say>Dette høyrer ingen.</Say>"),
        "/next": doc("<Say>Framme.</Say>"),
    }
    exchange = connect()
    assert heard(exchange, phone(exchange)) == ["Framme."]


def test_more_than_ten_redirects_are_cut_off(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Redirect>/twilio/voice</Redirect>")}
    exchange = connect()
    phone(exchange)
    assert len(product.asked("/twilio/voice")) == 11
    assert [alert.code for alert in exchange.alerts()] == ["11215"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<Response><Say>Hei.</Response>", "12100"),
        ("<Svar/>", "12100"),
        (doc("<Shout>Hei.</Shout>"), "12200"),
        (doc("<Say volume='11'>Hei.</Say>"), "12200"),
        (doc("<Gather><Dial>+4749000021</Dial></Gather>"), "12200"),
        (doc("<Gather numDigits='ein'/>"), "12200"),
        (doc("<Gather finishOnKey='##'/>"), "12200"),
        (doc("<Gather input='speech'/>"), "12200"),
        (doc("<Dial timeout='3'>+4749000021</Dial>"), "12200"),
        (doc("<Dial><Number statusCallbackEvent='done'>+4749000021</Number></Dial>"), "12200"),
        (doc("<Pause length='-1'/>"), "12200"),
        (doc("<Leave/>"), "12200"),
        (doc("laus tekst"), "12200"),
        (doc(f"<Say>{'a' * 70_000}</Say>"), "11750"),
        (doc("<Dial callerId='+4749009999'>+4749000021</Dial>"), "13214"),
        (Response("hei", mimetype="text/plain"), "12300"),
        (("borte", 404), "11200"),
        (("feil", 500), "11200"),
    ],
)
def test_a_document_that_is_wrong_goes_to_the_fallback_with_its_number(
    product: Product, connect: Connect, page: Page, code: str
) -> None:
    product.pages = {
        "/twilio/voice": page,
        "/twilio/voice/fallback": doc("<Say>Orsak.</Say>"),
    }
    exchange = connect()
    sid = phone(exchange)
    (fallback,) = product.asked("/twilio/voice/fallback")
    assert fallback["ErrorCode"] == code
    assert fallback["ErrorUrl"] == product.address + "/twilio/voice"
    assert [alert.code for alert in exchange.alerts()] == [code]
    assert heard(exchange, sid) == ["Orsak."]


def test_without_a_fallback_the_caller_is_cut_off(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": ("feil", 500)}
    exchange = connect(numbers={LINE: {"fallback_url": None}})
    call = exchange.find(phone(exchange))
    assert call.status == "failed"
    assert len(exchange.alerts()) == 1


def test_a_fallback_that_fails_as_well_ends_the_call(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": ("feil", 500), "/twilio/voice/fallback": ("feil", 500)}
    exchange = connect()
    phone(exchange)
    assert [alert.code for alert in exchange.alerts()] == ["11200", "11200"]


def test_a_later_turn_that_fails_also_asks_the_fallback(product: Product, connect: Connect) -> None:
    product.pages = {
        "/twilio/voice": doc("<Gather numDigits='1' action='/turn/2'/>"),
        "/turn/2": ("feil", 503),
        "/twilio/voice/fallback": doc("<Say>Orsak.</Say>"),
    }
    exchange = connect()
    phone(exchange, "1")
    (fallback,) = product.asked("/twilio/voice/fallback")
    assert fallback["ErrorUrl"] == product.address + "/turn/2"


@pytest.mark.parametrize(
    "verb", ["<Redirect>/x</Redirect>", "<Dial>+4749000021</Dial>", "<Record/>"]
)
def test_a_whisper_may_only_speak_ask_and_hang_up(
    product: Product, connect: Connect, verb: str
) -> None:
    product.pages = {
        "/twilio/voice": doc("<Dial action='/after'><Number url='/w'>+4749000021</Number></Dial>"),
        "/w": doc(verb),
        "/after": doc("<Hangup/>"),
    }
    exchange = connect(default_persona="accepts")
    phone(exchange)
    assert [alert.code for alert in exchange.alerts()] == ["12200"]
    assert product.asked("/after")[0]["DialBridged"] == "false"


def test_a_silent_action_after_hanging_up_needs_no_document(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/twilio/voice": doc("<Dial action='/after'>+4749000021</Dial>")}
    exchange = connect(default_persona="accepts")
    phone(exchange)
    assert product.asked("/after")[0]["CallStatus"] == "completed"
    assert exchange.alerts() == ()


def test_played_audio_lasts_as_long_as_its_file(product: Product, connect: Connect) -> None:
    from exchange.sound.tone import recorded

    sound = Response(
        recorded(2.5, 2.5), mimetype="audio/wav", headers={"Cache-Control": "max-age=60"}
    )
    product.pages = {
        "/twilio/voice": doc("<Play>/audio/hello.wav</Play><Play>/audio/hello.wav</Play>"),
        "/audio/hello.wav": lambda _: sound,
    }
    exchange = connect()
    sid = phone(exchange)
    assert [e.facts["seconds"] for e in exchange.events(sid) if e.kind is Kind.PLAYS] == [2.5, 2.5]
    assert len(product.asked("/audio/hello.wav")) == 1


def test_audio_that_is_missing_is_skipped_and_written_down(
    product: Product, connect: Connect
) -> None:
    product.pages = {
        "/twilio/voice": doc("<Play>/audio/gone.mp3</Play><Say>Hei.</Say>"),
        "/audio/gone.mp3": ("borte", 404),
    }
    exchange = connect()
    assert heard(exchange, phone(exchange)) == ["Hei."]
    assert [alert.code for alert in exchange.alerts()] == ["11200"]
