"""Signed addresses at which somebody confirms one shift, without logging in.

A link holds the number of what was asked and a signature over whom, of which roster, and which
shift: nobody else's row can stand behind it, not even after a backup has been put back.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from app.domain.roster.shift_confirmations import AskedShift

PURPOSE: Final = "confirm-shift"
PATH: Final = "/c"
SIGNATURE_BYTES: Final = 10  # 2^80 guesses, each of which must be asked for: 16 letters


@dataclass(frozen=True, slots=True)
class ShiftLinks:
    """Makes and checks the links; without a key, or without https, none are given out."""

    key: str
    public_url: str

    def link(self, one: AskedShift) -> str:
        """Return the address for whoever was asked; empty where none is given out."""
        if not self.key or not self.public_url.startswith("https://"):
            return ""
        return f"{self.public_url}{self.path(one)}"

    def path(self, one: AskedShift) -> str:
        """Return the path of the page."""
        return f"{PATH}/{one.id}.{self._signature(one)}"

    def is_signed(self, one: AskedShift, signature: str) -> bool:
        """Tell whether a signature was made here for this."""
        return bool(self.key) and hmac.compare_digest(
            self._signature(one).encode(), signature.encode()
        )

    def _signature(self, one: AskedShift) -> str:
        begins = int(one.when.from_.timestamp())
        facts = (one.id, one.roster, one.person, one.role, begins)
        signed = "\n".join([PURPOSE, *map(str, facts)])
        made = hmac.new(self.key.encode(), signed.encode(), hashlib.sha256).digest()
        return base64.b32encode(made[:SIGNATURE_BYTES]).decode().lower()
