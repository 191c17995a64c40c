"""Files put on a case by a customer: as many as its ticket has room for, while it is open."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from app.actions.portal.sending_limits import count_sending
from app.domain.access.limits import Limited
from app.domain.access.users import User
from app.domain.calls.turn_request import Moment
from app.domain.portal.attachments import LARGEST_ON_TICKET
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.outcome import InboxEvent, NotifyInbox, Outcome
from app.store import Database
from app.store.apply import apply_outcome
from app.store.attachments import NewAttachment, add_attachments, size_on
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.tickets import StoredTicket, lock_ticket


class Attached(StrEnum):
    """What became of the files."""

    DONE = "done"
    NO_SUCH_TICKET = "no_such_ticket"
    CLOSED = "closed"
    FULL = "full"


def attach_files(
    database: Database, ticket: int, files: tuple[NewAttachment, ...], user: User, now: datetime
) -> Attached:
    """Put files on a ticket that somebody may see, and tell the desk; the same ones once.

    SentTooMuch after too many sendings within an hour.
    """

    def attach(connection: Connection) -> Attached:
        stored = lock_ticket(connection, ticket)
        if stored is None:
            return Attached.NO_SUCH_TICKET
        if stored.ticket.closed is not None:
            return Attached.CLOSED
        there = size_on(connection, ticket)
        if there + sum(len(each.content) for each in files) > LARGEST_ON_TICKET:
            return Attached.FULL
        count = add_attachments(connection, ticket, files, user.id, now)
        if count:
            count_sending(connection, Limited.CHANGES_OF_ACCOUNT, user, now)
            _tell(connection, stored, count, user, now)
        return Attached.DONE

    return database.write(attach)


def _tell(
    connection: Connection, stored: StoredTicket, count: int, user: User, now: datetime
) -> None:
    """Note it on the ticket, and tell the desk's inbox."""
    moment = Moment(now + stored.offset, now)  # a ticket's events are in its own time
    event = event_by(TicketEventKind.ATTACHED, user.actor, moment.now, count=count)
    outcome = Outcome(stored.ticket, (event,), (NotifyInbox(InboxEvent.ATTACHED),))
    live = find_desk(connection, stored.ticket.desk)
    jobs = apply_outcome(connection, outcome, live.desk if live else None, moment)
    if jobs:
        put_jobs(connection, jobs, now)
