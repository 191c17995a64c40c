"""Everything that is set outside for what the product does."""

from typing import Final

from pydantic import field_validator

from app.domain.message_refs import MessageError, ref
from app.settings.environment import FromEnvironment, Secret
from app.settings.messages import MessageSettings
from app.settings.offline import OfflineSettings
from app.settings.openid import OpenIdSettings
from app.settings.provider import ProviderSettings
from app.settings.urls import ESCAPED, is_server_address

DATABASES: Final = ("sqlite:///", "postgresql+psycopg://")


class DatabaseSettings(FromEnvironment):
    """The database of this installation."""

    database_url: Secret = "sqlite:///var/vakt.db"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        for short in ("postgres://", "postgresql://"):  # as hosting platforms write it
            if url.startswith(short):
                url = "postgresql+psycopg://" + url.removeprefix(short)
        if not url.startswith(DATABASES):
            raise MessageError(ref("settings.database_kind"))
        if url.startswith(DATABASES[1]) and not is_server_address(url):
            raise MessageError(ref("settings.server_address", escape=ESCAPED))
        return url


class Settings(
    OfflineSettings, MessageSettings, ProviderSettings, OpenIdSettings, DatabaseSettings
):
    """The settings of a process: a worker, a command; the web has more (WebSettings)."""

    secret_key: Secret = ""  # signs links to recordings in mails; without it they hold none
