"""Exports and erases the personal data stored about a number.

Reads and writes rows only. What stands in files is handed in by who calls.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, Table

from app.domain.access.actor import Actor
from app.domain.privacy.anonymise import masked_but
from app.store import Database
from app.store.personal_data import COLUMNS, DataCategory
from app.store.personal_data_erasure import (
    BATCH,
    cancel_recording_fetches,
    clear_rows,
    erase_messages,
    erase_recordings,
    keys_to_clear,
)
from app.store.personal_data_search import (
    Key,
    Row,
    all_tables,
    has_call_in_progress,
    lift_statement_timeout,
    line_of_desk,
    read_column,
    rosters_with,
    rows_about,
    rows_naming,
    unacknowledged_tickets_of,
)
from app.store.recording_accesses import AccessChannel, note_recording_access
from app.store.recordings import load_recording
from app.store.retention import overwrite_deleted_rows
from app.store.user_data import rows_of_person, users_with_number

Plain = dict[str, object]

KEPT_AS_WRITTEN: Final = "kept_as_written"  # instead of a document that names the number


class OwnLineNumber(Exception):
    """The number is a desk's own line."""


class CallInProgress(Exception):
    """A call from or to the number is going on now: its rows still change."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything that is stored about a number, table by table; `media` by recording."""

    tables: dict[str, list[Plain]]
    media: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retained:
    """What an erasure leaves, because it must."""

    documents: tuple[str, ...] = ()  # "desk_versions DESK 3"
    rosters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What an erasure will do."""

    rows: dict[str, int]  # by table
    unacknowledged: tuple[int, ...]  # tickets of theirs that nobody has accepted


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. Rows stay without the number: their calls still count."""

    recordings: int
    not_fetched: int  # recordings that were still to be fetched from the provider
    messages: int
    rows: dict[str, int]
    stays: Retained


def export_person(database: Database, digits: str, who: str, now: datetime) -> PersonalData:
    """Gather everything about a number from every table; others' numbers in it are masked.

    The recordings are given out, so each is noted as listened to. NotAPersons for a
    desk's own line.
    """
    with database.read() as connection:
        _refuse_lines(connection, digits)
        lift_statement_timeout(connection)
        users = users_with_number(connection, digits)
        tables = {
            table.name: [
                plain_row(table, row, digits)
                for row in rows_of_person(connection, table, digits, users)
            ]
            for table in all_tables()
        }
    sids = [str(row["sid"]) for row in tables["recordings"]]
    media = database.write(partial(_hand_out, sids=sids, who=who, now=now))
    return PersonalData({name: rows for name, rows in tables.items() if rows}, media)


def preview_erasure(database: Database, digits: str) -> ErasurePreview:
    """Count what an erasure will change. NotAPersons for a desk's own line."""
    with database.read() as connection:
        _refuse_lines(connection, digits)
        lift_statement_timeout(connection)
        rows = {
            table.name: sum(1 for _ in rows_about(connection, table, digits))
            for table in all_tables()
        }
        waiting = unacknowledged_tickets_of(connection, digits)
    return ErasurePreview({name: count for name, count in rows.items() if count}, waiting)


def erase_person(database: Database, digits: str, now: datetime) -> Erased:
    """Take a number out of every table, delete what was spoken and written; figures stay.

    Small transactions: once begun, doing it again finishes it. NotAPersons for a desk's
    own line, OnTheTelephone while one of its calls is going on.
    """
    with database.read() as connection:
        _refuse_lines(connection, digits)
        if has_call_in_progress(connection, digits, now):
            raise CallInProgress
    not_fetched = _until_done(database, partial(cancel_recording_fetches, digits=digits, now=now))
    recordings = _until_done(database, partial(erase_recordings, digits=digits, now=now))
    messages = _until_done(database, partial(erase_messages, digits=digits, now=now))
    rows = {table.name: _clear(database, table, digits) for table in all_tables()}
    with database.read() as connection:
        lift_statement_timeout(connection)
        stays = _what_is_retained(connection, digits)
    cleared = {name: count for name, count in rows.items() if count}
    return Erased(recordings, not_fetched, messages, cleared, stays)


def _refuse_lines(connection: Connection, digits: str) -> None:
    desk = line_of_desk(connection, digits)
    if desk is not None:
        raise OwnLineNumber(desk)


def _until_done(database: Database, batch: Callable[[Connection], int]) -> int:
    def once(connection: Connection) -> int:
        overwrite_deleted_rows(connection)
        lift_statement_timeout(connection)
        return batch(connection)

    done = 0
    while some := database.write(once):
        done += some
    return done


def _clear(database: Database, table: Table, digits: str) -> int:
    with database.read() as connection:
        lift_statement_timeout(connection)
        keys = keys_to_clear(connection, table, digits)

    def clear(connection: Connection, few: list[Key]) -> int:
        overwrite_deleted_rows(connection)
        return clear_rows(connection, table, few, digits)

    parts = [keys[at : at + BATCH] for at in range(0, len(keys), BATCH)]
    return sum(database.write(partial(clear, few=few)) for few in parts)


def _what_is_retained(connection: Connection, digits: str) -> Retained:
    documents = [
        f"{table.name} {row.get('desk') or row.get('roster')} {row['number']}"
        for table in all_tables()
        if DataCategory.DOCUMENT in COLUMNS[table.name].values()
        for row in rows_naming(connection, table, digits)
    ]
    return Retained(tuple(documents), rosters_with(connection, digits))


def plain_row(table: Table, row: Row, digits: str = "") -> Plain:
    """Make a row what can be read by a person: no bytes, no secrets, no numbers of others."""
    plain: Plain = {}
    for name, category in COLUMNS[table.name].items():
        value = read_column(category, row[name])
        match category:
            case DataCategory.VOICE | DataCategory.SECRET:
                continue
            case DataCategory.DOCUMENT:
                plain[name] = KEPT_AS_WRITTEN
            case DataCategory.NOTHING | DataCategory.NAME:
                plain[name] = _readable(value)
            case _:
                plain[name] = masked_but(value, digits)
    return plain


def _readable(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Actor():
            return f"{value.kind} {value.name}"
        case _:
            return value


def _hand_out(connection: Connection, sids: list[str], who: str, now: datetime) -> dict[str, bytes]:
    media: dict[str, bytes] = {}
    for sid in sids:
        recording = load_recording(connection, sid)
        if recording:
            note_recording_access(connection, recording, who, AccessChannel.EXPORT, now)
            media[sid] = recording.media
    return media
