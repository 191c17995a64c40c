"""Changes in the sample organisation's roster around today: for pages that show them."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from app import clock
from app.actions.roster.entries import EntryRefused, EntryRequest, add_entry
from app.domain.access.actor import command_line
from app.domain.roster.entries import EntryKind
from app.domain.roster.plan import Absence
from app.domain.toml_positions import TomlValue
from app.store import Database
from app.store.roster_entries import EntryChange, NewEntry, change_entries, lock_roster
from tests.support.sample_desk import DESK

COORDINATOR = command_line("anne", "Anne Vik")


def put_changes(database: Database) -> None:
    """Somebody takes over for a day, and both are away for a weekend's night."""
    swapped = {"role": "primary", "instead_of": "duty-1", "note": "Som avtalt på tirsdag"}
    put(database, EntryKind.OVERRIDE, "duty-2", (2, 8), (3, 8), **swapped)
    put(database, EntryKind.ABSENCE, "duty-1", (5, 12), (7, 12), note="Ferie")
    put(database, EntryKind.ABSENCE, "duty-2", (6, 0), (6, 18))


def put(
    database: Database,
    kind: EntryKind,
    person: str,
    from_: tuple[int, int],
    to: tuple[int, int],
    **values: TomlValue,
) -> None:
    """An entry from one day and hour to another, counted from today."""
    when: dict[str, TomlValue] = {"from": _at(*from_), "to": _at(*to)}
    request = EntryRequest(DESK, kind, {"person": person, **when, **values}, COORDINATOR)
    done = add_entry(database, request, clock.now())
    assert not isinstance(done, EntryRefused), done.diagnostics


def put_absences(database: Database, person: str, count: int) -> None:
    """Many absences at once, each an hour of a day of its own."""

    def add(connection: Connection) -> None:
        lock_roster(connection, DESK)
        away = (Absence(person, _at(1 + n, 0), _at(1 + n, 1), "Kurs") for n in range(count))
        new = tuple(NewEntry(each, COORDINATOR) for each in away)
        change_entries(connection, DESK, EntryChange(COORDINATOR, clock.now(), add=new))

    database.write(add)


def _at(days: int, hour: int) -> datetime:
    today = datetime.combine(clock.now().date(), time(hour), UTC)
    return today + timedelta(days=days)
