"""Mail to the desk, by SMTP_URL. Without it mail is shown in the log, not sent."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog

SECONDS: Final = 10.0
UNSAFE: Final = re.compile(r"[^A-Za-z0-9.-]")
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A sound that comes with a mail."""

    name: str
    media: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address. `id` makes its Message-ID, `thread` that of the mail it follows."""

    to: str
    subject: str
    body: str
    id: str = ""
    thread: str = ""
    is_urgent: bool = False
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Mailer:
    """Where mail is handed in: smtp, smtps or smtp+starttls, with user and password or without.

    `host` is ours, for Message-IDs: one mail keeps its own however often it is handed in.
    """

    url: str
    from_: str = ""
    host: str = "localhost"

    def send(self, mail: Mail, now: datetime) -> None:
        """Hand one mail in. smtplib.SMTPException or OSError when it is not taken."""
        if not self.url:
            hint = "SMTP_URL is not set"
            log.info("mail_not_sent", hint=hint, subject=mail.subject, body=mail.body)
            return
        message = self._message(mail, now)
        with self._logged_in(SECONDS) as server:
            server.send_message(message)

    def _message(self, mail: Mail, now: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.from_ or self._sender()
        # A line of its own in a header would be a header of its own: it is refused there.
        message["To"], message["Subject"] = mail.to, " ".join(mail.subject.split())
        message["Date"] = format_datetime(now)
        # RFC 3834: no absence message, no ticket made of a ticket.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if mail.id:
            message["Message-ID"] = self._id(mail.id)
        if mail.thread and mail.thread != mail.id:
            message["In-Reply-To"] = message["References"] = self._id(mail.thread)
        if mail.is_urgent:
            message["Importance"] = "high"
        message.set_content(mail.body)
        if mail.attachment:
            name, media = mail.attachment.name, mail.attachment.media
            message.add_attachment(media, maintype="audio", subtype="wav", filename=name)
        return message

    def _id(self, name: str) -> str:
        return f"<{UNSAFE.sub('.', name)}@{self.host}>"

    def _sender(self) -> str:
        parts = urlsplit(self.url)
        user = unquote(parts.username or "")
        return user if "@" in user else f"vaktlinje@{parts.hostname or ''}"

    def log_in(self, seconds: float = SECONDS) -> None:
        """Log in and out again, sending nothing: smtplib.SMTPException or OSError where refused."""
        with self._logged_in(seconds) as server:
            server.noop()

    @contextmanager
    def _logged_in(self, seconds: float) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        user, host = unquote(parts.username or ""), parts.hostname or ""
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(host, parts.port or PORTS[parts.scheme], timeout=seconds) as server:
            if parts.scheme == "smtp+starttls":
                server.starttls()
            if user:
                server.login(user, unquote(parts.password or ""))
            yield server
