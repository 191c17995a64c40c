"""One house on each database, for all stories of a test process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BACKENDS, PostgresDatabases
from tests.end_to_end.house import House, a_house
from tests.end_to_end.running import Process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("end_to_end")


@pytest.fixture(scope="session", params=BACKENDS)
def one_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp(f"house-{request.param}")
    if request.param == "sqlite":
        file = folder / "vakt.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite_file"), file)
        with a_house("sqlite", f"sqlite:///{file}", folder) as house:
            yield house
        return
    server: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = server.migrated()
    with a_house("postgresql", url, folder) as house:
        yield house
    server.drop(url)


@pytest.fixture
def house(one_house: House) -> Iterator[House]:
    """The house, with everybody asleep; afterwards nothing may stand in the network's debugger."""
    one_house.begin_story()
    processes = (one_house.web, one_house.worker)
    before = [len(process.said()) for process in processes]
    yield one_house
    for process, length in zip(processes, before, strict=True):
        _show(process, length)
    ours = [alert for alert in one_house.exchange.alerts() if not alert.by_fault]
    assert not ours, "the network found faults"


def _show(process: Process, since: int) -> None:
    """Prints what a process wrote during the story: pytest shows it when the story fails."""
    print(f"--- {process.log.name}")
    print(process.said()[since:])
