"""A mail server on this machine: takes every mail that the system hands in, to be shown."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from io import BufferedRWPair
from typing import Final

SECONDS: Final = 10.0  # a client that is silent for longer is gone
ANSWERS: Final = {b"DATA": b"354 go on", b"QUIT": b"221 bye"}
FINE: Final = b"250 fine"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail, as somebody reads it."""

    to: str
    subject: str
    body: str


@dataclass(slots=True)
class SmtpSink:
    """Listens from the start; takes nothing before `open`."""

    mails: list[ReceivedMail] = field(default_factory=list)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        """Return the SMTP_URL at which it is found."""
        return f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"

    def open(self) -> None:
        """Take mail from now on, in a thread of its own."""
        threading.Thread(target=self._stand_open, name="smtp-sink", daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits at it
        self._listener.close()

    def _stand_open(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.settimeout(SECONDS)
                with line.makefile("rwb") as talk:
                    self._take(talk)

    def _take(self, talk: BufferedRWPair) -> None:
        """Answer one client, word by word, until it has said good-bye."""
        _say(talk, b"220 here")
        for line in talk:
            word = line.strip().upper()[:4]
            _say(talk, ANSWERS.get(word, FINE))
            if word == b"DATA":
                self.mails.append(_read(talk))
                _say(talk, FINE)
            elif word == b"QUIT":
                return


def _say(talk: BufferedRWPair, words: bytes) -> None:
    talk.write(words + b"\r\n")
    talk.flush()


def _read(talk: BufferedRWPair) -> ReceivedMail:
    """Read until the line with a dot alone; a dot that begins a line was doubled on the way."""
    lines = []
    for line in talk:
        if line.rstrip(b"\r\n") == b".":
            break
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    mail = message_from_bytes(b"".join(lines), policy=policy.default)
    body = mail.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return ReceivedMail(str(mail["To"]), str(mail["Subject"]), text.strip())
