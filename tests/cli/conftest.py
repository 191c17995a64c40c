"""Terminals: one with nothing, one with a migrated database, one with the shipped desks in it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from app import clock
from app.store import open_database
from app.store.heartbeats import record_heartbeat
from tests.cli.a_night import Night, serving
from tests.cli.a_terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    home = tmp_path / "home"
    home.mkdir()
    return Terminal(home)


@pytest.fixture
def migrated(terminal: Terminal, migrated_sqlite_url: str) -> Terminal:
    terminal.database_url = migrated_sqlite_url
    return terminal


@pytest.fixture(scope="session")
def with_desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the five shipped desks, made once by the real commands."""
    home = tmp_path_factory.mktemp("desks")
    made = Terminal(home, f"sqlite:///{home}/vakt.db")
    made.does("db", "upgrade")
    made.does("desk", "import", "rosters")
    return home / "vakt.db"


@pytest.fixture
def desks(terminal: Terminal, with_desks: Path) -> Terminal:
    copied = terminal.home / "vakt.db"
    shutil.copyfile(with_desks, copied)
    terminal.database_url = f"sqlite:///{copied}"
    return terminal


@pytest.fixture
def night(desks: Terminal) -> Iterator[Night]:
    database = open_database(desks.database_url)
    now = clock.now()
    database.write(partial(record_heartbeat, worker="w", started_at=now, now=now))
    database.close()
    with ExitStack() as stack:
        yield Night(desks, stack.enter_context(serving(desks)), stack)
