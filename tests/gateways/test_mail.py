"""Mail is handed in at the server that SMTP_URL names, and shown where it names none."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from io import StringIO

import pytest

from app import logs
from app.gateways.mail import Attachment, Mail, Mailer
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.settings import Settings
from tests.support.mail_server import mail_server

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
TO = "teamleiar@fjordhjelp.example"


def sender(port: int) -> Sender:
    return Sender(Settings(secret_key="of the tests", smtp_url=f"smtp://127.0.0.1:{port}"))


def test_a_mail_is_handed_in_with_its_words() -> None:
    with mail_server() as server:
        sender(server.port).send_mail(Mail(TO, "Fjordhjelp: SMS", "går ikkje ut"), NOW)

    assert f"rcpt TO:<{TO}>" in server.told
    [mail] = server.to(TO)
    assert mail["Subject"] == "Fjordhjelp: SMS"
    assert mail["From"].startswith("vaktlinje@")
    assert mail.get_content().strip() == "går ikkje ut"


def test_a_subject_of_several_lines_is_one_and_makes_no_header_of_its_own() -> None:
    with mail_server() as server:
        sender(server.port).send_mail(Mail(TO, "Sak\r\nBcc: x@y.example\n\nb", "b"), NOW)

    [mail] = server.to(TO)
    assert mail["Subject"] == "Sak Bcc: x@y.example b"
    assert mail["Bcc"] is None


@pytest.mark.parametrize("to", ["x@y.example\r\nBcc: z@y.example", "x@y.example\nX-Evil: 1"])
def test_an_address_of_several_lines_is_refused_for_good(to: str) -> None:
    with mail_server() as server, pytest.raises(PermanentFailure):
        sender(server.port).send_mail(Mail(to, "s", "b"), NOW)


def test_an_address_that_is_refused_is_refused_for_good() -> None:
    with mail_server("550 nobody here") as server, pytest.raises(PermanentFailure):
        sender(server.port).send_mail(Mail(TO, "s", "b"), NOW)


def test_a_server_that_asks_for_another_try_gets_it() -> None:
    with mail_server("450 greylisted, come back") as server, pytest.raises(TemporaryFailure):
        sender(server.port).send_mail(Mail(TO, "s", "b"), NOW)


def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with pytest.raises(TemporaryFailure):
        sender(port).send_mail(Mail(TO, "s", "b"), NOW)


def test_without_a_server_mail_is_shown() -> None:
    shown = StringIO()
    logs.configure(shown)
    Mailer("").send(Mail(TO, "Fjordhjelp: SMS", "går ikkje ut"), NOW)
    logs.configure()

    assert "går ikkje ut" in shown.getvalue()


def test_mails_about_one_ticket_follow_each_other_and_ask_for_no_answer() -> None:
    """RFC 3834: no absence message comes back; RFC 5322: a repeated mail keeps its Message-ID."""
    first = Mail(TO, "Ny sak 1042", "b", id="inbox:1042:opened:ab12", is_urgent=True)
    second = Mail(TO, "Sak 1042", "b", id="inbox:1042:message:RE1:ab12", thread=first.id)
    with mail_server() as server:
        for mail in (first, first, second):
            sender(server.port).send_mail(mail, NOW)

    one, again, two = server.to(TO)
    assert one["Message-ID"] == again["Message-ID"] == "<inbox.1042.opened.ab12@localhost>"
    assert one["References"] is None
    assert two["Message-ID"] == "<inbox.1042.message.RE1.ab12@localhost>"
    assert two["References"] == two["In-Reply-To"] == one["Message-ID"]
    assert (one["Importance"], two["Importance"]) == ("high", None)
    for mail in (one, two):
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Date"] == "Sat, 21 Nov 2026 22:10:00 +0000"


def test_a_recording_comes_with_its_mail() -> None:
    with mail_server() as server:
        mail = Mail(TO, "s", "høyr", attachment=Attachment("1042.wav", b"RIFF\x00wav"))
        sender(server.port).send_mail(mail, NOW)

    [got] = server.to(TO)
    [sound] = got.iter_attachments()
    assert (sound.get_content_type(), sound.get_filename()) == ("audio/wav", "1042.wav")
    assert sound.get_content() == b"RIFF\x00wav"
    body = got.get_body()
    assert body is not None
    assert body.get_content().strip() == "høyr"


def test_mail_comes_from_the_address_that_is_set() -> None:
    with mail_server() as server:
        url, from_ = f"smtp://127.0.0.1:{server.port}", "vaktlinje@fjordhjelp.example"
        settings = Settings(secret_key="of the tests", smtp_url=url, vakt_mail_from=from_)
        Sender(settings).send_mail(Mail(TO, "s", "b"), NOW)
    assert server.mails[0]["From"] == from_
