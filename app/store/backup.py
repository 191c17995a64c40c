"""A backup: every row of every table as of one moment, in one file that both databases read.

A zip with a file of JSON lines for each table, and a cover that says which schema they
have, how many rows, and their checksums. Written whole or not at all. It holds everything
that the database holds about people, so only its owner can read it.
"""

import base64
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, MetaData, Table, select, text

from app.domain.message_refs import MessageError, MessageRef, ref
from app.store import codec
from app.store.database import Database
from app.store.upgrade import schema_of

FORMAT: Final = 1
MANIFEST: Final = "backup.json"
VERSIONS: Final = "alembic_version"
LARGEST_ROW: Final = 64 * 1024 * 1024  # bytes: a recording of 16 MB, and a customer list, fit
ROWS_AT_ONCE: Final = 50  # a recording may be megabytes
BYTES: Final = "$bytes"
# What a file that is none of ours may bring: encrypted, packed otherwise, nested without end …
NOT_READABLE: Final = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)
_HOW: Final = zipfile.ZIP_DEFLATED


class UnusableBackup(Exception):
    """The database, or the backup, cannot be used; `message` says why."""

    def __init__(self, message: MessageRef) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class TableManifest:
    """What the cover says of one table."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What the cover of a backup says."""

    made_at: datetime
    schema: str
    tables: dict[str, TableManifest]


def write_backup(database: Database, file: Path, now: datetime) -> BackupManifest:
    """Write everything that is stored, as of one moment, to a new file.

    Unusable when the file is there already, or when the database is damaged.
    """
    if file.exists():
        raise UnusableBackup(ref("store.backup_exists", file=str(file)))
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with _only_ours(unfinished) as opened, zipfile.ZipFile(opened, "w", _HOW) as archive:
            with _one_moment(database) as connection:
                cover = _write_tables(connection, archive, now)
            archive.writestr(MANIFEST, _cover_text(cover))
        check_backup(unfinished)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return cover


def check_backup(file: Path) -> BackupManifest:
    """Read a backup through and return its cover; Unusable where anything is wrong with it."""
    try:
        with zipfile.ZipFile(file) as archive:
            cover = _read_cover(archive)
            for name, told in cover.tables.items():
                _check_table(archive, name, told)
    except NOT_READABLE as wrong:
        raise UnusableBackup(
            ref("store.backup_damaged", file=str(file), cause=cause_of(wrong))
        ) from wrong
    return cover


def cause_of(wrong: Exception) -> MessageRef | str:
    """Return why a file cannot be read: our own message, or what a library says."""
    return wrong.message if isinstance(wrong, MessageError) else str(wrong)


def read_rows(archive: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    """Yield a table's rows as they were: instants aware, bytes as bytes."""
    with archive.open(_entry(table)) as lines:
        for line in _rows(lines):
            yield json.loads(line, object_hook=_unmarked)


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables that a database has, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSIONS]


def _write_tables(
    connection: Connection, archive: zipfile.ZipFile, now: datetime
) -> BackupManifest:
    schema = schema_of(connection)
    if schema is None:
        raise UnusableBackup(ref("store.no_tables"))
    tables = {
        table.name: _write_table(connection, archive, table) for table in tables_of(connection)
    }
    return BackupManifest(now, schema, tables)


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> TableManifest:
    count, checksum = 0, sha256()
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    with archive.open(_entry(table.name), "w", force_zip64=True) as lines:
        for row in rows.mappings():
            line = json.dumps(dict(row), ensure_ascii=False, default=_marked).encode() + b"\n"
            lines.write(line)
            checksum.update(line)
            count += 1
    return TableManifest(count, checksum.hexdigest())


@contextmanager
def _one_moment(database: Database) -> Iterator[Connection]:
    """See one moment of the whole database, however long it takes to read."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            if database.is_sqlite:
                _refuse_damaged(connection)
            else:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection


def _refuse_damaged(connection: Connection) -> None:
    found = connection.execute(text("PRAGMA integrity_check")).scalars().all()
    if found != ["ok"]:
        raise UnusableBackup(ref("store.database_damaged", cause="; ".join(found[:5])))


@contextmanager
def _only_ours(file: Path) -> Iterator[Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w+b") as opened:
        yield opened
        opened.flush()
        os.fsync(number)


def _cover_text(cover: BackupManifest) -> str:
    told = {"format": FORMAT} | asdict(cover) | {"made_at": cover.made_at.isoformat()}
    return json.dumps(told, indent=2)


def _read_cover(archive: zipfile.ZipFile) -> BackupManifest:
    told = json.loads(archive.read(MANIFEST))
    if told["format"] != FORMAT:
        found = str(told["format"])
        raise MessageError(ref("store.backup_format", found=found, wanted=FORMAT))
    tables = {name: TableManifest(**each) for name, each in told["tables"].items()}
    return BackupManifest(datetime.fromisoformat(told["made_at"]), told["schema"], tables)


def _check_table(archive: zipfile.ZipFile, name: str, told: TableManifest) -> None:
    count, checksum = 0, sha256()
    with archive.open(_entry(name)) as lines:
        for line in _rows(lines):
            checksum.update(line)
            count += 1
    if (count, checksum.hexdigest()) != (told.rows, told.sha256):
        raise MessageError(ref("store.backup_table_changed", table=name))


def _rows(lines: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; a small file can hold one that no memory is large enough for."""
    while line := lines.readline(LARGEST_ROW + 1):
        if len(line) > LARGEST_ROW:
            raise MessageError(ref("store.backup_row_too_large", most=LARGEST_ROW))
        yield line


def _entry(table: str) -> str:
    return f"tables/{table}.jsonl"


def _marked(value: object) -> object:
    match value:
        case datetime():
            at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return {codec.INSTANT: at.isoformat()}
        case bytes() | memoryview():
            return {BYTES: base64.b64encode(value).decode()}
        case _:
            raise TypeError(f"no JSON for {value!r}")


def _unmarked(found: dict[str, Any]) -> Any:
    match found:
        case {codec.INSTANT: str(at)}:
            return datetime.fromisoformat(at)
        case {"$bytes": str(text)}:
            return base64.b64decode(text, validate=True)
        case _:
            return found
