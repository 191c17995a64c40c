"""Pages that take all the time in the world hold up no call, no program and no health check."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from app.serving.page_threads import MOST_WAITING, is_of_page
from app.serving.request_bytes import path_of
from tests.end_to_end.processes import wait_until
from tests.serving.web_server import Web, get, post, serving, until_closed

CLOSE = "Connection: close"
PAGE_THREADS = 2
# A page waits until the telephone lets all of them go; a telephone's request tells how many wait.
APP = """
import threading

go_on = threading.Event()
inside = threading.Semaphore(0)

def create_app():
    def app(environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith("/page"):
            inside.release()
            go_on.wait()
        elif path == "/twilio/go-on":
            go_on.set()
        answer = b"inside %d" % inside._value
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]
    return app
"""
SETTINGS = {"WEB_WORKERS": "1", "WEB_THREADS": "1", "WEB_PAGE_THREADS": str(PAGE_THREADS)}


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with serving(tmp_path, SETTINGS, app=APP) as web:
        yield web


def test_pages_that_never_end_hold_up_nobody_else(web: Web) -> None:
    places, too_many = PAGE_THREADS + MOST_WAITING, 20
    with ExitStack() as stack:
        clients = web.connections(get("/page", CLOSE), places + too_many, stack)
        wait_until(lambda: b"inside 2" in web.ask(get("/healthz", CLOSE)), "two pages are at work")

        assert answered(web, post("/twilio/voice", b"Digits=1", CLOSE))
        assert answered(web, get("/api/v1/desks", CLOSE))
        wait_until(lambda: len(told_something(clients)) == too_many, "the others are sent away")
        refused = [until_closed(client) for client in told_something(clients)]
        assert all(each.startswith(b"HTTP/1.1 503 ") for each in refused)
        assert all(b"Retry-After: 5\r\n" in each for each in refused)

        assert answered(web, post("/twilio/go-on", b"", CLOSE))
        answers = [until_closed(client) for client in clients]
        assert len([each for each in answers if each.startswith(b"HTTP/1.1 200 OK")]) == places
        assert answered(web, get("/page", CLOSE)), "and pages are answered again"


def told_something(clients: list[socket.socket]) -> list[socket.socket]:
    return [each for each in wait(clients, 0) if isinstance(each, socket.socket)]


def answered(web: Web, request: bytes) -> bool:
    return web.ask(request).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("request_", "is_page"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"GET /about?a=/twilio/ HTTP/1.1\r\n\r\n", True),
        (b"GET /static/app-1.css HTTP/1.1\r\n\r\n", True),
        (b"GET //twilio/voice HTTP/1.1\r\n\r\n", True),
        (b"POST /twilio/voice/turn/1?a=b HTTP/1.1\r\n\r\n", False),
        (b"GET /api/v1/desks HTTP/1.1\r\n\r\n", False),
        (b"GET /healthz HTTP/1.1\r\n\r\n", False),
        (b"nonsense\r\n\r\n", True),
        (b"\r\n\r\n", True),
    ],
)
def test_what_a_browser_asks_for_is_told_by_its_path(request_: bytes, is_page: bool) -> None:
    assert is_of_page(path_of(request_)) is is_page
