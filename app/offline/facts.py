"""The facts that calls are decided on while the database is away: a copy of its tables.

One SQLite file, written anew and moved into place, so that a reader sees the old one or
the new one. Its name ends with its checksum: a damaged one is passed over for the one before.
It is opened as immutable: also from a disk that is full or read-only.
"""

import os
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Select, create_engine, insert, select
from sqlalchemy.pool import NullPool

from app.domain.health.thresholds import FACTS_WRITTEN_EVERY
from app.offline.storage_dirs import found, in_first_writable, schema_hash
from app.store import Database
from app.store.sqlite_tables import make_tables
from app.store.tables import (
    Base,
    BlockedNumberRow,
    CustomerPhoneRow,
    CustomerRow,
    DeskRow,
    DeskVersionRow,
    LineRow,
    MissedCallOutRow,
    OptOutRow,
    OutageRow,
    RosterEntryRow,
    RosterRow,
    RosterVersionRow,
)

# What the World of a turn is made of, in an order in which no row names a later one.
# Of the documents only the live versions.
FACTS: Final[tuple[tuple[type[Base], Select[Any]], ...]] = (
    (RosterRow, select(RosterRow.__table__)),
    (
        RosterVersionRow,
        select(RosterVersionRow.__table__).where(
            RosterVersionRow.id.in_(select(RosterRow.version))
        ),
    ),
    (
        RosterEntryRow,
        select(RosterEntryRow.__table__).where(RosterEntryRow.withdrawn_in.is_(None)),
    ),
    (DeskRow, select(DeskRow.__table__)),
    (
        DeskVersionRow,
        select(DeskVersionRow.__table__).where(DeskVersionRow.id.in_(select(DeskRow.version))),
    ),
    (LineRow, select(LineRow.__table__)),
    (CustomerRow, select(CustomerRow.__table__)),
    (CustomerPhoneRow, select(CustomerPhoneRow.__table__)),
    (BlockedNumberRow, select(BlockedNumberRow.__table__)),
    (OptOutRow, select(OptOutRow.__table__)),
    (MissedCallOutRow, select(MissedCallOutRow.__table__)),
    (OutageRow, select(OutageRow.__table__).where(OutageRow.ended_at.is_(None))),
)
FACT_TABLES: Final = frozenset(row.__tablename__ for row, _ in FACTS)
TABLES: Final = [Base.metadata.tables[row.__tablename__] for row, _ in FACTS]
ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class FactsFile:
    """The facts in these directories, as something to be kept up to date (refresher.py)."""

    storage_dirs: tuple[Path, ...]
    name: str = "facts"

    def holds_until(self) -> datetime | None:
        """Customers change one by one: what is known of them is some minutes old at the most."""
        written = written_at(self.storage_dirs)
        return written + FACTS_WRITTEN_EVERY if written else None

    def write(self, database: Database, _now: datetime) -> int:
        """Copy the facts; none while no desk is live."""
        return 1 if write_facts(database, self.storage_dirs) else 0


def write_facts(database: Database, folders: tuple[Path, ...]) -> Path | None:
    """Copy the facts into the first directory that takes them; None while no desk is live.

    DatabaseUnavailable, or NoStorageDir; the file that is there still holds then.
    """
    with database.read() as connection:
        if connection.execute(select(DeskRow.id).limit(1)).first() is None:
            return None
        return in_first_writable(folders, lambda folder: _write(connection, folder))


def newest(folders: tuple[Path, ...]) -> Path | None:
    """Return the facts' file that was written last and is whole, or None without one."""
    files = ((_changed_at(file), file) for file in found(folders, f"{_name()}-*.db"))
    for changed_at, file in sorted(files, reverse=True):
        if changed_at and _is_whole(file, changed_at):
            return file
    return None


def written_at(folders: tuple[Path, ...]) -> datetime | None:
    """Return when the facts were written, or None where there are none."""
    file = newest(folders)
    return datetime.fromtimestamp(_changed_at(file) / 1e9, UTC) if file else None


def check_again() -> None:
    """Believe no file any more that was found whole before."""
    _is_whole.cache_clear()


def _name() -> str:
    return f"facts-{schema_hash()}"


def _changed_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _is_whole(file: Path, _changed_at: int) -> bool:
    """Tell whether the file is as it was written: its name tells what it must come to."""
    try:
        return file.stem.endswith(f"-{_sum(file)}")
    except OSError:
        return False


def _sum(file: Path) -> str:
    with open(file, "rb") as opened:
        return file_digest(opened, "sha256").hexdigest()[:16]


def _write(connection: Connection, folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix="facts-", suffix=".new")
    os.close(handle)
    try:
        _copy(connection, Path(name))
        with open(name, "rb") as file:
            os.fsync(file.fileno())
        written = Path(name).replace(folder / f"{_name()}-{_sum(Path(name))}.db")
    except sqlite3.Error as trouble:
        Path(name).unlink(missing_ok=True)
        raise OSError(str(trouble)) from trouble
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _keep_two(folder)
    return written


def _keep_two(folder: Path) -> None:
    """Remove older facts but the last: somebody may be about to read them."""
    files = sorted(found((folder,), f"{_name()}-*.db"), key=_changed_at)
    for file in (*files[:-2], folder / f"{_name()}.db"):  # the latter is an older release's
        file.unlink(missing_ok=True)


def _copy(connection: Connection, file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as copy:
        make_tables(copy, TABLES)
        for row, wanted in FACTS:
            for some in connection.execute(wanted).mappings().partitions(ROWS_AT_ONCE):
                copy.execute(insert(row), [dict(each) for each in some])
