"""Mail is handed in at the server that SMTP_URL names, and shown where it names none."""

from __future__ import annotations

import socket
from io import StringIO

import pytest

from app import logs
from app.phone.mailbox import Mailbox
from app.phone.sender import PermanentFailure, Sender, TemporaryFailure
from app.settings import Settings
from tests.a_mail_server import a_mail_server

TO = "teamleiar@fjordhjelp.example"


def sender(port: int) -> Sender:
    return Sender(Settings(secret_key="of the tests", smtp_url=f"smtp://127.0.0.1:{port}"))


def test_a_mail_is_handed_in_with_its_words() -> None:
    with a_mail_server() as server:
        sender(server.port).send_mail(to=TO, subject="Fjordhjelp: SMS", body="går ikkje ut")

    assert f"rcpt TO:<{TO}>" in server.told
    [mail] = server.to(TO)
    assert mail["Subject"] == "Fjordhjelp: SMS"
    assert mail["From"].startswith("vaktlinje@")
    assert mail.get_content().strip() == "går ikkje ut"


def test_a_subject_of_several_lines_is_one_and_makes_no_header_of_its_own() -> None:
    with a_mail_server() as server:
        sender(server.port).send_mail(to=TO, subject="Sak\r\nBcc: x@y.example\n\nb", body="b")

    [mail] = server.to(TO)
    assert mail["Subject"] == "Sak Bcc: x@y.example b"
    assert mail["Bcc"] is None


@pytest.mark.parametrize("to", ["x@y.example\r\nBcc: z@y.example", "x@y.example\nX-Evil: 1"])
def test_an_address_of_several_lines_is_refused_for_good(to: str) -> None:
    with a_mail_server() as server, pytest.raises(PermanentFailure):
        sender(server.port).send_mail(to=to, subject="s", body="b")


def test_an_address_that_is_refused_is_refused_for_good() -> None:
    with a_mail_server("550 nobody here") as server, pytest.raises(PermanentFailure):
        sender(server.port).send_mail(to=TO, subject="s", body="b")


def test_a_server_that_asks_for_another_try_gets_it() -> None:
    with a_mail_server("450 greylisted, come back") as server, pytest.raises(TemporaryFailure):
        sender(server.port).send_mail(to=TO, subject="s", body="b")


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
