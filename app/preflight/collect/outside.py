"""What a setting names outside and nobody asks before the night: the mail server, the watcher."""

import smtplib
import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from app.domain.message_refs import ref
from app.gateways.mail import Mailer
from app.preflight.bounded import REQUEST_SECONDS, NoAnswer
from app.preflight.finding import Mark
from app.settings import Settings

PORTS: Final = {"http": 80, "https": 443}
MAIL: Final = ref("preflight.mail_server_do")
WATCHER: Final = ref("preflight.watcher_do")


def ask_mail_server(settings: Settings) -> bool:
    """Log in at the mail server; False where none is set. Trouble where it does not let us in."""
    if not settings.smtp_url:
        return False
    try:
        Mailer(settings.smtp_url).log_in(REQUEST_SECONDS)
    except smtplib.SMTPAuthenticationError as refused:
        code = refused.smtp_code
        raise NoAnswer(ref("preflight.mail_login_refused", code=code), MAIL) from refused
    except smtplib.SMTPNotSupportedError as refused:
        raise NoAnswer(ref("preflight.mail_no_login"), MAIL) from refused
    except smtplib.SMTPResponseException as refused:
        raise NoAnswer(ref("preflight.mail_refuses", code=refused.smtp_code), MAIL) from refused
    except ssl.SSLError as refused:
        raise NoAnswer(ref("preflight.mail_no_tls"), MAIL) from refused
    except (smtplib.SMTPException, OSError) as lost:
        raise NoAnswer(ref("preflight.mail_away", cause=type(lost).__name__), MAIL) from lost
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
        with socket.create_connection((host, port), timeout=REQUEST_SECONDS) as connection:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                context.wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLError as untrusted:
        why = ref("preflight.watcher_untrusted")
        raise NoAnswer(why, WATCHER, Mark.WARNING) from untrusted
    except OSError as lost:
        why = ref("preflight.watcher_away", cause=type(lost).__name__)
        raise NoAnswer(why, WATCHER, Mark.WARNING) from lost
    return True
