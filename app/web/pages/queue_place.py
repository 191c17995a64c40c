"""Where in the queue the reader of a ticket came from: back to the list, and the tickets beside."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import request

from app import clock
from app.actions.tickets.queue import queue_neighbours
from app.domain.tickets.queue_query import LONGEST_QUERY, Position, QueueQuery, read_query_text
from app.web.services import current_services
from app.web.session import current_user

NAME: Final = "from"


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Addresses: of the list, and of the ticket before and after; "" where there is none."""

    back: str
    previous: str
    next: str


def queue_place(number: int) -> QueuePlace | None:
    """Return where a ticket stands in the list that its reader came from; None without one."""
    text = came_from()
    if not text:
        return None
    query = read_query_text(text)
    with current_services().database.read() as connection:
        found = queue_neighbours(connection, current_user(), query, number, clock.now())
    back = f"/tickets?{query.whole.write()}"
    return QueuePlace(back, _address(query, found.previous), _address(query, found.next))


def came_from() -> str:
    """Return what the address, or the form, says of the list; "" where it says nothing."""
    return request.values.get(NAME, "")[:LONGEST_QUERY]


def and_from() -> str:
    """Return how an address goes on, so that the next page knows the list too."""
    text = came_from()
    return f"&{urlencode({NAME: text})}" if text else ""


def _address(query: QueueQuery, place: Position | None) -> str:
    if place is None:
        return ""
    return f"/tickets/{place.number}?{urlencode({NAME: query.at(place).write()})}"
