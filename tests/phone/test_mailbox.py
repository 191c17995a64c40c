"""Mail is handed in at the server that SMTP_URL names, and shown where it names none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest

from app import logs
from app.phone.mailbox import Mailbox
from app.phone.sender import PermanentFailure, Sender, TemporaryFailure
from app.settings import Settings

TO = "teamleiar@fjordhjelp.example"


@contextmanager
def a_server(to_recipient: str = "250 ok") -> Iterator[tuple[int, list[str]]]:
    """A mail server for one mail; gives its port and the lines that it was told."""
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line, line.makefile("rwb") as file:
                answer(file, "220 here")
                for raw in file:
                    told.append(raw.decode().strip())
                    word = told[-1].upper()
                    if word.startswith("RCPT"):
                        answer(file, to_recipient)
                    elif word == "DATA":
                        answer(file, "354 go on")
                    elif word == "QUIT":
                        answer(file, "221 bye")
                        return
                    elif word == "." or word.startswith(("EHLO", "MAIL", "RSET")):
                        answer(file, "250 ok")

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1]), told
        thread.join(10)


def answer(file: object, words: str) -> None:
    file.write(words.encode() + b"\r\n")  # type: ignore[attr-defined]
    file.flush()  # type: ignore[attr-defined]


def sender(port: int) -> Sender:
    return Sender(Settings(secret_key="of the tests", smtp_url=f"smtp://127.0.0.1:{port}"))


def test_a_mail_is_handed_in_with_its_words() -> None:
    with a_server() as (port, told):
        sender(port).send_mail(to=TO, subject="Fjordhjelp: SMS", body="går ikkje ut")

    assert f"rcpt TO:<{TO}>" in told
    assert "Subject: Fjordhjelp: SMS" in told
    assert any(line.startswith("From: vaktlinje@") for line in told)


def test_an_address_that_is_refused_is_refused_for_good() -> None:
    with a_server("550 nobody here") as (port, _), pytest.raises(PermanentFailure):
        sender(port).send_mail(to=TO, subject="s", body="b")


def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with pytest.raises(TemporaryFailure):
        sender(port).send_mail(to=TO, subject="s", body="b")


def test_without_a_server_mail_is_shown() -> None:
    shown = StringIO()
    logs.configure(shown)
    Mailbox("").send(to=TO, subject="Fjordhjelp: SMS", body="går ikkje ut")
    logs.configure()

    assert "går ikkje ut" in shown.getvalue()
