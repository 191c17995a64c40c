"""Where on this machine the standby keeps its files: the own disk, else its memory."""

import os
import stat
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import make_url
from sqlalchemy.schema import CreateTable

from app.store.tables import Base

T = TypeVar("T")

MEMORY: Final = Path("/dev/shm")  # lasts until the machine itself is started anew
ONLY_OURS: Final = 0o700  # numbers of callers and customers stand in there


class NoPlace(OSError):
    """Neither the disk nor the machine's memory takes a file."""


def places(folder: Path, database_url: str, memory: Path = MEMORY) -> tuple[Path, ...]:
    """Return the folders in the order in which they are tried; none is made yet.

    Named after the database, so that no journal ever comes into another one.
    """
    name = name_of(database_url)
    ours = folder.absolute() / name
    own = sha256(f"{os.getuid()} {ours}".encode()).hexdigest()[:16]
    return (ours, memory / f"vakt-{own}") if memory.is_dir() else (ours,)


def name_of(database_url: str) -> str:
    """Name a database by where it is: a new password does not make it another one."""
    url = make_url(database_url)
    file = url.database or ""
    if url.drivername.startswith("sqlite") and file not in ("", ":memory:"):
        file = str(Path(file).absolute())
    where = (url.drivername, url.host, url.port, file, url.query.get("host", ""))
    return sha256(repr(where).encode()).hexdigest()[:12]


@cache
def shape() -> str:
    """Name the tables' shape: files of a release with other tables are not read as ours."""
    tables = "".join(str(CreateTable(table)) for table in Base.metadata.sorted_tables)
    return sha256(tables.encode()).hexdigest()[:12]


def make(folder: Path) -> None:
    """Make a folder that is only ours; PermissionError where somebody else has put one."""
    folder.mkdir(mode=ONLY_OURS, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{folder} is not ours")


def in_first(folders: tuple[Path, ...], do: Callable[[Path], T]) -> T:
    """Do it in the first folder where it can be done; NoPlace where it cannot be anywhere."""
    troubles: list[str] = []
    for folder in folders:
        try:
            make(folder)
            return do(folder)
        except OSError as trouble:
            troubles.append(str(trouble))
    raise NoPlace("; ".join(troubles))


def found(folders: tuple[Path, ...], pattern: str) -> Iterator[Path]:
    """Yield the files that are there, place by place."""
    for folder in folders:
        yield from sorted(folder.glob(pattern))
