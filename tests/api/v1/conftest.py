"""The API on both databases, and on one where the database does not matter."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.v1.api_client import Api, an_api


@pytest.fixture
def api(migrated_url: str) -> Iterator[Api]:
    with an_api(migrated_url) as api:
        yield api


@pytest.fixture
def sqlite_api(migrated_sqlite_url: str) -> Iterator[Api]:
    with an_api(migrated_sqlite_url) as api:
        yield api


@pytest.fixture(scope="module")
def shared_api(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    """One for all tests of a file that do not mind what the others have left in it."""
    file = tmp_path_factory.mktemp("api") / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    with an_api(f"sqlite:///{file}") as api:
        yield api
