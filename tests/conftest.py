"""What every test may ask for: a fresh database of its own, on SQLite and on PostgreSQL.

No test of the rules needs any of this.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import resource
import shutil
from collections.abc import Callable, Generator, Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.store import Database
from tests.support import postgres_server
from tests.support.cheap_hashes import hash_cheaply
from tests.support.compiled_routes import share_compiled_routes
from tests.support.compiled_statements import share_what_is_compiled
from tests.support.forked_run import run_in_forks
from tests.support.held_clock import CLOCK, hold
from tests.support.memory_folder import memory_folder
from tests.support.postgres_databases import PostgresDatabases, make_template, migrate
from tests.support.sample_desk import sample_database
from tests.support.sharding import in_groups, start_processes

# The same code gets the same examples, and so the same answer. SEARCH=1 looks for new ones.
settings.register_profile(
    "ours",
    deadline=None,
    derandomize="SEARCH" not in os.environ,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")
hold()
share_what_is_compiled()
share_compiled_routes()
hash_cheaply()

BACKENDS = ("sqlite", "postgresql")

# A process keeps the files of its locks open, and here it has had a thousand databases.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

if folder := memory_folder():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# What a developer or a machine has set for a running product must not reach the tests.
OUR_SETTINGS = ("VAKT_", "TWILIO_", "WEB_", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL")
os.environ["LC_ALL"] = "C.UTF-8"  # in English, whoever runs the tests
for name in [*os.environ]:
    if name == "PORT" or name.startswith(OUR_SETTINGS):
        del os.environ[name]


# What is imported stays: looking through it for garbage took a sixth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """Garbage is looked for again, but not in what has been imported and collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """What is left over is looked through once; pytest would do it ten times."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forks", type=int, default=1, help="run so many tests at a time")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Shares the tests out among processes, where there are to be several."""
    option = session.config.option
    if option.forks == 1 or option.collectonly or session.testsfailed:
        return None  # pytest's own loop
    postgres_server.prepare(make_template)
    if start_processes(session.items):
        importlib.import_module("tests.end_to_end.warm_start").begin_reading()
    run_in_forks(session, in_groups(session.items), option.forks)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test and what it asks for look at one clock (held_clock.py)."""
    CLOCK.look_for(item)
    return (yield)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with postgres_server.running_server() as folder, postgres_server.connect(folder) as admin:
        databases = PostgresDatabases(folder, admin)
        yield databases
        databases.close()


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by the first of a run's processes that asks for it."""
    file, ready = (tmp_path_factory.getbasetemp() / name for name in ("vakt.db", "migrated"))
    with (tmp_path_factory.getbasetemp() / "one-at-a-time").open("w") as lock:
        flock(lock, LOCK_EX)
        if not ready.exists():
            migrate(f"sqlite:///{file}")
            ready.touch()
    return file


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Names the database a test runs on; any test that asks for a database runs on both."""
    return str(request.param)


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], str]]:
    yield from _databases(request, tmp_path, migrated=False)


@pytest.fixture
def migrated_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], str]]:
    yield from _databases(request, tmp_path, migrated=True)


@pytest.fixture
def database_url(backend: str, empty_database: Callable[[str], str]) -> str:
    """Gives a fresh, empty database, once on SQLite and once on PostgreSQL."""
    return empty_database(backend)


@pytest.fixture
def migrated_url(backend: str, migrated_database: Callable[[str], str]) -> str:
    """Gives a fresh database with the newest schema, once on SQLite and once on PostgreSQL."""
    return migrated_database(backend)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """The sample organisation in a database; a test of another one has a fixture of its own."""
    with sample_database(migrated_url) as database:
        yield database


@pytest.fixture
def migrated_sqlite_url(migrated_database: Callable[[str], str]) -> str:
    """Gives a fresh migrated SQLite database, for tests that do not turn on the database."""
    return migrated_database("sqlite")


@pytest.fixture
def migrated_postgresql_url(migrated_database: Callable[[str], str]) -> str:
    """Gives a fresh migrated PostgreSQL database, for what only PostgreSQL can do."""
    return migrated_database("postgresql")


def _databases(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: bool
) -> Iterator[Callable[[str], str]]:
    """Yields a maker of databases and drops those on the server when the test is over."""
    made: list[str] = []
    numbers = itertools.count(1)

    def make(backend: str) -> str:
        if backend == "sqlite":
            file = tmp_path / f"vakt-{next(numbers)}.db"
            if migrated:
                shutil.copyfile(request.getfixturevalue("migrated_sqlite_file"), file)
            return f"sqlite:///{file}"
        server: PostgresDatabases = request.getfixturevalue("postgres_databases")
        made.append(server.migrated() if migrated else server.empty())
        return made[-1]

    yield make
    for url in made:
        request.getfixturevalue("postgres_databases").drop(url)
