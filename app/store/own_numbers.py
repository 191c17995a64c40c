"""What people have said of their own numbers, as rows."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from app.domain.access.actor import Actor
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.store.codec import read_texts, write_texts
from app.store.tables import OwnNumbersRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class ChosenNumbers:
    """What somebody has said: `ringing` is None where the document's numbers are left as they are.

    `author` is whoever changed it last.
    """

    ringing: tuple[str, ...] | None
    waiting: tuple[str, ...]
    author: Actor


def load_chosen_numbers(connection: Connection, roster: str) -> dict[str, ChosenNumbers]:
    """Return what the people of a roster have said, by person."""
    theirs = select(OwnNumbersRow).where(OwnNumbersRow.roster == roster)
    return {
        row.person: ChosenNumbers(
            read_texts(row.ringing) if row.ringing is not None else None,
            read_texts(row.waiting),
            row.author,
        )
        for row in connection.execute(theirs)
    }


def save_chosen_numbers(
    connection: Connection,
    whose: PersonLink,
    ringing: tuple[str, ...] | None,
    waiting: tuple[str, ...],
    by: Author,
) -> None:
    """Store what somebody has said."""
    said = {
        "ringing": write_texts(ringing) if ringing is not None else None,
        "waiting": write_texts(waiting),
        "author": by.actor,
        "changed_at": by.at,
    }
    upsert(connection, OwnNumbersRow, {"roster": whose.roster, "person": whose.person}, said)


def forget_chosen_numbers(connection: Connection, whose: PersonLink) -> bool:
    """Let the file count again; False where nothing was said."""
    this = (OwnNumbersRow.roster == whose.roster, OwnNumbersRow.person == whose.person)
    return connection.execute(delete(OwnNumbersRow).where(*this)).rowcount > 0
