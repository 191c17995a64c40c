"""A night's installation as `vakt preflight` meets it: its web and a network with its numbers."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from app.gateways.twilio.addresses import ASKED_AGAIN
from app.settings import WebSettings
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.server import running
from tests.cli.a_terminal import Done, Terminal
from tests.support.mail_server import mail_server
from tests.support.shipped_desks import DESKS, desk_of, shipped

TOKEN, ACCOUNT, SECRET = "the-token", "AC1", "0123456789abcdef"
LINE = "+4720000210"  # brukarstotte, duty
NUMBERS = [line.number for desk in DESKS for line in desk_of(shipped(desk)).lines]
RIGHT = {
    "voice_url": f"/twilio/voice{ASKED_AGAIN}",
    "fallback_url": f"/twilio/voice/fallback{ASKED_AGAIN}",
    "status_url": f"/twilio/status{ASKED_AGAIN}",
    "sms_url": f"/twilio/sms{ASKED_AGAIN}",
}


@contextmanager
def serving(terminal: Terminal, token: str = TOKEN) -> Iterator[str]:
    """The web application at an address of its own, with one token."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        WebSettings(
            secret_key=SECRET,
            database_url=terminal.database_url,
            public_url=url,
            twilio_auth_token=(token,),
            vakt_lifeline=terminal.home / "lifeline.json",
        )
    )
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["vakt"].close()


class Night:
    """An installation with its web at work, a living worker, and a network that has its numbers."""

    def __init__(self, terminal: Terminal, url: str, stack: ExitStack) -> None:
        self.terminal, self.url, self._stack = terminal, url, stack
        self.mail = stack.enter_context(mail_server())

    def connect(self, **changed: Any) -> Exchange:
        """Another network, in which the system has its numbers."""
        usual = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "product_url": self.url,
            "numbers": self.numbers(),
            "account": {"profiles": [{"friendly_name": "Fjordgløtt", "status": "twilio-approved"}]},
        }
        return self._stack.enter_context(running(read_config({**usual, **changed})))

    def numbers(self, **changed: Any) -> dict[str, Any]:
        rows: dict[str, Any] = {number: dict(RIGHT) for number in NUMBERS}
        rows[LINE] |= changed
        return rows

    def look(self, *words: str, **more: str) -> Done:
        own = {
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": self.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "SMTP_URL": self.mail.url,
        }
        return self.terminal.vakt("preflight", *words, **{**own, **more})
