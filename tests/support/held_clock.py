"""A clock that begins at a test's own moment, on whatever day the test runs."""

import time
from datetime import datetime, timedelta

import pytest

from app import clock


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """It is this moment now for the code of this process, and time goes on from there."""
    began = time.monotonic()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=time.monotonic() - began))
