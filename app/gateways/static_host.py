"""Where the network keeps documents for us: a store of files that takes them by PUT."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from urllib.parse import quote

import requests

from app.domain.delivery_errors import refused
from app.domain.simulate.site_outage import StaticPlan
from app.domain.texts.catalogue import Texts
from app.gateways.twilio.site_outage_twiml import documents
from app.gateways.twilio.xml import CONTENT_TYPE
from app.settings import OfflineSettings

SECONDS: Final = 10.0
# What is there must be asked for again: the duty has changed.
HEADERS: Final = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-cache"}


class UploadFailed(OSError):
    """The store did not take a document, and why; never with its address: a key may stand there."""


def folder_of(settings: OfflineSettings, desk: str) -> str:
    """Return where the network reads a desk's documents; empty where none are put anywhere."""
    base = settings.vakt_lifeline_public_url or settings.vakt_lifeline_push_url.partition("?")[0]
    return f"{base.rstrip('/')}/{quote(desk)}" if base else ""


@dataclass(frozen=True)
class StaticHost:
    """The store; `settings` say where it is, how we may write, and where the network reads."""

    settings: OfflineSettings
    texts: Texts

    @property
    def is_there(self) -> bool:
        """Tell whether there is a store at all."""
        return bool(self.settings.vakt_lifeline_push_url)

    def fingerprint(self, plan: StaticPlan) -> str:
        """Return what changes with what a desk's documents say, but for when they begin."""
        said = self._documents(replace(plan, from_=plan.until))
        whole = "\0".join(f"{name}\0{text}" for name, text in said.items())
        return hashlib.sha256(whole.encode()).hexdigest()

    def put(self, plan: StaticPlan) -> None:
        """Put a desk's documents there, what the lines lead to first; UploadFailed if refused."""
        folder, question, query = self.settings.vakt_lifeline_push_url.partition("?")
        for name, text in self._documents(plan).items():
            address = f"{folder.rstrip('/')}/{quote(plan.desk.id)}/{name}{question}{query}"
            self._put(address, text)

    def _documents(self, plan: StaticPlan) -> dict[str, str]:
        return dict(documents(plan, self.texts, folder_of(self.settings, plan.desk.id)))

    def _put(self, address: str, text: str) -> None:
        try:
            answer = requests.put(
                address,
                data=text.encode(),
                headers={**HEADERS, **self._key},
                timeout=SECONDS,
                allow_redirects=False,  # our key is for this store only
            )
        except requests.RequestException as lost:
            raise UploadFailed(type(lost).__name__) from None
        if not answer.ok or answer.is_redirect:
            raise UploadFailed(refused(answer.status_code))

    @cached_property
    def _key(self) -> dict[str, str]:
        name, _, value = self.settings.vakt_lifeline_push_header.partition(":")
        return {name.strip(): value.strip()} if value else {}
