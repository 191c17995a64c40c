"""Tickets linked, merged, split and copied by somebody at the desk: each in one transaction.

Two are locked in the order of their numbers, so that two people who link them crosswise do not
wait for each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.tickets.move_ticket import unless_stale
from app.actions.tickets.open_ticket import Opened, store_ticket
from app.domain.access.actor import Actor
from app.domain.calls.turn_request import Moment
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.links import (
    LinkKind,
    MergeAsked,
    TicketLink,
    copied,
    link,
    linked,
    merge,
)
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.store import Database
from app.store.apply import apply_outcome
from app.store.comments import NewComment, add_comment
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.ticket_links import add_link, links_upwards
from app.store.ticket_lists import find_ticket
from app.store.tickets import OpeningKey, StoredTicket, add_events, find_opened, lock_ticket


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """Who wants a ticket to be what of another one. None in `desks` means every desk's."""

    number: int
    kind: LinkKind
    other: int
    by: Actor
    desks: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """Who wants a ticket closed as a duplicate of another one, and what they say with it.

    `version` is the one that they saw. None in `desks` means every desk's.
    """

    number: int
    into: int
    by: Actor
    words: str = ""
    version: int | None = None
    desks: Collection[str] | None = None

    @property
    def link(self) -> LinkRequest:
        """Return which link there is then."""
        kind = LinkKind.DUPLICATE_OF
        return LinkRequest(self.number, kind, self.into, self.by, self.desks)


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """Who wants a ticket copied, as a clone or split off, with which words.

    `key` makes two requests one ticket. `words` begin a ticket that is split off.
    """

    number: int
    kind: LinkKind
    by: Actor
    key: str
    subject: str = ""
    words: str = ""
    desks: Collection[str] | None = None


LinkAnswer = TicketLink | Unchanged | Refused | None


def link_tickets(database: Database, request: LinkRequest, now: datetime) -> LinkAnswer:
    """Link two tickets; None where one of them is not there for who asks."""
    return database.write(partial(_link, request=request, now=now))


def merge_tickets(database: Database, request: MergeRequest, now: datetime) -> LinkAnswer:
    """Close a ticket as a duplicate of another one, and link them."""
    return database.write(partial(_merge, request=request, now=now))


def copy_ticket(database: Database, request: CopyRequest, now: datetime) -> Opened | None:
    """Open a linked copy: its own times, nothing of what was done; None where there is none."""
    return database.write(partial(_copy, request=request, now=now))


def _both(connection: Connection, request: LinkRequest) -> tuple[StoredTicket, StoredTicket] | None:
    # Another desk's ticket costs as little as one that is not there.
    if find_ticket(connection, request.number, request.desks) is None:
        return None
    numbers = sorted({request.number, request.other})
    found = {each: lock_ticket(connection, each, request.desks) for each in numbers}
    ticket, other = found[request.number], found[request.other]
    return None if ticket is None or other is None else (ticket, other)


def _link(connection: Connection, request: LinkRequest, now: datetime) -> LinkAnswer:
    both = _both(connection, request)
    if both is None:
        return None
    known = links_upwards(connection, (request.number, request.other))
    made = link(both[0].ticket, both[1].ticket, request.kind, known)
    if isinstance(made, TicketLink):
        _store(connection, made, request.by, now)
    return made


def _merge(connection: Connection, request: MergeRequest, now: datetime) -> LinkAnswer:
    both = _both(connection, request.link)
    if both is None:
        return None
    ticket, into = both
    live = find_desk(connection, ticket.ticket.desk)
    desk = live.desk if live else None
    moment = Moment(now + ticket.offset, now)
    asked = MergeAsked(into.ticket, request.words)
    decided = merge(ticket.ticket, asked, desk, request.by, moment.now)
    outcome = unless_stale(decided, ticket.ticket, request.version)
    made = TicketLink(request.number, LinkKind.DUPLICATE_OF, request.into)
    if isinstance(outcome, Outcome):
        jobs = apply_outcome(connection, outcome, desk, moment)
        if jobs:
            put_jobs(connection, jobs, now)
        _store(connection, made, request.by, now)
        return made
    if isinstance(outcome, Unchanged):  # closed by them before: what is missing is the link
        _store(connection, made, request.by, now)
    is_there = made in links_upwards(connection, (request.number,))
    return Unchanged() if is_there else outcome


def _copy(connection: Connection, request: CopyRequest, now: datetime) -> Opened | None:
    stored = lock_ticket(connection, request.number, request.desks)
    live = find_desk(connection, stored.ticket.desk) if stored else None
    if stored is None or live is None:
        return None
    new = copied(stored.ticket, request.by, request.subject)
    opened = store_ticket(connection, new, live.desk, OpeningKey(request.key, ""), now)
    if opened is None:  # the same request once more
        known = find_opened(connection, request.key)
        return Opened(known[0], False) if known else None
    _store(connection, TicketLink(opened.number, request.kind, request.number), request.by, now)
    if request.words:
        comment = Comment(request.words, Side.DESK, Visibility.INTERNAL)
        add_comment(connection, opened.number, NewComment(comment, request.by, now))
    return opened


def _store(connection: Connection, made: TicketLink, by: Actor, now: datetime) -> None:
    if not add_link(connection, made):
        return
    of_ticket, of_other = linked(made, by, now)
    add_events(connection, made.ticket, (of_ticket,))
    add_events(connection, made.other, (of_other,))
