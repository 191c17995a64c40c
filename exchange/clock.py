"""A call's own time: the moment it began and the seconds that have passed for its people.
The only file of the exchange that looks at the machine's clock.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def wall_now() -> datetime:
    """The machine's moment, aware UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds on a clock that only goes forward, for measuring."""
    return time.monotonic()


def pause_really(seconds: float) -> None:
    """Sleep on the machine's clock, whatever the exchange's speed."""
    if seconds > 0:
        time.sleep(seconds)


def rfc2822(moment: datetime) -> str:
    """A moment as Twilio writes it: RFC 2822 with a numeric zone, always UTC."""
    return format_datetime(moment.astimezone(UTC))


class Timeline:
    """Where one call stands in time. `speed` 1 is real time, N is N times faster, 0 never waits."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.start = start
        self.speed = speed
        self.elapsed = 0.0

    def moment(self) -> datetime:
        """The call's own moment."""
        return self.start + timedelta(seconds=self.elapsed)

    def advance(self, seconds: float) -> None:
        """Lets seconds pass without waiting for them; time never goes back."""
        self.elapsed += max(0.0, seconds)

    def is_real_time(self) -> bool:
        """Whether a second of the call is a second of the machine."""
        return self.speed == 1

    def real_seconds(self, seconds: float, *, live: bool) -> float:
        """How long the machine waits for so many seconds of the call; a live person is waited for
        in real time even where scripts take none.
        """
        if self.speed > 0:
            return max(0.0, seconds) / self.speed
        return max(0.0, seconds) if live else 0.0

    def call_seconds(self, real: float) -> float:
        """How many seconds of the call so much waiting was."""
        return real * (self.speed or 1.0)


class Pace:
    """Lets so many things happen a second and puts the others off. 0: as many as there are."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def delay(self) -> float:
        """Seconds until the next one may happen; it is taken."""
        with self._lock:
            now = ticks()
            due = max(now, self._next)
            self._next = due + self._gap
            return due - now
