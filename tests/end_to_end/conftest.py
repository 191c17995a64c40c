"""One installation on each database, for all stories of a test process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BACKENDS
from tests.end_to_end.product import RunningProduct, running_product
from tests.support.postgres_databases import PostgresDatabases

PHONE_NUMBER = re.compile(r"\+\d{8}")
OUR_FAULT = re.compile(r'"event": "(broken|job_broken|slot_broken)"')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("end_to_end")


@pytest.fixture(scope="session", params=BACKENDS)
def one_product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningProduct]:
    folder = tmp_path_factory.mktemp(f"installation-{request.param}")
    if request.param == "sqlite":
        file = folder / "vakt.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite_file"), file)
        with running_product("sqlite", f"sqlite:///{file}", folder) as product:
            yield product
        return
    server: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = server.migrated()
    with running_product("postgresql", url, folder) as product:
        yield product
    server.drop(url)


@pytest.fixture
def product(one_product: RunningProduct) -> Iterator[RunningProduct]:
    """The system, with everybody asleep; afterwards nobody has found a fault."""
    one_product.begin_story()
    processes = (one_product.web, one_product.worker)
    before = [len(process.said()) for process in processes]
    yield one_product
    said = "".join(
        f"--- {process.log.name}\n{process.said()[length:]}"
        for process, length in zip(processes, before, strict=True)
    )
    print(said)  # pytest shows it when the story fails
    assert not PHONE_NUMBER.search(said), "a number stands in the log"
    assert not OUR_FAULT.search(said), "a fault of ours stands in the log"
    ours = [alert for alert in one_product.exchange.alerts() if not alert.by_fault]
    assert not ours, "the network found faults"
