"""Listening to a recording during a turn: in time, with our own account, and never for long."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from app import clock
from app.gateways.twilio.recording_probe import BUDGET, Stopwatch, probe_recording, seconds_of_voice
from app.settings import Settings
from tests.gateways.forms import ACCOUNT
from tests.gateways.recordings import line, voice, wav_16

TOKEN, RECORDING = "the-token", "RE00000000000000000000000000000001"
LONGEST = 30.0  # seconds, on a machine that does much else; without a budget it is for ever
SPOKEN = wav_16([*voice(5), *line(5)])

Answering = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def a_provider(answering: Answering) -> Iterator[str]:
    """Answers each request for a recording; told which one in a row it is."""
    asked: list[str] = []

    class Recordings(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            with suppress(BrokenPipeError, ConnectionResetError):
                answering(self, len(asked))

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recordings)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def gives(request: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def settings(url: str, **changed: object) -> Settings:
    usual: dict[str, object] = {
        "secret_key": "x",
        "public_url": "http://127.0.0.1:9",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": (TOKEN, "an-old-one"),
        "twilio_api_url": url,
    }
    return Settings(**{**usual, **changed})  # type: ignore[arg-type]


@dataclass
class StoppedWatch:
    """No time passes: what is there is fetched in time, however busy the machine is."""

    waits: list[float] = field(default_factory=list)

    def seconds(self) -> float:
        return 0.0

    def wait(self, pause: float) -> None:
        self.waits.append(pause)


def heard(settings: Settings, recording: str, watch: Stopwatch | None = None) -> float | None:
    return seconds_of_voice(probe_recording(settings, recording, watch or StoppedWatch()), 10)


def test_a_recording_is_fetched_with_our_account_and_measured() -> None:
    seen: list[tuple[str, str]] = []

    def answering(request: BaseHTTPRequestHandler, _count: int) -> None:
        seen.append((request.path, request.headers["Authorization"]))
        gives(request, SPOKEN)

    with a_provider(answering) as url:
        assert heard(settings(url), RECORDING) == pytest.approx(5, abs=0.4)
    who = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert seen == [(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.wav", f"Basic {who}")]


def test_one_that_is_not_there_yet_is_asked_for_again() -> None:
    def answering(request: BaseHTTPRequestHandler, count: int) -> None:
        gives(request, SPOKEN if count == 3 else b"", 200 if count == 3 else 404)

    with a_provider(answering) as url:
        assert heard(settings(url), RECORDING) == pytest.approx(5, abs=0.4)


@pytest.mark.parametrize(
    "body", [b"", b"<html>an error page</html>", SPOKEN[:20_000]], ids=["none", "page", "a part"]
)
def test_what_is_no_whole_recording_cannot_be_measured(body: bytes) -> None:
    with a_provider(lambda request, _count: gives(request, body)) as url:
        assert heard(settings(url), RECORDING) is None


def test_a_provider_that_hangs_costs_the_budget_and_no_more() -> None:
    over = Event()
    with a_provider(lambda _request, _count: (over.wait(120), None)[1]) as url:
        began = clock.seconds()
        assert heard(settings(url), RECORDING, clock) is None
        assert BUDGET - 0.5 < clock.seconds() - began < LONGEST
        over.set()


def test_a_recording_that_trickles_costs_the_budget_and_no_more() -> None:
    over = Event()

    def answering(request: BaseHTTPRequestHandler, _count: int) -> None:
        request.send_response(200)
        request.end_headers()
        while not over.wait(0.3):
            request.wfile.write(b"\x00" * 64 * 1024)

    with a_provider(answering) as url:
        began = clock.seconds()
        assert heard(settings(url), RECORDING, clock) is None
        assert clock.seconds() - began < LONGEST
        over.set()


@pytest.mark.parametrize("sid", ["", "../../Accounts", "RE1?x=1", "R" * 99])
def test_only_an_identifier_is_asked_for(sid: str) -> None:
    asked: list[int] = []
    with a_provider(lambda _request, count: asked.append(count)) as url:
        assert heard(settings(url), sid) is None
    assert asked == []


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_refusal_is_not_waited_for(status: int) -> None:
    asked: list[int] = []

    def refusing(request: BaseHTTPRequestHandler, count: int) -> None:
        asked.append(count)
        gives(request, b"", status)

    watch = StoppedWatch()
    with a_provider(refusing) as url:
        assert heard(settings(url), RECORDING, watch) is None
    assert (asked, watch.waits) == ([1], [])


def test_a_provider_that_is_away_is_not_waited_for() -> None:
    watch = StoppedWatch()
    assert heard(settings("http://127.0.0.1:9"), RECORDING, watch) is None
    assert watch.waits == []


def test_without_an_account_nothing_is_asked() -> None:
    asked: list[int] = []
    with a_provider(lambda _request, count: asked.append(count)) as url:
        nobody = settings(url, twilio_auth_token=())
        assert heard(nobody, RECORDING) is None
    assert asked == []
