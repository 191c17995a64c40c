"""A mail server on this machine that takes every mail, or refuses each receiver."""

from __future__ import annotations

import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer


@dataclass
class MailServer:
    """What was handed in: each mail, and every line that was said."""

    port: int
    to_recipient: str
    told: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address, in order."""
        return [mail for mail in self.mails if mail["To"] == address]

    def take(self, lines: list[bytes]) -> None:
        mail = email.message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)


@contextmanager
def mail_server(to_recipient: str = "250 ok", login: str = "") -> Iterator[MailServer]:
    """Serve until the end; each connection in a thread of its own.

    `login` is what is answered to user and password; without it no login is offered.
    """

    class Session(StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            for raw in self.rfile:
                line = raw.decode().strip()
                here.told.append(line)
                match line.split(" ")[0].upper():
                    case "EHLO" if login:
                        self._say("250-here")
                        self._say("250 AUTH PLAIN")
                    case "AUTH":
                        self._say(login)
                    case "RCPT":
                        self._say(to_recipient)
                    case "DATA":
                        self._say("354 go on")
                        here.take(self._content())
                        self._say("250 ok")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

        def _content(self) -> list[bytes]:
            lines = []
            while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return lines

        def _say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    class Server(ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Session)
    here = MailServer(server.server_address[1], to_recipient)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
