"""The PINs of people on rosters, by their hashes, and which of them are locked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from app.domain.access.users import PersonLink
from app.store.tables import StaffPinRow
from app.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class StaffPin:
    """Somebody's PIN; `wrong` counts the tries since the last right one."""

    whose: PersonLink
    pin_hash: str
    set_at: datetime
    wrong: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Tell whether no PIN is right now."""
        return self.locked_until is not None and self.locked_until > now


def load_pins(connection: Connection, roster: str) -> tuple[StaffPin, ...]:
    """List the PINs of a roster's people."""
    of_roster = select(StaffPinRow).where(StaffPinRow.roster == roster)
    return tuple(_pin(row) for row in connection.execute(of_roster.order_by(StaffPinRow.person)))


def load_pin(connection: Connection, whose: PersonLink) -> StaffPin | None:
    """Return somebody's PIN; others wait here who change it."""
    row = connection.execute(select(StaffPinRow).where(_is(whose)).with_for_update()).first()
    return _pin(row) if row else None


def save_pin(connection: Connection, whose: PersonLink, pin_hash: str, now: datetime) -> None:
    """Give somebody a PIN; it is not locked."""
    keys = {"roster": whose.roster, "person": whose.person}
    values = {"pin_hash": pin_hash, "set_at": now, "wrong": 0, "locked_until": None}
    upsert(connection, StaffPinRow, keys, values)


def note_tries(
    connection: Connection, whose: PersonLink, wrong: int, locked_until: datetime | None
) -> None:
    """Note how often it was wrong in a row, and until when it is locked."""
    new = {"wrong": wrong, "locked_until": locked_until}
    connection.execute(update(StaffPinRow).where(_is(whose)).values(new))


def delete_pin(connection: Connection, whose: PersonLink) -> bool:
    """Delete somebody's PIN; False where there was none."""
    return connection.execute(delete(StaffPinRow).where(_is(whose))).rowcount > 0


def keep_pins_of(connection: Connection, roster: str, people: Collection[str]) -> None:
    """Delete the PINs of whoever is not on the roster any more."""
    gone = and_(StaffPinRow.roster == roster, StaffPinRow.person.not_in(people))
    connection.execute(delete(StaffPinRow).where(gone))


def _is(whose: PersonLink) -> ColumnElement[bool]:
    return and_(StaffPinRow.roster == whose.roster, StaffPinRow.person == whose.person)


def _pin(row: Any) -> StaffPin:
    whose = PersonLink(row.roster, row.person)
    return StaffPin(whose, row.pin_hash, row.set_at, row.wrong, row.locked_until)
