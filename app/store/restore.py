"""A backup put into an empty database: whole, in one transaction, on either database.

What would be sent is held back, and the next ticket's number is beyond all that may have
been given since. What becomes of what is held back is decided by actions/backup/restore.py.
"""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text, update
from sqlalchemy.exc import CompileError, StatementError

from app.domain.message_refs import ref
from app.store.backup import (
    NOT_READABLE,
    BackupManifest,
    UnusableBackup,
    cause_of,
    check_backup,
    read_rows,
    tables_of,
)
from app.store.database import Database
from app.store.tables import Base, CounterRow, JobRow, TicketRow
from app.store.tickets import TICKETS
from app.store.upgrade import is_known, migrate, newest_schema

ROWS_AT_ONCE: Final = 200
NEVER_DUE: Final = datetime(9999, 1, 1, tzinfo=UTC)  # due when nobody waits any more
FEWEST_SKIPPED: Final = 1000
LOOKS_BACK: Final = timedelta(days=90)
FIRST_COUNT: Final = 1000  # what the counter says before the first ticket


def load_backup(database: Database, file: Path, now: datetime, after: int = 0) -> BackupManifest:
    """Fill an empty database with a backup and bring it to the newest schema.

    No ticket gets a number that was given before: as many as may have been given since
    the backup are passed over, and all up to `after`. Unusable when the database is not
    empty, or the backup is damaged or from a later release.
    """
    cover = check_backup(file)
    if not is_known(cover.schema):
        raise UnusableBackup(
            ref("store.backup_of_later_release", file=str(file), schema=cover.schema)
        )
    database.write(_make_empty)
    url = database.engine.url.render_as_string(hide_password=False)
    migrate(url, cover.schema)
    with zipfile.ZipFile(file) as archive:
        fill = partial(_fill, archive=archive, cover=cover, now=now, after=after)
        try:
            database.write(fill)
        except (*NOT_READABLE, CompileError, StatementError) as wrong:
            raise UnusableBackup(
                ref("store.backup_foreign_rows", file=str(file), cause=cause_of(wrong))
            ) from wrong
    if cover.schema != newest_schema():
        migrate(url)
    return cover


def _make_empty(connection: Connection) -> None:
    """Take away tables of ours in which nothing is; refuse where anything is."""
    tables = tables_of(connection)
    strangers = [table.name for table in tables if table.name not in Base.metadata.tables]
    if strangers:
        raise UnusableBackup(ref("store.other_tables", tables=tuple(strangers)))
    full = [table.name for table in tables if _has_rows(connection, table)]
    if full:
        raise UnusableBackup(ref("store.not_empty", tables=tuple(full)))
    for table in reversed(tables):
        table.drop(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def _has_rows(connection: Connection, table: Table) -> bool:
    some = select(table).limit(1)
    if table.name == CounterRow.__tablename__:
        some = some.where(table.c.value > FIRST_COUNT)
    return connection.execute(some).first() is not None


def _fill(
    connection: Connection,
    archive: zipfile.ZipFile,
    cover: BackupManifest,
    now: datetime,
    after: int,
) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    tables = tables_of(connection)
    for table in reversed(tables):
        connection.execute(table.delete())  # what the migrations have put in
    for table in tables:
        _fill_table(connection, archive, table, cover)
    named = {table.name: table for table in tables}
    _suspend_jobs(connection, named[JobRow.__tablename__])
    _skip_numbers(connection, named, cover, now, after)


def _fill_table(
    connection: Connection, archive: zipfile.ZipFile, table: Table, cover: BackupManifest
) -> None:
    if table.name not in cover.tables:
        raise UnusableBackup(ref("store.backup_lacks_table", table=table.name))
    rows = _fitting(connection, read_rows(archive, table.name))
    while some := list(islice(rows, ROWS_AT_ONCE)):
        connection.execute(insert(table), some)
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    if count != cover.tables[table.name].rows:
        raise UnusableBackup(
            ref(
                "store.backup_rows_missing",
                table=table.name,
                found=count,
                wanted=cover.tables[table.name].rows,
            )
        )
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)


def _fitting(connection: Connection, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """SQLite's instants are written without an offset, in UTC."""
    if connection.dialect.name == "postgresql":
        yield from rows
        return
    for row in rows:
        yield {name: _naive(value) for name, value in row.items()}


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's own counters go on after the rows that were put in."""
    for column in table.primary_key.columns:
        asked = {"name": f'"{table.name}"', "column": column.name}
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:name, :column)"), asked
        ).scalar()
        highest = connection.execute(select(func.max(column))).scalar()
        if sequence and highest is not None:
            set_to = text("SELECT setval(CAST(:sequence AS regclass), :highest)")
            connection.execute(set_to, {"sequence": sequence, "highest": highest})


def _suspend_jobs(connection: Connection, outbox: Table) -> None:
    """Nothing is sent until somebody has looked whether it still has its use."""
    held = _naive(NEVER_DUE) if connection.dialect.name == "sqlite" else NEVER_DUE
    waiting = update(outbox).where(outbox.c.due_at.is_not(None))
    connection.execute(waiting.values(due_at=held))


def _skip_numbers(
    connection: Connection,
    tables: dict[str, Table],
    cover: BackupManifest,
    now: datetime,
    after: int,
) -> None:
    tickets, counters = tables[TicketRow.__tablename__], tables[CounterRow.__tablename__]
    counter = counters.c.name == TICKETS
    given = connection.execute(select(counters.c.value).where(counter)).scalar_one()
    highest = connection.execute(select(func.max(tickets.c.number))).scalar() or 0
    next_after = max(max(given, highest) + _may_be_given(connection, tickets, cover, now), after)
    connection.execute(update(counters).where(counter).values(value=next_after))


def _may_be_given(
    connection: Connection, tickets: Table, cover: BackupManifest, now: datetime
) -> int:
    """Return how many tickets there may have been since: as if every day were the busiest."""
    since = cover.made_at - LOOKS_BACK
    since = _naive(since) if connection.dialect.name == "sqlite" else since
    of_late = select(tickets.c.created_at).where(tickets.c.created_at > since)
    days: dict[object, int] = {}
    for at in connection.execute(of_late).scalars():
        days[at.date()] = days.get(at.date(), 0) + 1
    passed = max((now - cover.made_at).days, 0) + 1
    return max(FEWEST_SKIPPED, max(days.values(), default=0) * passed)
