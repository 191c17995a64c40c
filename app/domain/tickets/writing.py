"""That somebody is writing on a ticket: shown to colleagues while it is so, and never an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# A page reports it every fifteen seconds at most; after three times nothing it is over.
OVER_AFTER: Final = timedelta(seconds=45)
REPORTED_AGAIN_AFTER: Final = timedelta(seconds=5)  # what is reported sooner is known already


class Writing(StrEnum):
    """What somebody writes."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes: who, what, since when, and when their page last reported it."""

    user: int
    name: str
    what: Writing
    since: datetime
    reported_at: datetime

    def still_writes(self, now: datetime) -> bool:
        """Tell whether they write still, as far as anybody knows."""
        return now < self.reported_at + OVER_AFTER


@dataclass(frozen=True, slots=True)
class WriterChange:
    """What is stored of it from now on."""

    what: Writing
    since: datetime


def writer_change(before: Writer | None, what: Writing, now: datetime) -> WriterChange | None:
    """Return what is kept when a page reports it; None where nothing needs to be written.

    Whoever has paused for long begins anew; whoever turns from a note to a reply goes on.
    """
    if before is None or not before.still_writes(now):
        return WriterChange(what, now)
    if before.what is what and now < before.reported_at + REPORTED_AGAIN_AFTER:
        return None
    return WriterChange(what, before.since)
