"""What a setting names outside and nobody asks before the night: the mail server, the watcher."""

import smtplib
import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from app.gateways.mail.out import Mailer
from app.preflight.bounded import NoAnswer
from app.preflight.finding import Mark
from app.settings import Settings

SECONDS: Final = 4.0
PORTS: Final = {"http": 80, "https": 443}
MAIL: Final = "Look at SMTP_URL: host, port, user and password; every alarm by mail would be lost"
WATCHER: Final = "Look at VAKT_HEARTBEAT_URL: the watching service would take us for dead"


def ask_mail_server(settings: Settings) -> bool:
    """Log in at the mail server; False where none is set. Trouble where it does not let us in."""
    if not settings.smtp_url:
        return False
    try:
        Mailer(settings.smtp_url).log_in(SECONDS)
    except smtplib.SMTPAuthenticationError as refused:
        code = refused.smtp_code
        raise NoAnswer(f"the mail server refuses user and password ({code})", MAIL) from refused
    except smtplib.SMTPNotSupportedError as refused:
        raise NoAnswer("the mail server offers no login on this connection", MAIL) from refused
    except smtplib.SMTPResponseException as refused:
        raise NoAnswer(f"the mail server refuses us ({refused.smtp_code})", MAIL) from refused
    except ssl.SSLError as refused:
        raise NoAnswer("the mail server does not speak TLS on this port", MAIL) from refused
    except (smtplib.SMTPException, OSError) as lost:
        raise NoAnswer(f"the mail server does not answer: {type(lost).__name__}", MAIL) from lost
    return True


def ask_watcher(settings: Settings) -> bool:
    """Connect to the watching service; False where none is set. Trouble where it is not there.

    Nothing is fetched: that would be a sign of life that the worker has not given.
    """
    if not settings.vakt_heartbeat_url:
        return False
    parts = urlsplit(settings.vakt_heartbeat_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                context.wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLError as untrusted:
        why = "the watching service's certificate is not trusted"
        raise NoAnswer(why, WATCHER, Mark.WARNING) from untrusted
    except OSError as lost:
        why = f"the watching service does not answer: {type(lost).__name__}"
        raise NoAnswer(why, WATCHER, Mark.WARNING) from lost
    return True
