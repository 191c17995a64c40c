"""What whom a ticket is answered to is told by mail: one mail for all that is done in a minute.

A job names the ticket and the minute. What it says is written when it is sent, of the ticket as
it is then: no words and no address wait in the outbox, and what was undone is not told.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.tickets.events import CUSTOMER
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.undo import UNDO_WITHIN
from app.store.outbox import NewJob
from app.store.tables import JobKind

GATHERED: Final = timedelta(minutes=1)


def minute_of(at: datetime) -> datetime:
    """Return the beginning of the minute in which something is gathered."""
    return at.replace(second=0, microsecond=0)


def customer_thread(ticket: int) -> str:
    """Return the name of the thread of all mails to a ticket's customer."""
    return f"customer:{ticket}"


def notify_customer(
    desk: Desk | None, ticket: Ticket, moment: Moment, followers: Iterable[int] = ()
) -> list[NewJob]:
    """Return the jobs that mail whom to answer, where an address is known, and who follows it.

    It is due when the minute is over and nothing of it can be undone any more.
    """
    if desk is None:
        return []
    minute = minute_of(moment.now)
    due = minute + GATHERED + UNDO_WITHIN
    key = f"{customer_thread(ticket.number)}:{minute:%Y%m%dT%H%M}"
    named = [(key, "")] if ticket.contact.email else []
    named += [(f"{key}:{user}", str(user)) for user in followers]
    return [
        NewJob(
            JobKind.CUSTOMER_MAIL,
            id_,
            {"minute": minute, "id": id_, "user": user},
            desk=desk.id,
            ticket=ticket.number,
            person=CUSTOMER,
            after=due - moment.now,
        )
        for id_, user in named
    ]
