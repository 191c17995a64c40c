"""Files beside the database in which calls may wait: read only, whatever their tables are.

An installation that answers without its database keeps a journal there until it is back.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.privacy.anonymise import mentions

SQLITE: Final = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class FileMention:
    """One row, or one line, of a file that names a number."""

    file: str
    table: str  # empty for a line of a text
    row: dict[str, object]


def mentions_in_files(
    folders: tuple[Path, ...], digits: str, without: str = ""
) -> Iterator[FileMention]:
    """Yield whatever names a number in the files below the folders; none need be there.

    `without` is a pattern of files that are only copies of the database.
    """
    for folder in folders:
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            is_part = file.name.endswith(("-wal", "-shm"))  # of a database, read with it
            if file.is_file() and not is_part and not file.match(without or "/"):
                yield from _in_file(file, digits)


def _in_file(file: Path, digits: str) -> Iterator[FileMention]:
    with file.open("rb") as opened:
        is_sqlite = opened.read(len(SQLITE)) == SQLITE
    if is_sqlite:
        try:
            yield from _in_database(file, digits)
        except sqlite3.Error:  # damaged: what can be read of it as a text
            pass
        else:
            return
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if mentions(line, digits):
            yield FileMention(str(file), "", {"line": line})


def _in_database(file: Path, digits: str) -> Iterator[FileMention]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                # Going through a sqlite3.Row gives its values; only keys() gives the names.
                texts = {name: row[name] for name in row.keys()}  # noqa: SIM118
                plain = {name: v for name, v in texts.items() if not isinstance(v, bytes)}
                if any(mentions(_read(value), digits) for value in plain.values()):
                    yield FileMention(str(file), table, plain)


def _read(value: object) -> object:
    """Read JSON, where a number might stand within a longer text; leave the rest as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            read: object = json.loads(value)
        except ValueError:
            return value
        return read
    return value
