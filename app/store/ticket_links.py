"""Which tickets belong together: stored once, read from either of the two."""

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from app.domain.tickets.links import ALIKE_WITHIN, LinkKind, TicketLink, looks_alike
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import UNSOLVED
from app.store.tables import TicketLinkRow, TicketRow
from app.store.tickets import read_ticket
from app.store.upsert import insert_once

MOST_ALIKE = 5  # that are offered
LOOKED_AT = 100  # of one customer's: who reports more in a week needs another remedy
MOST_PARENTS = 50  # one above the other


def add_link(connection: Connection, link: TicketLink) -> bool:
    """Store a link; False when it is there."""
    row = {"ticket": link.ticket, "kind": link.kind, "other": link.other}
    return insert_once(connection, TicketLinkRow, row)


def links_of(connection: Connection, numbers: Collection[int]) -> tuple[TicketLink, ...]:
    """Return the links of these tickets, whichever of the two they are."""
    theirs = select(TicketLinkRow).where(
        or_(TicketLinkRow.ticket.in_(numbers), TicketLinkRow.other.in_(numbers))
    )
    rows = connection.execute(theirs.order_by(TicketLinkRow.ticket, TicketLinkRow.other))
    return tuple(TicketLink(row.ticket, row.kind, row.other) for row in rows)


def links_upwards(connection: Connection, numbers: Collection[int]) -> tuple[TicketLink, ...]:
    """Return the links of these tickets, and of all that they are children of."""
    found = set(links_of(connection, numbers))
    above = set(numbers)
    for _ in range(MOST_PARENTS):
        parents = {each.other for each in found if each.kind is LinkKind.CHILD_OF} - above
        if not parents:
            break
        above |= parents
        found |= set(links_of(connection, parents))
    return tuple(found)


def tickets_alike(connection: Connection, ticket: Ticket) -> tuple[Ticket, ...]:
    """Return a few unsolved tickets that are likely to be about the same."""
    same = [TicketRow.customer == ticket.customer] if ticket.customer is not None else []
    if ticket.contact.number.digits:
        same.append(TicketRow.caller == ticket.contact.number.digits)
    if not same:
        return ()
    wanted = (
        select(TicketRow)
        .where(
            TicketRow.desk == ticket.desk,
            or_(*same),
            TicketRow.status.in_(UNSOLVED),
            TicketRow.closed_at.is_(None),
            TicketRow.created_at >= ticket.opened_at - ALIKE_WITHIN,
        )
        .order_by(TicketRow.number.desc())
        .limit(LOOKED_AT)
    )
    found = (read_ticket(row) for row in connection.execute(wanted))
    return tuple(each for each in found if looks_alike(ticket, each))[:MOST_ALIKE]
