"""The web over a new database, and a browser of a coordinator; some files have their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.domain.access.permissions import AccessRole
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.users import a_user


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), role=AccessRole.COORDINATOR))
