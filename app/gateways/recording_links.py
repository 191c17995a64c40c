"""Signed addresses by which a desk hears a spoken message: for one recording and one receiver.

They hold for so many days; who listens by one is noted as its receiver.
"""

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.domain.desks.desk import LINK_HOLDS_DAYS

PURPOSE: Final = "recording-link"
VALID_SECONDS: Final = LINK_HOLDS_DAYS * 24 * 3600
PATH: Final = "/listen"


@dataclass(frozen=True, slots=True)
class RecordingAddress:
    """What a link leads to: a recording, and who was sent the link."""

    recording: str
    receiver: str


@dataclass(frozen=True, slots=True)
class RecordingLinks:
    """Makes and reads the links; without a key there are none."""

    key: str
    public_url: str

    def link(self, recording: str, receiver: str) -> str:
        """Return the address for one receiver; empty where nothing can be signed."""
        if not self.key:
            return ""
        return f"{self.public_url}{PATH}/{self._serializer.dumps([recording, receiver])}"

    def read(self, token: str) -> RecordingAddress | None:
        """Return what a link leads to; None for one that was not made here, or is too old."""
        try:
            recording, receiver = self._serializer.loads(token, max_age=VALID_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return RecordingAddress(str(recording), str(receiver))

    @property
    def _serializer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key, salt=PURPOSE)
