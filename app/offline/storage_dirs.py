"""Where the offline store keeps its files: its own folder, else the memory, else /tmp."""

import os
import stat
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Final, TypeVar

from sqlalchemy import ForeignKeyConstraint, MetaData, make_url
from sqlalchemy.schema import ColumnCollectionConstraint, Constraint, CreateColumn

from app.store.tables import Base

T = TypeVar("T")

MEMORY: Final = Path("/dev/shm")  # lasts until the machine itself is started anew
ONLY_OURS: Final = 0o700  # numbers of callers and customers stand in there


class NoStorageDir(OSError):
    """No folder takes a file: neither the disk's, nor the memory's, nor the temporary one."""


def storage_dirs(
    folder: Path, database_url: str, memory: Path = MEMORY, temporary: Path | None = None
) -> tuple[Path, ...]:
    """Return the folders in the order in which they are tried; none is made yet.

    The disk, the machine's memory, and its folder for temporary files: a service may be let
    into only one of them. Named after the database, so that no journal ever comes into
    another one.
    """
    ours = folder.absolute() / name_of(database_url)
    own = sha256(f"{os.getuid()} {ours}".encode()).hexdigest()[:16]
    others = [memory, temporary or Path(gettempdir())]
    return (ours, *(other / f"vakt-{own}" for other in dict.fromkeys(others) if other.is_dir()))


def name_of(database_url: str) -> str:
    """Name a database by where it is: a new password does not make it another one."""
    url = make_url(database_url)
    file = url.database or ""
    if url.drivername.startswith("sqlite") and file not in ("", ":memory:"):
        file = str(Path(file).absolute())
    where = (url.drivername, url.host, url.port, file, url.query.get("host", ""))
    return sha256(repr(where).encode()).hexdigest()[:12]


@cache
def schema_hash() -> str:
    """Name the tables' shape: files of a release with other tables are not read as ours."""
    return hash_of(Base.metadata)


def hash_of(tables: MetaData) -> str:
    """Hash what a row needs, in no order: rows are written and read by the columns' names."""
    columns = [
        f"{table.name} {CreateColumn(column)}"
        for table in tables.tables.values()
        for column in table.columns
    ]
    keys = [
        f"{table.name} {_key(constraint)}"
        for table in tables.tables.values()
        for constraint in table.constraints
    ]
    return sha256("\n".join(sorted(columns + keys)).encode()).hexdigest()[:12]


def _key(constraint: Constraint) -> str:
    """Write a key by its kind, its columns and where each of them leads."""
    match constraint:
        case ForeignKeyConstraint():
            parts = [f"{each.parent.name}={each.target_fullname}" for each in constraint.elements]
        case ColumnCollectionConstraint():
            parts = [column.name for column in constraint.columns]
        case _:
            raise TypeError(f"{constraint!r} is no key")
    return f"{type(constraint).__name__} {sorted(parts)}"


def make_private(folder: Path) -> None:
    """Make a folder that is only ours; PermissionError where somebody else has put one."""
    folder.mkdir(mode=ONLY_OURS, parents=True, exist_ok=True)
    if not is_ours(folder):
        raise PermissionError(f"{folder} is not ours")


def is_ours(folder: Path) -> bool:
    """Tell whether this is a folder, and nobody else has put it there."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def in_first_writable(folders: tuple[Path, ...], do: Callable[[Path], T]) -> T:
    """Do it in the first folder where it can be done; NoStorageDir where it cannot be anywhere."""
    troubles: list[str] = []
    for folder in folders:
        try:
            make_private(folder)
            return do(folder)
        except OSError as trouble:
            troubles.append(str(trouble))
    raise NoStorageDir("; ".join(troubles))


def found(folders: tuple[Path, ...], pattern: str) -> Iterator[Path]:
    """Yield the files that are there, directory by directory."""
    for folder in filter(is_ours, folders):  # what somebody else has put there is not believed
        yield from sorted(folder.glob(pattern))
