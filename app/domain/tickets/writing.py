"""That somebody is writing on a ticket: told to colleagues while it is so, and never an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# A page tells it every fifteen seconds at most; after three times nothing it is over.
OVER_AFTER: Final = timedelta(seconds=45)
TOLD_AGAIN_AFTER: Final = timedelta(seconds=5)  # what is told sooner is known already


class Writing(StrEnum):
    """What somebody writes."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes: who, what, since when, and when their page last told so."""

    user: int
    name: str
    what: Writing
    since: datetime
    told_at: datetime

    def still_writes(self, now: datetime) -> bool:
        """Tell whether they write still, as far as anybody knows."""
        return now < self.told_at + OVER_AFTER


@dataclass(frozen=True, slots=True)
class WritingTold:
    """What is kept of it from now on."""

    what: Writing
    since: datetime


def writing_told(before: Writer | None, what: Writing, now: datetime) -> WritingTold | None:
    """Return what is kept when a page tells it; None where nothing needs to be written.

    Whoever has paused for long begins anew; whoever turns from a note to a reply goes on.
    """
    if before is None or not before.still_writes(now):
        return WritingTold(what, now)
    if before.what is what and now < before.told_at + TOLD_AGAIN_AFTER:
        return None
    return WritingTold(what, before.since)
