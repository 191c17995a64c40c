"""The real web server between a telephone network and the product: calls, and hostile bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import make_url

from app.exchange.config import read_config
from app.exchange.exchange import Exchange
from app.phone.sender import Sender
from app.settings import Settings
from app.store import open_database
from app.store.call_lists import list_calls
from app.store.ticket_lists import list_tickets
from app.voice_prompts import texts
from app.worker import Worker
from tests.a_house import CALLER, DESK_TOML, DUTY, DUTY_1, DUTY_2, NIGHT, SUPPORT, folder, move_in

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]

ROOT = Path(__file__).parent.parent.parent
ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "the token"
AT_ONCE = DESK_TOML.replace('order = "in_order"', 'order = "at_once"')


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The product behind gunicorn, as the Procfile starts it."""
    environment = {
        **os.environ,
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": settings.public_url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": ",".join(settings.twilio_auth_token),
        "TWILIO_API_URL": settings.twilio_api_url,
        "VAKT_EXCHANGE": "1",
        "VAKT_LIFELINE": str(settings.vakt_lifeline),
        "PORT": settings.public_url.rpartition(":")[2],
        "WEB_WORKERS": "2",
    }
    command = [sys.executable, "-m", "gunicorn", "app:create_app()"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as server:
        try:
            until_up(settings.public_url, server)
            yield settings.public_url
        finally:
            server.terminate()
            server.communicate(timeout=30)


def until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except OSError:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.05)
    pytest.fail("the server never answered")


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """The product's worker, in a thread."""
    database = open_database(settings.database_url)
    worker = Worker(database, Sender(settings), texts())
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
        database.close()


@contextmanager
def everything(
    url: str, tmp_path: Path, personas: dict[str, object], desk: str = DESK_TOML
) -> Iterator[Exchange]:
    """Exchange, web server and worker, with the organisation moved in."""
    port = free_port()
    document = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "product_url": f"http://127.0.0.1:{port}",
        "numbers": [SUPPORT, DUTY],
        "personas": personas,
        "speed": 0,
        "send_moment": True,
    }
    with Exchange(read_config(document)) as exchange:  # type: ignore[arg-type]
        settings = Settings(
            secret_key="of the tests",
            database_url=url,
            public_url=f"http://127.0.0.1:{port}",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=(TOKEN,),
            twilio_api_url=exchange.address,
            vakt_exchange=True,
            vakt_lifeline=tmp_path / "lifeline.json",
        )
        database = open_database(url)
        move_in(database, folder(desk=desk))
        database.close()
        with serving(settings), working(settings):
            yield exchange


def outcomes(url: str) -> list[object]:
    database = open_database(url)
    try:
        with database.read() as connection:
            return [call.outcome for call in list_calls(connection)]
    finally:
        database.close()


def acknowledged_by(url: str) -> list[str | None]:
    database = open_database(url)
    try:
        with database.read() as connection:
            return [ticket.acknowledged_by for ticket in list_tickets(connection)]
    finally:
        database.close()


def test_a_night_call_sleeper_first_backup_accepts(migrated_url: str, tmp_path: Path) -> None:
    personas: dict[str, object] = {DUTY_1: "sleeper", DUTY_2: {"persona": "accepts", "talks": 95}}
    with everything(migrated_url, tmp_path, personas) as exchange:
        sid = exchange.call(CALLER, DUTY, script="1", at=NIGHT)
        exchange.wait(sid, 60)
        assert exchange.alerts() == ()
        assert outcomes(migrated_url) == ["connected"]
        assert acknowledged_by(migrated_url) == ["Duty 2"]
        until(lambda: {m.to for m in exchange.messages()} == {CALLER, DUTY_1, DUTY_2})


def test_several_are_rung_at_once_and_the_first_to_press_1_gets_the_caller(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    personas: dict[str, object] = {
        "+4749009201": "voicemail",
        "+4749009202": {"persona": "accepts", "rings": 2, "talks": 30},
    }
    day = "2026-11-18T09:00:00+00:00"
    with everything(migrated_sqlite_url, tmp_path, personas, AT_ONCE) as exchange:
        sid = exchange.call(CALLER, SUPPORT, script="2", at=NIGHT.fromisoformat(day))
        exchange.wait(sid, 60)
        exchange.wait_all(60)
        assert exchange.alerts() == ()
        assert outcomes(migrated_sqlite_url) == ["connected"]
        assert acknowledged_by(migrated_sqlite_url) == ["First line 2"]


def until(is_so: object, seconds: float = 20) -> None:
    assert callable(is_so)
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.05)


# --- bytes that no honest network sends -------------------------------------------------

HOSTILE = [
    b"GET /twilio/voice HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
    b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\na=1\r\n0\r\n\r\n",
    b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\n\r\n\xff\xfe",
    b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=a\r\n"
    b"Content-Length: 3\r\n\r\n--a",
    b"POST //evil.example/twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST http://evil.example/twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST /twilio/voice/turn/"
    + b"9" * 3000
    + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST /twilio/leg/%00/1/key HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"GET /twilio/prompt/..%2f..%2fetc/passwd.mp3 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


def test_hostile_bytes_are_refused_and_the_server_goes_on(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with everything(migrated_sqlite_url, tmp_path, {}) as exchange:
        address = make_url(exchange.config.product_url)
        for request in HOSTILE:
            assert status(address.port or 0, request) in (0, 400, 403, 404, 405, 413), request
        with urllib.request.urlopen(f"{exchange.config.product_url}/healthz", timeout=5) as answer:
            assert answer.status == 200


def status(port: int, request: bytes) -> int:
    """The status that these bytes are answered with; 0 when the connection was just closed."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(4096)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0
