"""An organisation's login as a process of its own (oidc-provider-mock), and one that lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import requests

from tests.end_to_end.processes import Process, free_port, wait_until

WELL_KNOWN = "/.well-known/openid-configuration"
SECONDS = 60


@dataclass(frozen=True)
class Organisation:
    """Where it is, and who logs in there."""

    address: str

    def has(self, subject: str, **claims: str) -> None:
        """Somebody has an account there."""
        asked = f"{self.address}/users/{quote(subject)}"
        requests.put(asked, json=claims, timeout=SECONDS).raise_for_status()

    def answer(self, question: str, subject: str) -> str:
        """Somebody logs in there; returns the address that their browser is sent back to."""
        told = requests.post(question, {"sub": subject}, allow_redirects=False, timeout=SECONDS)
        return told.headers["Location"]


@contextmanager
def an_organisation(folder: Path) -> Iterator[Organisation]:
    port = free_port()
    command = ("-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true")
    process = Process(command, {}, folder / "openid.log")
    process.start()
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_open(address) or not process.is_running, "the organisation answers")
        yield Organisation(address)
    finally:
        process.stop()


def is_open(address: str) -> bool:
    try:
        return requests.get(address + WELL_KNOWN, timeout=SECONDS).ok
    except requests.ConnectionError:
        return False


@contextmanager
def one_that_says(metadata: dict[str, object]) -> Iterator[str]:
    """An address that gives out this description of a login, whoever is behind it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(metadata).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
