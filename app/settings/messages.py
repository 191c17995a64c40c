"""What leaves us by other ways than the telephone: mail, posts to desks' webhooks, a heartbeat."""

import re
from typing import Final

from pydantic import field_validator

from app.domain.message_refs import MessageError, ref
from app.settings.environment import FromEnvironment, Secret, Secrets
from app.settings.urls import ESCAPED, address_parts, is_mail_address

SHORTEST_WEBHOOK_SECRET: Final = 24


class MessageSettings(FromEnvironment):
    """What whoever sends mail, webhooks and heartbeats needs."""

    smtp_url: Secret = ""
    vakt_mail_from: str = ""
    # Signs what is posted to desks' webhooks; the newest first, an old one may stand beside it.
    vakt_webhook_secret: Secrets = ()
    vakt_webhook_private: bool = False
    # Fetched each minute while all is well; whoever has it can say so: kept like a password.
    vakt_heartbeat_url: Secret = ""

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, url: str) -> str:
        if url and not is_mail_address(url):
            raise MessageError(ref("settings.mail_server", escape=ESCAPED))
        return url

    @field_validator("vakt_mail_from")
    @classmethod
    def _one_address(cls, address: str) -> str:
        if address and not (address.isascii() and re.fullmatch(r"[^\s@,<>]+@[^\s@,<>]+", address)):
            raise MessageError(ref("settings.mail_address"))
        return address

    @field_validator("vakt_webhook_secret")
    @classmethod
    def _long_enough(cls, secrets: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(secret) < SHORTEST_WEBHOOK_SECRET for secret in secrets):
            raise MessageError(ref("settings.webhook_secret", least=SHORTEST_WEBHOOK_SECRET))
        return secrets

    @field_validator("vakt_heartbeat_url")
    @classmethod
    def _fetchable(cls, url: str) -> str:
        if url and (" " in url or not address_parts(url, ("http", "https"))):
            raise MessageError(ref("settings.address", example="https://watch.example.org/ping/…"))
        return url
