"""The web's own settings: what it signs with, who may see figures, and how it is served."""

from typing import Final

from pydantic import field_validator

from app.domain.access.client_address import Network, read_networks
from app.domain.message_refs import MessageError, ref
from app.settings.environment import MISSING, FromEnvironment, Secret, without_blanks
from app.settings.product import Settings
from app.settings.urls import is_statement_address

MOST_PROCESSES: Final = 256  # of the web, or threads in each: more is a slip of the finger


class WebSettings(Settings):
    """What the product needs, and what only its web does: a key of its own to sign with."""

    secret_key: Secret
    vakt_metrics_token: Secret = ""
    vakt_accessibility_url: str = ""  # the organisation's accessibility statement
    vakt_proxies: str = "127.0.0.1,::1"  # who may tell us from where somebody asks
    port: int = 8000  # used by ServingSettings; here, so that every mistake is told at once

    @field_validator("secret_key")
    @classmethod
    def _something(cls, key: str) -> str:
        if not key:
            raise MessageError(MISSING)
        return key

    @field_validator("vakt_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        try:
            read_networks(text)
        except ValueError:
            raise MessageError(ref("settings.networks", example="10.0.0.0/8")) from None
        return text

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The proxies in front of us."""
        return read_networks(self.vakt_proxies)

    @field_validator("vakt_metrics_token")
    @classmethod
    def _token_in_one_piece(cls, token: str) -> str:
        return without_blanks(token)

    @field_validator("vakt_accessibility_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not is_statement_address(url):
            raise MessageError(ref("settings.address", example="https://uustatus.no/nb/…"))
        return url


class ServingSettings(FromEnvironment):
    """How the web is served: read before there is any application."""

    web_host: str = "127.0.0.1"  # a proxy on the same machine stands in front
    port: int = 8000
    web_workers: int = 2
    web_threads: int = 4
    web_page_threads: int = 2  # beside those, for browsers
    web_access_log: bool = False
    prometheus_multiproc_dir: str = ""

    @field_validator("web_host")
    @classmethod
    def _plain_host(cls, host: str) -> str:
        if " " in host or "/" in host or host.startswith("["):
            raise MessageError(ref("settings.host"))
        return host

    @field_validator("web_workers", "web_threads", "web_page_threads")
    @classmethod
    def _some(cls, count: int) -> int:
        if not 1 <= count <= MOST_PROCESSES:
            raise MessageError(ref("settings.between", lowest=1, highest=MOST_PROCESSES))
        return count
