"""What somebody asks the queue of tickets for: a view, filters, a search, and a place in it. Pure.

Written as the query of an address, so that a page, a saved filter and a link say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode

from app.domain.desks.desk import Priority
from app.domain.tickets.next_deadline import next_deadline
from app.domain.tickets.search_words import LONGEST_SEARCH
from app.domain.tickets.ticket import LARGEST_NUMBER, Ticket

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
LONGEST_ID: Final = 64
LONGEST_QUERY: Final = 1000


class View(StrEnum):
    """Which tickets are shown, before any filter."""

    MINE = "mine"  # assigned to the reader, and not closed
    GROUP = "group"  # of a group of the reader's
    UNASSIGNED = "unassigned"  # not solved, and nobody's
    WAITING = "waiting"  # for the customer, or for others
    BREACHING = "breaching"  # the next deadline has passed, or passes within the hour
    OPEN = "open"  # everything that is not closed
    CLOSED = "closed"
    EVERY = "every"  # open and closed: in what a search looks


SHOWN: Final = tuple(each for each in View if each is not View.EVERY)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the queue: after those that are due before, or are newer where nothing is due."""

    due_at: datetime | None
    number: int

    @classmethod
    def of(cls, ticket: Ticket) -> "Position":
        """Return where a ticket stands."""
        return cls(next_deadline(ticket).due_at, ticket.number)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `text` writes; None for anything else."""
        due, _, number = text.partition("-")
        if not (_is_number(number) and 0 < int(number) <= LARGEST_NUMBER):
            return None
        if not due:
            return cls(None, int(number))
        try:
            return cls(EPOCH + int(due) * MICROSECOND, int(number)) if _is_number(due) else None
        except OverflowError:
            return None

    @property
    def text(self) -> str:
        """Write it as it stands in an address."""
        due = "" if self.due_at is None else str((self.due_at - EPOCH) // MICROSECOND)
        return f"{due}-{self.number}"


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What is asked for; an empty field leaves it open.

    `after` and `before` are where a page begins or ends: never both.
    """

    view: View = View.MINE
    desk: str = ""
    priority: Priority | None = None
    group: str = ""
    customer: str = ""
    text: str = ""
    after: Position | None = None
    before: Position | None = None

    @property
    def is_filtered(self) -> bool:
        """Tell whether more than a view is asked for."""
        return bool(self.desk or self.priority or self.group or self.customer or self.text)

    @property
    def whole(self) -> "QueueQuery":
        """Return the same from its beginning."""
        return replace(self, after=None, before=None)

    def at(self, position: Position) -> "QueueQuery":
        """Return the same from a place on."""
        return replace(self, after=position, before=None)

    def until(self, position: Position) -> "QueueQuery":
        """Return the same up to a place."""
        return replace(self, after=None, before=position)

    def seen_in(self, view: View) -> "QueueQuery":
        """Return what a view shows of the same desk, without filters and search."""
        return QueueQuery(view, desk=self.desk)

    def write(self) -> str:
        """Write it as the query of an address."""
        values = {
            "view": str(self.view),
            "desk": self.desk,
            "priority": str(self.priority or ""),
            "group": self.group,
            "customer": self.customer,
            "q": self.text,
            "after": self.after.text if self.after else "",
            "before": self.before.text if self.before else "",
        }
        return urlencode({name: value for name, value in values.items() if value})


def read_query(sent: Mapping[str, str]) -> QueueQuery:
    """Read what an address asks for; what cannot be read is left open.

    A search without a view looks in everything.
    """
    text = sent.get("q", "").strip()[:LONGEST_SEARCH]
    priority = sent.get("priority", "")
    after = Position.read(sent.get("after", ""))
    return QueueQuery(
        _view(sent.get("view", ""), View.EVERY if text else View.MINE),
        desk=sent.get("desk", "")[:LONGEST_ID],
        priority=Priority(priority) if priority in tuple(Priority) else None,
        group=sent.get("group", "")[:LONGEST_ID],
        customer=sent.get("customer", "").strip()[:LONGEST_ID],
        text=text,
        after=after,
        before=None if after else Position.read(sent.get("before", "")),
    )


def read_query_text(text: str) -> QueueQuery:
    """Read what `QueueQuery.write` has written; anything else asks for what it can."""
    return read_query(dict(parse_qsl(text[:LONGEST_QUERY])))


def _view(text: str, otherwise: View) -> View:
    return View(text) if text in tuple(View) else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20
