"""The mail server and the watching service are tried before the night, over real sockets."""

import socket
from collections.abc import Iterator

import pytest

from app.domain.message_refs import ref
from app.preflight.bounded import NoAnswer
from app.preflight.collect.outside import ask_mail_server, ask_watcher
from app.preflight.finding import Mark
from tests.preflight.sample_facts import in_english, settings
from tests.support.mail_server import mail_server


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens: it is taken, and not served."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def test_the_mail_server_is_logged_in_to_and_gets_no_mail() -> None:
    with mail_server(login="235 welcome") as server:
        url = server.url.replace("smtp://", "smtp://vakt:hu%23sh@")
        assert ask_mail_server(settings(smtp_url=url)) is True
    assert any(line.startswith("AUTH") for line in server.told)
    assert server.mails == []


def test_a_mail_server_that_refuses_the_password_is_told_without_it() -> None:
    with mail_server(login="535 no") as server, pytest.raises(NoAnswer) as trouble:
        ask_mail_server(settings(smtp_url=server.url.replace("smtp://", "smtp://vakt:hush@")))
    told = trouble.value.unknown
    assert told.why == ref("preflight.mail_login_refused", code=535)
    assert "SMTP_URL" in in_english(told.do)
    assert told.mark is Mark.ERROR
    assert "hush" not in f"{told}"


def test_a_mail_server_without_logins_is_told() -> None:
    with mail_server() as server, pytest.raises(NoAnswer, match="mail_no_login"):
        ask_mail_server(settings(smtp_url=server.url.replace("smtp://", "smtp://vakt:hush@")))


@pytest.mark.parametrize(
    ("scheme", "words"),
    [("smtps", "mail_no_tls"), ("smtp+starttls", "mail_no_login|mail_refuses|mail_no_tls")],
)
def test_a_mail_server_without_tls_is_told(scheme: str, words: str) -> None:
    with mail_server() as server, pytest.raises(NoAnswer, match=words):
        ask_mail_server(settings(smtp_url=server.url.replace("smtp", scheme, 1)))


def test_nobody_at_the_mail_servers_port(closed_port: int) -> None:
    with pytest.raises(NoAnswer, match="mail_away"):
        ask_mail_server(settings(smtp_url=f"smtp://127.0.0.1:{closed_port}"))


def test_without_the_settings_nobody_is_asked() -> None:
    assert ask_mail_server(settings(smtp_url="")) is False
    assert ask_watcher(settings(vakt_heartbeat_url="")) is False


def test_the_watcher_is_reached_and_gets_no_sign_of_life(closed_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as watcher:
        address = f"http://127.0.0.1:{watcher.getsockname()[1]}/ping/hush"
        assert ask_watcher(settings(vakt_heartbeat_url=address)) is True
        connection, _ = watcher.accept()
        with connection:
            assert connection.recv(100) == b"", "nothing was asked of it"

    with pytest.raises(NoAnswer) as trouble:
        ask_watcher(settings(vakt_heartbeat_url=f"http://127.0.0.1:{closed_port}/ping/hush"))
    told = trouble.value.unknown
    assert told.why == ref("preflight.watcher_away", cause="ConnectionRefusedError")
    assert told.mark is Mark.WARNING
    assert "hush" not in f"{told}"
