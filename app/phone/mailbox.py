"""Mail to the desk, by SMTP_URL. Without it mail is shown in the log, not sent (contract.md)."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog

SECONDS: Final = 10.0
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail is handed in: smtp, smtps or smtp+starttls, with user and password or without."""

    url: str

    def send(self, *, to: str, subject: str, body: str) -> None:
        """Hand one mail in. smtplib.SMTPException or OSError when it is not taken."""
        if not self.url:
            log.info("mail_not_sent", hint="SMTP_URL is not set", subject=subject, body=body)
            return
        parts = urlsplit(self.url)
        user, host = unquote(parts.username or ""), parts.hostname or ""
        mail = EmailMessage()
        mail["From"] = user if "@" in user else f"vaktlinje@{host}"
        # A line of its own in a header would be a header of its own: it is refused there.
        mail["To"], mail["Subject"] = to, " ".join(subject.split())
        mail.set_content(body)
        with self._logged_in(SECONDS) as server:
            server.send_message(mail)

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
