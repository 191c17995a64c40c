"""What is open and urgent at a desk when its duty is handed over."""

from datetime import datetime

from sqlalchemy import Connection

from app.domain.tickets.ticket import Ticket
from app.store.ticket_lists import TicketFilter, list_tickets

AT_MOST = 50


def urgent_tickets(connection: Connection, desk: str, before: datetime) -> tuple[Ticket, ...]:
    """Return the urgent tickets that were open at an instant and still are, the oldest first."""
    asked = TicketFilter(desks=(desk,), closed=False, urgent=True, limit=AT_MOST)
    found = list_tickets(connection, asked)
    return tuple(each for each in reversed(found) if each.opened_at < before)
