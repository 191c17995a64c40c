"""No thread waits for a client: silent, slow and half-open connections do not hold a call up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.processes import wait_until
from tests.serving.web_server import (
    PATIENT,
    Web,
    get,
    head,
    post,
    serving,
    until_closed,
    until_said,
)

CLOSE = "Connection: close"
MANY = 200  # many times as many as there are threads
HALF_OPEN = {
    "silent": b"",
    "half a head": b"POST /twilio/slow HTTP/1.1\r\nHost: vakt.exam",
    "half a body": head("POST", "/twilio/slow", "Content-Length: 1000") + b"half",
    "half a chunk": head("POST", "/twilio/slow", "Transfer-Encoding: chunked") + b"400\r\nhalf",
    "waits for the word to go on": head(
        "POST", "/twilio/slow", "Content-Length: 1000", "Expect: 100-continue"
    ),
    "has asked, and stays": get("/twilio/once"),
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web")) as web:
        yield web


@pytest.mark.parametrize("kind", HALF_OPEN.values(), ids=HALF_OPEN.keys())
def test_two_hundred_connections_that_say_no_more_hold_nobody_up(web: Web, kind: bytes) -> None:
    with ExitStack() as stack:
        web.connections(kind, MANY, stack)

        answer = web.ask(post("/twilio/turn", b"Digits=1", CLOSE))

    assert answer.endswith(b"took 8 of /twilio/turn")


def test_clients_that_do_not_read_their_answers_hold_nobody_up(web: Web) -> None:
    with ExitStack() as stack:
        slow = web.connections(get("/twilio/large", CLOSE), 7, stack)

        answer = web.ask(post("/twilio/turn", b"Digits=1", CLOSE))
        first = until_closed(slow[0])

    assert answer.endswith(b"took 8 of /twilio/turn")
    assert len(first) > 8 * 1024 * 1024, "and each of them gets all of it when it reads"


def test_clients_that_do_not_close_hold_nobody_up(web: Web) -> None:
    with ExitStack() as stack:
        for client in web.connections(get("/twilio/bye", CLOSE), MANY, stack):
            assert until_closed(client).endswith(b"took 0 of /twilio/bye")  # and ours stays open

        answer = web.ask(post("/twilio/turn", b"Digits=1", CLOSE))

    assert answer.endswith(b"took 8 of /twilio/turn")


def test_more_connections_than_there_are_places_for_do_not_lock_a_caller_out(web: Web) -> None:
    with ExitStack() as stack:
        web.connections(b"", 1100, stack)

        answers = [web.ask(post("/twilio/turn", b"Digits=1", CLOSE)) for _ in range(3)]

    assert all(answer.endswith(b"took 8 of /twilio/turn") for answer in answers)


def test_a_silent_connection_is_closed_after_a_while(web: Web) -> None:
    with web.connect() as client:
        assert until_closed(client) == b""


def test_requests_that_come_in_pieces_are_put_together(web: Web) -> None:
    request = post("/twilio/pieces", b"0123456789", CLOSE)
    with web.connect() as client:
        for at in range(len(request)):
            client.sendall(request[at : at + 1])

        assert until_closed(client).endswith(b"took 10 of /twilio/pieces")


def test_a_connection_serves_one_request_after_the_other(web: Web) -> None:
    with web.connect() as client:
        for number in range(5):
            client.sendall(post(f"/twilio/turn/{number}", b"x" * number))
            until_said(client, f"took {number} of /twilio/turn/{number}".encode())


def test_requests_behind_each_other_are_all_answered(web: Web) -> None:
    several = post("/1", b"one") + get("/2") + post("/3", b"three", CLOSE)

    answers = web.ask(several)

    assert [answers.count(b"took %d of /%d" % it) for it in ((3, 1), (0, 2), (5, 3))] == [1, 1, 1]


def test_a_body_in_chunks_is_read_whole(web: Web) -> None:
    chunks = b"5\r\nhello\r\n1;note=1\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n"

    answer = web.ask(head("POST", "/twilio/chunks", "Transfer-Encoding: chunked", CLOSE) + chunks)

    assert answer.endswith(b"took 6 of /twilio/chunks")


def test_who_waits_for_the_word_to_go_on_gets_it(web: Web) -> None:
    with web.connect() as client:
        client.sendall(
            head("POST", "/twilio/big", "Content-Length: 4", "Expect: 100-continue", CLOSE)
        )
        until_said(client, b"HTTP/1.1 100 Continue\r\n\r\n")
        client.sendall(b"body")

        assert until_closed(client).endswith(b"took 4 of /twilio/big")


REFUSED = {
    "no request at all": (b"\x16\x03\x01hello\r\n\r\n", b"HTTP/1.1 400 "),
    "a head without an end": (get("/", "X: " + "x" * 40_000), b"HTTP/1.1 431 "),
    "two lengths": (
        head("POST", "/", "Content-Length: 3", "Content-Length: 5") + b"hello",
        b"HTTP/1.1 400 ",
    ),
    "a length that is none": (head("POST", "/", "Content-Length: +3") + b"abc", b"HTTP/1.1 400 "),
    "length and chunks": (
        head("POST", "/", "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        b"HTTP/1.1 400 ",
    ),
}


@pytest.mark.parametrize(("request_", "answer"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_unclear_is_refused_and_ends_the_connection(
    web: Web, request_: bytes, answer: bytes
) -> None:
    heard = web.ask(request_ + get("/twilio/smuggled"))

    assert heard.startswith(answer)
    assert b"/twilio/smuggled" not in heard


def test_a_chunk_that_is_none_is_never_a_request(web: Web) -> None:
    bad = head("POST", "/twilio/bad", "Transfer-Encoding: chunked") + b"nothing\r\n\r\n"

    assert b"/twilio/smuggled" not in web.ask(bad + get("/twilio/smuggled", CLOSE))


def test_a_body_that_nobody_takes_is_not_waited_for(web: Web) -> None:
    with web.connect() as client:
        client.sendall(head("POST", "/twilio/huge", f"Content-Length: {10**12}") + b"some")

        assert until_closed(client).startswith(b"HTTP/1.1 ")


def test_bodies_that_never_end_do_not_fill_the_memory(tmp_path: Path) -> None:
    """Nobody is let go for being slow here: whoever is, would not have fitted into 64 MB."""
    unfinished = head("POST", "/twilio/slow", "Content-Length: 2000000") + b"x" * 1_900_000
    with serving(tmp_path, options=PATIENT) as web, ExitStack() as stack:
        clients = web.connections(unfinished, 60, stack)  # 114 MB in all

        wait_until(lambda: sum(map(is_closed, clients)) >= 25, "enough of them are let go")
        answer = web.ask(post("/twilio/turn", b"Digits=1", CLOSE))
        stay = [client for client in clients if not is_closed(client)]

    assert answer.endswith(b"took 8 of /twilio/turn")
    assert len(stay) >= 30, "and no more of them than that"


def is_closed(client: socket.socket) -> bool:
    """Whether the server has let go of a client that has not said all."""
    client.setblocking(False)
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
