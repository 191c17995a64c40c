"""Two hundred connections that say nothing, or half of something, do not silence the telephone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.people import DUTY, NURSING_HOME, VAKT_1
from tests.end_to_end.product import RunningProduct
from tests.serving.web_server import allow_open_files

HALF_OPEN = {
    "silent": b"",
    "half a head": b"POST /twilio/voice HTTP/1.1\r\nHost: vakt.exam",
    "half a body": b"POST /twilio/voice HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nCallSid=",
}


@pytest.mark.parametrize("said", HALF_OPEN.values(), ids=HALF_OPEN.keys())
def test_a_call_goes_through_beside_two_hundred_half_open_connections(
    product: RunningProduct, said: bytes
) -> None:
    with two_hundred_clients(product.url, said):
        night = product.call(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})

    assert night.outcome == "connected"
    assert not any(event.kind == "application_error" for event in night.events)


@contextmanager
def two_hundred_clients(url: str, said: bytes) -> Iterator[None]:
    allow_open_files(1400)
    to = urlsplit(url)
    with ExitStack() as stack:
        for _ in range(200):
            client = stack.enter_context(socket.create_connection((to.hostname, to.port)))
            client.sendall(said)
        yield
