"""What a person may ask for: everything that is stored about their number, and its erasure.

Reads and writes rows only. What stands in files is handed in by who calls.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Table

from app.domain.forgetting import only_theirs
from app.store import Database
from app.store.erasing import (
    BATCH,
    clear_rows,
    erase_messages,
    erase_recordings,
    fetch_no_more,
    keys_to_clear,
)
from app.store.keeping import overwrite_what_goes
from app.store.listenings import Way, note_listening
from app.store.personal import COLUMNS, Holds
from app.store.persons import (
    Key,
    Row,
    all_tables,
    is_on_the_telephone,
    line_of_desk,
    read_column,
    rosters_with,
    rows_about,
    rows_naming,
    take_your_time,
    unaccepted_tickets,
)
from app.store.recordings import load_recording

Plain = dict[str, object]


class NotAPersons(Exception):
    """The number is a desk's own line."""


class OnTheTelephone(Exception):
    """A call from or to the number is going on now: its rows still change."""


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """Everything that is stored about a number, table by table; `media` by recording."""

    tables: dict[str, list[Plain]]
    media: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stays:
    """What an erasure leaves, because it must."""

    documents: tuple[str, ...] = ()  # "desk_versions DESK 3"
    rosters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an erasure will do."""

    rows: dict[str, int]  # by table
    unaccepted: tuple[int, ...]  # tickets of theirs that nobody has accepted


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. Rows stay without the number: their calls still count."""

    recordings: int
    not_fetched: int  # recordings that were still to be fetched from the provider
    messages: int
    rows: dict[str, int]
    stays: Stays


def export_person(database: Database, digits: str, who: str, now: datetime) -> AboutPerson:
    """Gather everything about a number from every table; others' numbers in it are masked.

    The recordings are given out, so each is noted as listened to. NotAPersons for a
    desk's own line.
    """
    with database.read() as connection:
        _refuse_lines(connection, digits)
        take_your_time(connection)
        tables = {
            table.name: [
                _plain(table, row, digits) for row in rows_about(connection, table, digits)
            ]
            for table in all_tables()
        }
    sids = [str(row["sid"]) for row in tables["recordings"]]
    media = database.write(partial(_hand_out, sids=sids, who=who, now=now))
    return AboutPerson({name: rows for name, rows in tables.items() if rows}, media)


def foresee_erasure(database: Database, digits: str) -> Foreseen:
    """Count what an erasure will change. NotAPersons for a desk's own line."""
    with database.read() as connection:
        _refuse_lines(connection, digits)
        take_your_time(connection)
        rows = {t.name: sum(1 for _ in rows_about(connection, t, digits)) for t in all_tables()}
        waiting = unaccepted_tickets(connection, digits)
    return Foreseen({name: count for name, count in rows.items() if count}, waiting)


def erase_person(database: Database, digits: str, now: datetime) -> Erased:
    """Take a number out of every table, delete what was spoken and written; figures stay.

    Small transactions: once begun, doing it again finishes it. NotAPersons for a desk's
    own line, OnTheTelephone while one of its calls is going on.
    """
    with database.read() as connection:
        _refuse_lines(connection, digits)
        if is_on_the_telephone(connection, digits, now):
            raise OnTheTelephone
    not_fetched = _until_done(database, partial(fetch_no_more, digits=digits, now=now))
    recordings = _until_done(database, partial(erase_recordings, digits=digits, now=now))
    messages = _until_done(database, partial(erase_messages, digits=digits, now=now))
    rows = {table.name: _clear(database, table, digits) for table in all_tables()}
    with database.read() as connection:
        take_your_time(connection)
        stays = _what_stays(connection, digits)
    cleared = {name: count for name, count in rows.items() if count}
    return Erased(recordings, not_fetched, messages, cleared, stays)


def _refuse_lines(connection: Connection, digits: str) -> None:
    desk = line_of_desk(connection, digits)
    if desk is not None:
        raise NotAPersons(desk)


def _until_done(database: Database, batch: Callable[[Connection], int]) -> int:
    def once(connection: Connection) -> int:
        overwrite_what_goes(connection)
        take_your_time(connection)
        return batch(connection)

    done = 0
    while some := database.write(once):
        done += some
    return done


def _clear(database: Database, table: Table, digits: str) -> int:
    with database.read() as connection:
        take_your_time(connection)
        keys = keys_to_clear(connection, table, digits)

    def clear(connection: Connection, few: list[Key]) -> int:
        overwrite_what_goes(connection)
        return clear_rows(connection, table, few, digits)

    parts = [keys[at : at + BATCH] for at in range(0, len(keys), BATCH)]
    return sum(database.write(partial(clear, few=few)) for few in parts)


def _what_stays(connection: Connection, digits: str) -> Stays:
    documents = [
        f"{table.name} {row.get('desk') or row.get('roster')} {row['number']}"
        for table in all_tables()
        if Holds.DOCUMENT in COLUMNS[table.name].values()
        for row in rows_naming(connection, table, digits)
    ]
    return Stays(tuple(documents), rosters_with(connection, digits))


def _plain(table: Table, row: Row, digits: str) -> Plain:
    """Make a row what can be read by a person: no bytes, no documents of others."""
    plain: Plain = {}
    for name, holds in COLUMNS[table.name].items():
        value = read_column(holds, row[name])
        match holds:
            case Holds.VOICE:
                continue
            case Holds.DOCUMENT:
                plain[name] = "(names the number; kept as it was written)"
            case Holds.NOTHING | Holds.NAME:
                plain[name] = value.isoformat() if isinstance(value, datetime) else value
            case _:
                plain[name] = only_theirs(value, digits)
    return plain


def _hand_out(connection: Connection, sids: list[str], who: str, now: datetime) -> dict[str, bytes]:
    media: dict[str, bytes] = {}
    for sid in sids:
        recording = load_recording(connection, sid)
        if recording:
            note_listening(connection, recording, who, Way.EXPORT, now)
            media[sid] = recording.media
    return media
