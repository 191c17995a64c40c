"""Who missed a call-out and has not answered since: they are rung after the others."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select

from app.store.codec import read_texts
from app.store.tables import MissedCallOutRow, PersonRow
from app.store.upsert import insert_once


@dataclass(frozen=True, slots=True)
class MissedBy:
    """A person of a roster who missed a call-out about a ticket; `since` is the first of them."""

    person: str
    ticket: int
    since: datetime


def note_missed_call_out(
    connection: Connection, roster: str, person: str, ticket: int, now: datetime
) -> None:
    """Note that somebody did not answer in a call-out; it holds since the first time."""
    row = {"roster": roster, "person": person, "ticket": ticket, "since": now}
    insert_once(connection, MissedCallOutRow, row)


def clear_missed_call_out(connection: Connection, roster: str, person: str) -> None:
    """Note that somebody answers again."""
    this = and_(MissedCallOutRow.roster == roster, MissedCallOutRow.person == person)
    connection.execute(delete(MissedCallOutRow).where(this))


def clear_missed_call_outs_of(connection: Connection, digits: str) -> None:
    """Note that whoever has this number answers again, on every roster.

    A last resort that is no person stands in the table by its number.
    """
    connection.execute(delete(MissedCallOutRow).where(MissedCallOutRow.person == digits))
    late = select(MissedCallOutRow.roster, MissedCallOutRow.person, PersonRow.numbers).join(
        PersonRow,
        and_(PersonRow.roster == MissedCallOutRow.roster, PersonRow.id == MissedCallOutRow.person),
    )
    for row in connection.execute(late).all():
        if digits in read_texts(row.numbers):
            clear_missed_call_out(connection, row.roster, row.person)


def list_missed_call_outs(connection: Connection, roster: str) -> tuple[MissedBy, ...]:
    """List who on a roster has not answered since a call-out, the longest silent first."""
    of_roster = (
        select(MissedCallOutRow)
        .where(MissedCallOutRow.roster == roster)
        .order_by(MissedCallOutRow.since)
    )
    rows = connection.execute(of_roster)
    return tuple(MissedBy(row.person, row.ticket, row.since) for row in rows)
