"""The API on both databases, and on one where the database does not matter."""

from collections.abc import Iterator

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
