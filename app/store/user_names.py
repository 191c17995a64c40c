"""Where somebody stands by name or mail address alone: on tickets, in their history, in mails.

No id stands beside such a name: whoever is called exactly the same is taken out with them.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, case, false, func, or_, select, update

from app.domain.delivery_errors import DeliveryError
from app.domain.privacy.anonymise import ERASED
from app.store.tables import JobRow, JobState, TicketEventRow, TicketRow

NAMED_ON_TICKETS: Final = (
    TicketRow.acknowledged_by,
    TicketRow.closed_by,
    TicketRow.changed_by,
    TicketRow.moved_by,
)


@dataclass(frozen=True, slots=True)
class Named:
    """How a user is called."""

    id: int
    name: str
    email: str

    @property
    def in_json(self) -> str:
        """Return the name as it stands among facts."""
        return json.dumps(self.name, ensure_ascii=False)


def is_named(table: Table, user: Named) -> ColumnElement[bool]:
    """Match the rows of a table in which somebody stands by name or address alone."""
    if table.name == TicketRow.__tablename__:
        return or_(
            has_address(TicketRow.contact_email, user),
            TicketRow.assignee_id == str(user.id),
            *(column == user.name for column in NAMED_ON_TICKETS),
            _in_last_change(user),
        )
    if table.name == TicketEventRow.__tablename__:
        return or_(TicketEventRow.who == user.name, _among_facts(user))
    if table.name == JobRow.__tablename__:
        return _mails(user)
    return false()


def has_address(column: Any, user: Named) -> ColumnElement[bool]:
    """Match an address however it is spelled."""
    return func.lower(column) == user.email.lower()


def erase_names(connection: Connection, user: Named, now: datetime) -> dict[str, int]:
    """Take somebody out where they stand by name or address; what was done stays.

    A mail with their name or words that still waits is not sent.
    """
    return {
        "tickets": _erase_on_tickets(connection, user),
        "ticket_events": _erase_in_history(connection, user),
        "outbox": _erase_mails(connection, user, now),
    }


def _erase_on_tickets(connection: Connection, user: Named) -> int:
    theirs = update(TicketRow).where(is_named(_table(TicketRow), user))
    is_contact, is_assignee = (
        has_address(TicketRow.contact_email, user),
        TicketRow.assignee_id == str(user.id),
    )
    new: dict[str, Any] = {
        column.key: case((column == user.name, ERASED), else_=column) for column in NAMED_ON_TICKETS
    }
    new |= {
        # Answered to nobody who is no more; what is known of the number stays.
        "contact_name": case((is_contact, ""), else_=TicketRow.contact_name),
        "contact_email": case((is_contact, ""), else_=TicketRow.contact_email),
        "opening_hash": case((is_contact, None), else_=TicketRow.opening_hash),
        "assignee_name": case((is_assignee, ERASED), else_=TicketRow.assignee_name),
        "undoable": None,  # the ticket before its last change, for ten seconds
    }
    return connection.execute(theirs.values(new)).rowcount


def _erase_in_history(connection: Connection, user: Named) -> int:
    by_them = update(TicketEventRow).where(TicketEventRow.who == user.name).values(who=ERASED)
    done = connection.execute(by_them).rowcount
    columns = (TicketEventRow.id, TicketEventRow.facts)
    for row in connection.execute(select(*columns).where(_among_facts(user))).all():
        facts = {
            name: ERASED if value == user.name else value
            for name, value in json.loads(row.facts).items()
        }
        written = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        this = update(TicketEventRow).where(TicketEventRow.id == row.id)
        connection.execute(this.values(facts=written))
        done += 1
    return done


def _erase_mails(connection: Connection, user: Named, now: datetime) -> int:
    columns = (JobRow.id, JobRow.dedup, JobRow.due_at)
    rows = connection.execute(select(*columns).where(_mails(user))).all()
    for row in rows:
        new: dict[str, Any] = {"payload": "{}", "error": None, "person": None}
        if row.dedup.lower().endswith(f":{user.email.lower()}"):
            new["dedup"] = f"{ERASED}:{row.id}"
        if row.due_at is not None:
            new |= {"state": JobState.DROPPED, "due_at": None, "finished_at": now}
            new["error"] = DeliveryError.RECEIVER_ERASED
        connection.execute(update(JobRow).where(JobRow.id == row.id).values(new))
    return len(rows)


def _in_last_change(user: Named) -> ColumnElement[bool]:
    written = func.lower(TicketRow.undoable)
    return or_(
        written.contains(f'"{user.email.lower()}"', autoescape=True),
        TicketRow.undoable.contains(user.in_json, autoescape=True),
    )


def _among_facts(user: Named) -> ColumnElement[bool]:
    return TicketEventRow.facts.contains(f":{user.in_json}", autoescape=True)


def _mails(user: Named) -> ColumnElement[bool]:
    email, payload, dedup = user.email.lower(), func.lower(JobRow.payload), func.lower(JobRow.dedup)
    return or_(  # whole: the same letters may end another's address
        payload.contains(f'"{email}"', autoescape=True),
        payload.contains(f"<{email}>", autoescape=True),
        dedup.endswith(f":{email}", autoescape=True),
        func.lower(JobRow.person) == email,
    )


def _table(row: type[Any]) -> Table:
    table: Table = row.__table__
    return table
