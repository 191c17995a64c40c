"""A customer's change of a case: what is written on it, and moves."""

from datetime import datetime

from sqlalchemy import Connection

from app.actions.portal.sending_limits import count_sending
from app.actions.tickets.move_ticket import MoveRequest, move_ticket_in
from app.domain.access.limits import Limited
from app.domain.access.users import User
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.store import Database


def change_case(
    database: Database, request: MoveRequest, user: User, now: datetime
) -> Outcome | Unchanged | Refused | None:
    """Do what a customer asks for, once; SentTooMuch after too many within an hour."""

    def change(connection: Connection) -> Outcome | Unchanged | Refused | None:
        done = move_ticket_in(connection, request, now)
        if isinstance(done, Outcome):
            count_sending(connection, Limited.CHANGES_OF_ACCOUNT, user, now)
        return done

    return database.write(change)
