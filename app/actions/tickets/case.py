"""One ticket with all that somebody who works on it must see: read in one look, changed nowhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.links import LinkKind, TicketLink
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.undo import Undoable
from app.domain.workflow.status import UNSOLVED
from app.store.attachments import StoredAttachment, attachments_on
from app.store.call_lists import StoredCall, find_call
from app.store.comments import StoredComment, comments_on
from app.store.desks import LiveDesk, find_desk
from app.store.people import find_customer
from app.store.recordings import recordings_of_ticket
from app.store.tables import CallRow
from app.store.ticket_links import links_of, tickets_alike
from app.store.ticket_lists import find_ticket, find_tickets, ticket_events
from app.store.tickets import last_undoable
from app.store.users import list_users

MOST_CALLS = 5  # told on the page; the others are in the API


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, its desk and customer, and what was said and done."""

    ticket: Ticket
    live: LiveDesk
    customer: Customer | None
    events: tuple[TicketEvent, ...]
    comments: tuple[StoredComment, ...]
    recordings: tuple[str, ...]
    calls: tuple[StoredCall, ...]  # the last ones, in order
    colleagues: tuple[User, ...]  # who may work on it, by name
    last_change: Undoable | None
    links: tuple[TicketLink, ...]
    others: dict[int, Ticket]  # the tickets that are linked, by number
    alike: tuple[Ticket, ...]  # likely to be about the same
    files: tuple[StoredAttachment, ...] = ()

    @property
    def has_open_parts(self) -> bool:
        """Tell whether a part of it is not solved."""
        number = self.ticket.number
        parts = (e.ticket for e in self.links if (e.kind, e.other) == (LinkKind.CHILD_OF, number))
        return any(self.others[each].status in UNSOLVED for each in parts if each in self.others)

    @property
    def desk(self) -> Desk:
        """The ticket's desk as it is now."""
        return self.live.desk

    def may_undo(self, user: User, now: datetime) -> bool:
        """Tell whether the user may still undo the last change."""
        last = self.last_change
        return last is not None and last.by == str(user.id) and now <= last.until

    def entries(self) -> tuple[TicketEvent | StoredComment, ...]:
        """What was said and done, in order; a comment stands for the event that it was written."""
        done = (each for each in self.events if each.kind is not TicketEventKind.COMMENTED)
        return tuple(sorted((*done, *self.comments), key=lambda each: each.at))


def scope_of_desk(live: LiveDesk) -> Scope:
    """Return where a question about a desk is asked: its roster's people are its too."""
    return Scope(desk=live.desk.id, roster=live.desk.roster)


def load_case(connection: Connection, number: int, user: User) -> Case | None:
    """Return a ticket for whoever may work on it; None for all others, as for one that is not."""
    ticket = find_ticket(connection, number)
    live = find_desk(connection, ticket.desk) if ticket else None
    if ticket is None or live is None:
        return None
    scope = scope_of_desk(live)
    if not may(user, Permission.WORK_ON_TICKETS, scope).is_allowed:
        return None
    has_customer = ticket.customer is not None
    links = links_of(connection, (number,))
    linked = {each for link in links for each in (link.ticket, link.other)}
    return Case(
        ticket=ticket,
        live=live,
        customer=find_customer(connection, ticket.desk, ticket.customer or "")
        if has_customer
        else None,
        events=ticket_events(connection, number),
        comments=comments_on(connection, number),
        recordings=recordings_of_ticket(connection, number),
        calls=_calls(connection, number),
        colleagues=_colleagues(connection, scope),
        last_change=last_undoable(connection, number),
        files=attachments_on(connection, number),
        links=links,
        others=find_tickets(connection, linked),
        alike=tuple(
            each for each in tickets_alike(connection, ticket) if each.number not in linked
        ),
    )


def _calls(connection: Connection, number: int) -> tuple[StoredCall, ...]:
    about = select(CallRow.sid).where(CallRow.ticket == number).order_by(CallRow.created_at.desc())
    sids = connection.execute(about.limit(MOST_CALLS)).scalars().all()
    found = (find_call(connection, sid) for sid in reversed(sids))
    return tuple(each for each in found if each is not None)


def _colleagues(connection: Connection, scope: Scope) -> tuple[User, ...]:
    users = (
        each
        for each in list_users(connection)
        if may(each, Permission.WORK_ON_TICKETS, scope).is_allowed
    )
    return tuple(sorted(users, key=lambda each: each.name.casefold()))
