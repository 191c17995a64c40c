"""The two databases as a storm meets them: each can be killed with -9 and comes back.

PostgreSQL is a server of the storm's own, with durability on. SQLite has no process but those
that use it; there, one that holds the file and has written half a transaction is killed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.support import postgres_server

DURABLE = (
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_connections=200",
    "listen_addresses=",
    "log_min_messages=fatal",
)
HOLDS = """
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
file.execute("PRAGMA cache_size=2")
file.execute("BEGIN IMMEDIATE")
file.execute("CREATE TABLE half (written TEXT)")
file.executemany("INSERT INTO half VALUES (?)", [("x" * 2000,)] * 500)
print("held", flush=True)
time.sleep(3600)
"""


class Killable(Protocol):
    """A database that can fall and rise again."""

    url: str

    @property
    def is_up(self) -> bool: ...

    def fall(self) -> None: ...

    def rise(self) -> None: ...


class PostgreSql:
    """A server: falls by -9, with all its processes."""

    def __init__(self, server: postgres_server.Server) -> None:
        self._server = server
        self.url = postgres_server.url(server.home, "postgres")

    @property
    def is_up(self) -> bool:
        return self._server.running is not None

    def fall(self) -> None:
        self._server.kill()

    def rise(self) -> None:
        self._server.start()


class Sqlite:
    """A file: away while somebody holds it, who is killed in the middle of writing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._holder: subprocess.Popen[bytes] | None = None
        self.url = f"sqlite:///{file}"

    @property
    def is_up(self) -> bool:
        return self._holder is None

    def fall(self) -> None:
        command = [sys.executable, "-c", HOLDS, str(self._file)]
        self._holder = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._holder.stdout
        self._holder.stdout.readline()

    def rise(self) -> None:
        holder, self._holder = self._holder, None
        if holder is None:
            return
        holder.kill()
        holder.wait()
        assert holder.stdout
        holder.stdout.close()


@contextmanager
def a_database(backend: str, folder: Path) -> Iterator[Killable]:
    """An empty database of this kind that keeps what it has committed."""
    if backend == "sqlite":
        file = Sqlite(folder / "vakt.db")
        try:
            yield file
        finally:
            file.rise()
        return
    with postgres_server.a_server(DURABLE) as server:
        yield PostgreSql(server)
