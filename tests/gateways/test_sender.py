"""The way out, through the official SDK: to the local exchange, and to a provider that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app.domain.health.provider_records import ProviderLeg
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.gateways.twilio import rest_client as sender_module
from app.settings import Settings
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.server import running
from tests.gateways.forms import ACCOUNT, CALL, CALLER, LINE

TOKEN = "the-token"


def sender(url: str, **changed: object) -> Sender:
    usual: dict[str, object] = {
        "secret_key": "x",
        "public_url": "http://127.0.0.1:9",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": (TOKEN,),
        "twilio_api_url": url,
    }
    return Sender(Settings(**{**usual, **changed}))  # type: ignore[arg-type]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    document = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "product_url": "http://127.0.0.1:9",
        "numbers": [LINE],
        "api_keys": {"SK1": "hush"},
        "speed": 0,
    }
    with running(read_config(document)) as exchange:  # type: ignore[arg-type]
        yield exchange


def test_an_sms_goes_out_in_the_official_shape(exchange: Exchange) -> None:
    sid = sender(exchange.address).send_sms(to=CALLER, from_=LINE, body="Sak 1042, kritisk.")

    (message,) = exchange.messages(CALLER)
    assert (message.sid, message.sender, message.body) == (sid, LINE, "Sak 1042, kritisk.")


def test_an_api_key_is_used_where_one_is_given(exchange: Exchange) -> None:
    with_key = sender(exchange.address, twilio_api_key="SK1", twilio_api_secret="hush")
    with_wrong = sender(exchange.address, twilio_api_key="SK1", twilio_api_secret="other")

    assert with_key.send_sms(to=CALLER, from_=LINE, body="x").startswith("SM")
    with pytest.raises(TemporaryFailure):
        with_wrong.send_sms(to=CALLER, from_=LINE, body="x")


def test_a_leg_is_placed_and_one_that_is_over_can_be_cancelled(exchange: Exchange) -> None:
    out = sender(exchange.address)

    sid = out.ring(to=CALLER, from_=LINE, call_sid=CALL, leg=1, seconds=5)
    exchange.wait(sid)
    out.cancel(sid)

    assert exchange.find(sid).called == CALLER


def test_a_number_that_cannot_be_is_refused_for_good(exchange: Exchange) -> None:
    with pytest.raises(PermanentFailure) as refused:
        sender(exchange.address).send_sms(to="12", from_=LINE, body="x")

    assert refused.value.code == 21211
    assert "12" not in str(refused.value).replace("21211", "")


def test_a_recording_that_is_not_there_yet_is_asked_for_again(exchange: Exchange) -> None:
    out = sender(exchange.address)

    with pytest.raises(TemporaryFailure):
        out.fetch_recording("RE00000000000000000000000000000001")
    out.delete_recording("RE00000000000000000000000000000001")


def test_without_credentials_nothing_is_sent() -> None:
    with pytest.raises(TemporaryFailure):
        sender("http://127.0.0.1:9", twilio_auth_token=()).send_sms(to=CALLER, from_=LINE, body="x")


def test_a_provider_that_is_away_is_tried_again() -> None:
    with pytest.raises(TemporaryFailure) as failure:
        sender("http://127.0.0.1:9").send_sms(to=CALLER, from_=LINE, body="x")

    assert CALLER not in str(failure.value)


@pytest.mark.parametrize("sid", ["", "../secret", "RE1?x=1", "http://elsewhere.example/RE1"])
def test_a_recording_is_asked_for_by_its_sid_only(sid: str) -> None:
    with pytest.raises(PermanentFailure):
        sender("http://127.0.0.1:9").fetch_recording(sid)


def test_how_a_call_of_ours_went_is_read_in_the_words_of_the_callbacks(exchange: Exchange) -> None:
    out = sender(exchange.address)
    sid = out.ring(to=CALLER, from_=LINE, call_sid=CALL, leg=1, seconds=5)
    exchange.wait(sid)

    legs = out.legs_of(sid)

    assert (legs.own.status, legs.own.seconds, legs.other) == ("no-answer", 0, None)
    assert legs.own.ended_at


@pytest.mark.parametrize(
    ("status", "duration", "told"),
    [
        ("answered", None, ProviderLeg("in-progress")),
        ("cancelled", "0", ProviderLeg("canceled", 0)),
        ("dancing", "1.5", ProviderLeg("")),
    ],
)
def test_odd_words_of_a_provider_are_read_as_in_a_callback(
    status: str, duration: str | None, told: ProviderLeg
) -> None:
    body = {"sid": CALL, "status": status, "duration": duration}
    body |= {"calls": [], "meta": {"key": "calls"}}
    with failing(Provider(200, json.dumps(body).encode())) as provider:
        assert sender(provider.address).legs_of(CALL).own == told


# --- a provider that fails --------------------------------------------------------------


@dataclass
class Provider:
    """Answers everything the same way, and keeps what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def failing(provider: Provider) -> Iterator[Provider]:
    class Answers(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            provider.asked.append(f"{self.command} {self.path}")
            self.send_response(provider.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(provider.body)))
            self.end_headers()
            self.wfile.write(provider.body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def refusal(code: int | None) -> bytes:
    message = f"The number {CALLER} cannot be reached"
    return json.dumps({"code": code, "message": message, "status": 400}).encode()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21614, PermanentFailure),
        (400, 21610, PermanentFailure),
        (400, 21211, PermanentFailure),
        (404, 20404, PermanentFailure),
        (401, 20003, TemporaryFailure),
        (429, 20429, TemporaryFailure),
        (500, None, TemporaryFailure),
        (503, None, TemporaryFailure),
    ],
)
def test_what_passes_is_told_from_what_lasts(
    status: int, code: int | None, kind: type[Exception]
) -> None:
    with failing(Provider(status, refusal(code))) as provider, pytest.raises(kind) as failure:
        sender(provider.address).send_sms(to=CALLER, from_=LINE, body="x")

    assert getattr(failure.value, "code", None) == code
    assert CALLER not in str(failure.value)
    assert len(provider.asked) == 1


def test_an_answer_that_got_lost_is_uncertain() -> None:
    with (
        failing(Provider(500, b"<html>")) as provider,
        pytest.raises(TemporaryFailure) as failure,
    ):
        sender(provider.address).send_sms(to=CALLER, from_=LINE, body="x")

    assert failure.value.is_uncertain


def test_cancelling_a_call_that_is_over_is_no_failure() -> None:
    with failing(Provider(400, refusal(21220))) as provider:
        sender(provider.address).cancel("CA1")

    assert provider.asked == [f"POST /2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json"]


def test_a_recording_is_fetched_from_the_provider_and_read_whole() -> None:
    with failing(Provider(200, b"RIFF" * 50_000)) as provider:
        sound = sender(provider.address).fetch_recording("RE1")

    assert sound == b"RIFF" * 50_000
    assert provider.asked == [f"GET /2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1.wav"]


def test_a_recording_that_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "LARGEST_RECORDING", 1000)
    with failing(Provider(200, b"x" * 200_000)) as provider, pytest.raises(PermanentFailure):
        sender(provider.address).fetch_recording("RE1")
