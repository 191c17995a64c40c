"""The clock of the tests: it begins at a moment of their own, on whatever day they run.

Else a test holds only until a desk opens, a year turns or a night is an hour longer. Tests with
processes beside their own look at the machine's clock, as those processes do.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Final

import pytest

from app import clock

Clock = Callable[[], datetime]

# A Tuesday, 20.00 in Oslo: desks are closed, have been for hours, and nothing turns for hours.
BEGINNING: Final = datetime(2027, 2, 9, 19, 0, tzinfo=UTC)
ON_THE_MACHINES_CLOCK: Final = ("end_to_end", "real_clock")  # markers


def from_then_on(moment: datetime) -> Clock:
    """Return a clock that shows this moment now, and goes on from there."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)


MACHINES: Final = clock.now
OF_THE_TESTS: Final = from_then_on(BEGINNING)


@dataclass(eq=False)  # hashable: a dataclass keeps it as a default
class ClockOfTests:
    """Shows what the running test looks at."""

    shown: Clock = OF_THE_TESTS  # also for what is worked out while tests are collected

    def __call__(self) -> datetime:
        return self.shown()

    def look_for(self, item: pytest.Item) -> None:
        """From now on, for a test and for what it asks for."""
        is_real = any(map(item.get_closest_marker, ON_THE_MACHINES_CLOCK))
        self.shown = MACHINES if is_real else OF_THE_TESTS


CLOCK: Final = ClockOfTests()


def hold() -> None:
    """Let the product look at this clock, before the module is read that keeps one."""
    assert "app.database_clock" not in sys.modules
    clock.now = CLOCK
    # A database's clock is the machine's: the product would go by that one.
    database_clock = import_module("app.database_clock")
    server_time = database_clock.server_time
    database_clock.server_time = lambda connection: (
        CLOCK() if CLOCK.shown is OF_THE_TESTS else server_time(connection)
    )


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """It is this moment now for the code of this process, and time goes on from there."""
    monkeypatch.setattr(clock, "now", from_then_on(moment))
