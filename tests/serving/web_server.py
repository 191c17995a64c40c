"""gunicorn with the product's own settings, serving something small; and clients by hand."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.processes import ROOT, free_port

# One answer tells how much of the body came; one is larger than any socket takes at once.
APP = """
LARGE = b"x" * (8 * 1024 * 1024)

def create_app():
    def app(environ, start_response):
        body = environ["wsgi.input"].read()
        large = environ["PATH_INFO"] == "/twilio/large"
        answer = LARGE if large else b"took %d of %s" % (len(body), environ["PATH_INFO"].encode())
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]
    return app
"""
PATIENT = ("--worker-class", "tests.serving.patient_worker.PatientWorker")
ONE_PROCESS = {"WEB_WORKERS": "1", "WEB_THREADS": "4"}
UP_WITHIN = ANSWERS_WITHIN = 60.0  # seconds; the machine may have much else to do


@dataclass(frozen=True, slots=True)
class Web:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWERS_WITHIN)

    def ask(self, request: bytes) -> bytes:
        """The whole answer to one request, after which the server closes."""
        with self.connect() as client:
            client.sendall(request)
            return until_closed(client)

    def connections(self, kind: bytes, number: int, stack: ExitStack) -> list[socket.socket]:
        """So many clients that have sent this, and say no more."""
        allow_open_files(number + 1000)
        opened = [stack.enter_context(self.connect()) for _ in range(number)]
        for client in opened:
            client.sendall(kind)
        return opened


@contextmanager
def serving(
    folder: Path,
    environment: Mapping[str, str] = ONE_PROCESS,
    options: Sequence[str] = (),
    app: str = APP,
) -> Iterator[Web]:
    """A small application behind the product's settings."""
    (folder / "tiny.py").write_text(app)
    port = free_port()
    config = str(ROOT / "gunicorn.conf.py")
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", config, *options, "tiny:create_app()"],
            cwd=folder,
            env=os.environ | {"PORT": str(port)} | environment,
            stdout=log,
            stderr=log,
        )
    try:
        web = Web(port, process)
        wait_until_up(web)
        yield web
    finally:
        process.terminate()
        process.wait(90)


def wait_until_up(web: Web) -> None:
    give_up = time.monotonic() + UP_WITHIN
    while True:
        try:
            assert b"200 OK" in web.ask(get("/", "Connection: close"))
            return
        except OSError:
            assert time.monotonic() < give_up, "the server does not come up"
            time.sleep(0.05)


def allow_open_files(number: int) -> None:
    """A usual limit is 1024 for a process, and more may be asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


def get(path: str, *headers: str) -> bytes:
    return head("GET", path, *headers)


def post(path: str, body: bytes, *headers: str) -> bytes:
    return head("POST", path, f"Content-Length: {len(body)}", *headers) + body


def head(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: vakt.example.org", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def until_closed(client: socket.socket) -> bytes:
    """Everything that the server says until it closes."""
    heard = bytearray()
    while piece := client.recv(65536):
        heard += piece
    return bytes(heard)


def until_said(client: socket.socket, words: bytes) -> bytes:
    """What the server says, as far as these words."""
    heard = bytearray()
    while words not in heard:
        piece = client.recv(65536)
        assert piece, f"closed after {bytes(heard)!r}"
        heard += piece
    return bytes(heard)
