"""Tickets of the sample desk, stored as they are, for tests of lists."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.domain.desks.desk import Priority
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Source, Ticket
from app.store import Database
from app.store.tickets import Provenance, add_ticket, draw_ticket_number
from tests.support.sample_desk import DAY, DESK

NOT_AGREED = Deadlines(None, None)


def a_ticket(subject: str = "", due_in: float | None = None, **more: object) -> Ticket:
    """A ticket opened on a Wednesday, to be solved within so many hours of 09:00Z."""
    due = DAY + timedelta(hours=due_in) if due_in is not None else None
    ticket = Ticket(DESK, Source.STAFF, Priority.HIGH, DAY, subject=subject)
    return replace(ticket, due=Deadlines(None, due), **more)  # type: ignore[arg-type]


def put_tickets(database: Database, tickets: Iterable[Ticket], at: datetime = DAY) -> list[int]:
    """Store them, and return their numbers."""

    def put(connection: Connection) -> list[int]:
        numbers = []
        for each in tickets:
            numbered = replace(each, number=draw_ticket_number(connection))
            add_ticket(connection, numbered, Provenance())
            numbers.append(numbered.number)
        return numbers

    return database.write(put)
