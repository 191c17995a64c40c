"""Who missed a round of calls and has not answered since: they are rung after the others."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select

from app.store.codec import read_texts
from app.store.tables import MissedRow, PersonRow
from app.store.upsert import insert_once


@dataclass(frozen=True, slots=True)
class Missed:
    """A person of a roster who missed a round about a ticket; `since` is the first of them."""

    person: str
    ticket: int
    since: datetime


def note_missed(
    connection: Connection, roster: str, person: str, ticket: int, now: datetime
) -> None:
    """Note that somebody did not answer in a round; it holds since the first time."""
    row = {"roster": roster, "person": person, "ticket": ticket, "since": now}
    insert_once(connection, MissedRow, row)


def note_answered(connection: Connection, roster: str, person: str) -> None:
    """Note that somebody answers again."""
    this = and_(MissedRow.roster == roster, MissedRow.person == person)
    connection.execute(delete(MissedRow).where(this))


def note_answered_from(connection: Connection, digits: str) -> None:
    """Note that whoever has this number answers again, on every roster.

    A last resort that is no person stands in the table by its number.
    """
    connection.execute(delete(MissedRow).where(MissedRow.person == digits))
    late = select(MissedRow.roster, MissedRow.person, PersonRow.numbers).join(
        PersonRow, and_(PersonRow.roster == MissedRow.roster, PersonRow.id == MissedRow.person)
    )
    for row in connection.execute(late).all():
        if digits in read_texts(row.numbers):
            note_answered(connection, row.roster, row.person)


def list_missed(connection: Connection, roster: str) -> tuple[Missed, ...]:
    """List who on a roster has not answered since a round, the longest silent first."""
    of_roster = select(MissedRow).where(MissedRow.roster == roster).order_by(MissedRow.since)
    rows = connection.execute(of_roster)
    return tuple(Missed(row.person, row.ticket, row.since) for row in rows)
