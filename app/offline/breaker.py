"""Whether the database is asked at all: one that hangs must not cost every caller seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

REST: Final = timedelta(seconds=15)  # then one turn tries again, if nobody has looked before


@dataclass(slots=True)
class Breaker:
    """Open after a failure for a while, or until somebody has found the database well."""

    open_until: datetime | None = None
    on_change: Callable[[bool], object] = lambda _is_away: (
        None
    )  # when it is left alone, and when not

    @property
    def is_tripped(self) -> bool:
        """Tell whether nobody has found the database well since it failed."""
        return self.open_until is not None

    def is_open(self, now: datetime) -> bool:
        """Tell whether the database is left alone now."""
        return self.open_until is not None and now < self.open_until

    def trip(self, now: datetime) -> None:
        """Leave the database alone for a while."""
        self.open_until = now + REST
        self.on_change(True)

    def close(self) -> None:
        """Ask the database again."""
        self.open_until = None
        self.on_change(False)
