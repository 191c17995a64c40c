"""Terminals: one with nothing, one with a migrated database, one with the shipped desks in it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from app import clock
from app.store import open_database
from app.store.heartbeats import record_heartbeat
from tests.cli.a_night import Night, serving
from tests.cli.a_terminal import Terminal
from tests.support.held_clock import CLOCK, Clock


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
def with_desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Databases with the five shipped desks, made by the real commands once by each clock."""
    made: dict[Clock, Path] = {}

    def file() -> Path:
        if CLOCK.shown not in made:
            home = tmp_path_factory.mktemp("desks")
            terminal = Terminal(home, f"sqlite:///{home}/vakt.db")
            terminal.does("db", "upgrade")
            terminal.does("desk", "import", "rosters")
            made[CLOCK.shown] = home / "vakt.db"
        return made[CLOCK.shown]

    return file


@pytest.fixture
def desks(terminal: Terminal, with_desks: Callable[[], Path]) -> Terminal:
    copied = terminal.home / "vakt.db"
    shutil.copyfile(with_desks(), copied)
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
