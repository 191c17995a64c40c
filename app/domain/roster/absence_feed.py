"""Absences that somebody's own calendar tells, read from an iCal address.

What is read changes only what the same calendar has told before; one that cannot be read changes
nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from app.domain.access.actor import Actor, ActorKind
from app.domain.message_refs import MessageError, ref
from app.domain.roster.entries import RosterEntry
from app.domain.roster.plan import Absence
from app.domain.time.intervals import Intervals

FEED: Final = "absence-feed"
LONGEST_ADDRESS: Final = 1000
ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?", re.ASCII)


class FeedTrouble(StrEnum):
    """Why a calendar could not be read. The texts are feed_trouble.* in roster.toml."""

    NOT_HTTPS = "not_https"
    PRIVATE_ADDRESS = "private_address"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_MANY_EVENTS = "too_many_events"
    UNKNOWN_PERSON = "unknown_person"


class FeedFailed(Exception):
    """A calendar could not be read."""

    def __init__(self, trouble: FeedTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class AbsenceFeed:
    """A calendar of somebody's absences. Whoever has the address can read it: it is never told."""

    id: int
    roster: str
    person: str
    url: str
    read_at: datetime | None = None  # well
    failing_since: datetime | None = None
    trouble: FeedTrouble | None = None

    @property
    def host(self) -> str:
        """What may be told of the address."""
        return urlsplit(self.url).hostname or ""

    @property
    def actor(self) -> Actor:
        """Who makes the absences: the calendar."""
        return Actor(ActorKind.SYSTEM, f"iCal {self.host}", f"{FEED}:{self.id}")


@dataclass(frozen=True, slots=True)
class AbsenceChanges:
    """What a calendar that was read adds, and which entries of it are no more."""

    add: tuple[Absence, ...] = ()
    withdraw: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.add or self.withdraw)


def read_feed_address(text: str) -> str:
    """Read an address that somebody gives, also a webcal one; MessageError says what to write."""
    scheme, separator, rest = text.strip().partition("://")
    url = f"https://{rest}"
    is_good = separator and scheme.lower() in ("https", "webcal") and len(url) <= LONGEST_ADDRESS
    if not is_good or not ADDRESS.fullmatch(url):
        raise MessageError(ref("feed_refused.bad_address", most=LONGEST_ADDRESS))
    return url


def absence_changes(
    feed: AbsenceFeed, read: Intervals, stored: Sequence[RosterEntry], now: datetime
) -> AbsenceChanges:
    """Compare what a calendar tells with all absences of its person, withdrawn ones too.

    What is over stays as it was. What somebody has withdrawn is not brought back, and what
    somebody else has entered already is not entered twice.
    """
    theirs = [each for each in stored if _is_of(feed, each)]
    own = [each for each in theirs if each.author.id == feed.actor.id]
    wanted = {(each.from_, each.to) for each in read if each.to > now}
    in_force = {_span(each) for each in theirs if each.withdrawal is None}
    taken_back = {_span(each) for each in own if _is_taken_back(feed, each)}
    add = sorted(wanted - in_force - taken_back)
    gone = (
        each
        for each in own
        if each.withdrawal is None and each.dated.to > now and _span(each) not in wanted
    )
    return AbsenceChanges(
        tuple(Absence(feed.person, from_, to, "", feed.actor.name) for from_, to in add),
        tuple(each.id for each in gone),
    )


def entries_of(feed: AbsenceFeed, stored: Iterable[RosterEntry], now: datetime) -> tuple[int, ...]:
    """Which entries go with a calendar that is read no more: those that are not over."""
    return tuple(
        each.id
        for each in stored
        if each.author.id == feed.actor.id and not each.withdrawal and each.dated.to > now
    )


def _is_of(feed: AbsenceFeed, entry: RosterEntry) -> bool:
    return isinstance(entry.dated, Absence) and entry.dated.person == feed.person


def _is_taken_back(feed: AbsenceFeed, entry: RosterEntry) -> bool:
    return entry.withdrawal is not None and entry.withdrawal.by.id != feed.actor.id


def _span(entry: RosterEntry) -> tuple[datetime, datetime]:
    return entry.dated.from_, entry.dated.to
