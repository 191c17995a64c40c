"""Signed addresses of the night page: short, because they stand in an SMS.

A link holds the number of its SMS and a signature over whom it was sent to, when and about which
ticket: nobody else's row can stand behind it, not even after a backup has been put back.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from app.domain.hunts.night_link import DutySms

PURPOSE: Final = "night-page"
PATH: Final = "/n"
SIGNATURE_BYTES: Final = 10  # 2^80 guesses, each of which must be asked for: 16 letters


@dataclass(frozen=True, slots=True)
class NightLinks:
    """Makes and checks the links; without a key, or without https, none are given out."""

    key: str
    public_url: str

    def link(self, sms: DutySms) -> str:
        """Return the address for the receiver of an SMS; empty where none is given out."""
        if not self.key or not self.public_url.startswith("https://"):
            return ""
        return f"{self.public_url}{self.path(sms)}"

    def path(self, sms: DutySms) -> str:
        """Return the path of the page."""
        return f"{PATH}/{sms.id}.{self._signature(sms)}"

    def is_signed(self, sms: DutySms, signature: str) -> bool:
        """Tell whether a signature was made here for this SMS."""
        return bool(self.key) and hmac.compare_digest(
            self._signature(sms).encode(), signature.encode()
        )

    def _signature(self, sms: DutySms) -> str:
        facts = (sms.id, sms.ticket, sms.person, sms.desk, int(sms.told_at.timestamp()))
        signed = "\n".join([PURPOSE, *map(str, facts)])
        made = hmac.new(self.key.encode(), signed.encode(), hashlib.sha256).digest()
        return base64.b32encode(made[:SIGNATURE_BYTES]).decode().lower()
