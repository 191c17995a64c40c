"""The real web server, as the Procfile starts it: bytes that no honest network sends."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.processes import WEB, Process, wait_until
from tests.serving.web_server import ANSWERS_WITHIN

pytestmark = pytest.mark.end_to_end

HEAD = b"POST /twilio/voice HTTP/1.1\r\nHost: x\r\n"
UNSIGNED = HEAD + b"Content-Length: 0\r\n\r\n"

HOSTILE = [
    b"GET /twilio/voice HTTP/1.1\r\nHost: x\r\n\r\n",
    HEAD + b"Content-Length: -1\r\n\r\n",
    HEAD + b"Content-Length: 99999999\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n",
    HEAD + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    HEAD + b"Content-Type: multipart/form-data; boundary=a\r\nContent-Length: 3\r\n\r\n--a",
    HEAD + b"X-Twilio-Signature: \xff\xfe\x00\r\nContent-Length: 0\r\n\r\n",
    b"POST //evil.example/twilio/voice HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST http://evil.example/twilio/voice HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /twilio/voice/turn/" + b"9" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /twilio/leg/%00/1/key HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /twilio/prompt/..%2f..%2fetc/passwd.mp3 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@contextmanager
def serving(url: str, folder: Path) -> Iterator[int]:
    """Two web processes behind one port, with figures in common."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = int(listener.getsockname()[1])
    environment = {
        "SECRET_KEY": "of the tests",
        "DATABASE_URL": url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "the-token",
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures"),
        "PORT": str(port),
        "WEB_WORKERS": "2",
    }
    web = Process(WEB, environment, folder / "web.log")
    web.start()
    try:
        wait_until(lambda: is_up(port, web), "the server answers")
        yield port
    finally:
        web.stop()


def is_up(port: int, web: Process) -> bool:
    assert web.is_running, web.said()
    try:
        return bool(fetch(port, "/healthz"))
    except OSError:
        return False


def fetch(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=ANSWERS_WITHIN) as answer:
        return str(answer.read().decode())


def status(port: int, request: bytes) -> int:
    """The status that these bytes are answered with; 0 when the connection was just closed."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN)) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(4096)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def test_hostile_bytes_are_refused_and_counted_by_all_processes_together(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with serving(migrated_sqlite_url, tmp_path) as port:
        before = fetch(port, "/metrics")
        for request in HOSTILE:
            assert status(port, request) in (0, 400, 403, 404, 405, 413), request
        so_far = refused(fetch(port, "/metrics"))
        for _ in range(12):
            assert status(port, UNSIGNED) == 403
        after = fetch(port, "/metrics")

    assert refused(before) == 0
    assert refused(after) == so_far + 12
    assert "vakt_database_up 1.0" in after


def refused(figures: str) -> float:
    name = 'vakt_refused_signatures_total{reason="missing"}'
    return next((float(line.split()[-1]) for line in figures.splitlines() if name in line), 0)
