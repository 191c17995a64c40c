"""Messages after the tone, kept until they are deleted over REST."""

import threading
from dataclasses import dataclass
from datetime import datetime

from app.exchange.audio import recorded


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: of which call, how long, when begun. The sound is made on demand.

    `loud` are the seconds in which somebody spoke.
    """

    sid: str
    account_sid: str
    call_sid: str
    started: datetime
    seconds: float
    status: str
    loud: float

    def media(self) -> bytes:
        """A WAV file of the recording's length."""
        return recorded(self.loud, self.seconds)


class RecordingBook:
    """All recordings not yet deleted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Recording] = {}

    def add(self, recording: Recording) -> None:
        """Keeps a recording."""
        with self._lock:
            self._kept[recording.sid] = recording

    def find(self, sid: str) -> Recording | None:
        """A recording by its sid."""
        with self._lock:
            return self._kept.get(sid)

    def delete(self, sid: str) -> bool:
        """Forgets a recording; whether it was there."""
        with self._lock:
            return self._kept.pop(sid, None) is not None

    def all(self) -> list[Recording]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._kept.values()))
