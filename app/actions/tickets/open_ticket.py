"""A ticket opened by somebody at the desk, or a program of theirs, without a call.

Once only: the same request with the same key gets the ticket that it opened before.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import Connection

from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.tickets.new_ticket_input import Invalid, TicketAsked, read_asked
from app.domain.tickets.opening import NewTicket, open_ticket
from app.domain.tickets.outcome import AddComment
from app.store import Database
from app.store.apply import apply_opening
from app.store.desks import desk_version_id, find_desk
from app.store.outbox import put_jobs
from app.store.people import find_customer
from app.store.tickets import OpeningKey, Provenance, draw_ticket_number, find_opened

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Who wants which ticket opened. `key` tells the request from others of the same `scope`.

    None in `desks` means that every desk may be named.
    """

    asked: TicketAsked
    scope: str
    key: str
    desks: Collection[str] | None = None

    @property
    def opening_key(self) -> OpeningKey:
        """Return what makes this request one ticket."""
        return OpeningKey(f"{self.scope}:{self.key}", sha256(repr(self.asked).encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Opened:
    """The number of the ticket; `is_new` tells that this request opened it."""

    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key belongs to another request, which opened this ticket."""

    number: int


@dataclass(frozen=True, slots=True)
class NotOpened:
    """What is wrong with the request: everything at once."""

    problems: tuple[Invalid, ...]


Answer = Opened | KeyReused | NotOpened


def open_asked_ticket(database: Database, request: OpenRequest, now: datetime) -> Answer:
    """Open the ticket, or say why not. Its call-out is planned in the same transaction."""
    return open_once(database, request.opening_key, partial(_open, request=request, now=now))


def open_once(
    database: Database, key: OpeningKey, work: Callable[[Connection], T | None]
) -> T | Opened | KeyReused:
    """Do what opens a ticket, unless one was opened with this key; by whichever door.

    None from `work`: the same request at the same time was first.
    """
    known = _known(database, key)
    if known:
        return known
    done = database.write(work) or _known(database, key)
    assert done is not None
    return done


def _known(database: Database, key: OpeningKey) -> Opened | KeyReused | None:
    with database.read() as connection:
        found = find_opened(connection, key.key)
    if found is None:
        return None
    number, request_hash = found
    return Opened(number, False) if request_hash == key.request_hash else KeyReused(number)


def _open(connection: Connection, request: OpenRequest, now: datetime) -> Answer | None:
    asked = request.asked
    may_see = request.desks is None or asked.desk in request.desks
    live = find_desk(connection, asked.desk) if may_see else None
    desk = live.desk if live else None
    customer = find_customer(connection, asked.desk, asked.customer) if desk else None
    new = read_asked(asked, desk, customer)
    if desk is None or not isinstance(new, NewTicket):
        return NotOpened(new if isinstance(new, tuple) else ())
    return store_ticket(connection, new, desk, request.opening_key, now)


def store_ticket(
    connection: Connection,
    new: NewTicket,
    desk: Desk,
    key: OpeningKey,
    now: datetime,
    first_words: AddComment | None = None,
) -> Opened | None:
    """Open a ticket without a call; None where another one was opened with this key."""
    outcome = open_ticket(new, desk, now)
    number = draw_ticket_number(connection)  # a number that another request made needless is lost
    effects = (*outcome.effects, first_words) if first_words else outcome.effects
    outcome = replace(outcome, ticket=replace(outcome.ticket, number=number), effects=effects)
    version, no_offset = desk_version_id(connection, desk.id), timedelta(0)
    provenance = Provenance(version, no_offset, now, key)
    jobs = apply_opening(connection, outcome, desk, Moment(now, now), provenance)
    if jobs is None:
        return None
    if jobs:
        put_jobs(connection, jobs, now)
    return Opened(number, True)
