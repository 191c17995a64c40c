"""Nothing works on a database that has not the tables of this release, and nothing makes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import open_database
from app.store.schema import (
    SchemaNotReady,
    SchemaState,
    newest_schema_here,
    require_schema,
    schema_state,
)
from app.store.upgrade import newest_schema
from app.voice_prompts import texts
from tests.support.schema import pretend_schema


def state(url: str) -> SchemaState:
    database = open_database(url)
    try:
        return schema_state(url, database)
    finally:
        database.close()


def refusal(url: str) -> str:
    database = open_database(url)
    try:
        with pytest.raises(SchemaNotReady) as refused:
            require_schema(url, database)
    finally:
        database.close()
    return "\n".join(texts().write(each, "en") for each in refused.value.messages)


def test_the_newest_schema_is_known_without_the_migrations_being_read() -> None:
    assert newest_schema_here() == newest_schema()


def test_a_migrated_database_is_ready(migrated_url: str) -> None:
    assert state(migrated_url) is SchemaState.CURRENT


def test_an_empty_database_is_refused_with_what_to_type(database_url: str) -> None:
    told = refusal(database_url)
    assert told.startswith("There is no Vaktlinje database yet: ")
    assert "\nRun `vakt db upgrade` first.\n" in told


def test_an_older_releases_database_is_refused(migrated_url: str) -> None:
    pretend_schema(migrated_url, "0000")
    assert refusal(migrated_url).startswith("The database was made by an older release: ")


def test_a_later_releases_database_goes_on(migrated_url: str) -> None:
    pretend_schema(migrated_url, "9999")
    assert state(migrated_url) is SchemaState.NEWER


def test_a_database_that_is_away_is_no_reason_to_refuse() -> None:
    assert state("postgresql+psycopg://vakt@127.0.0.1:9/vakt") is SchemaState.AWAY


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert state(f"sqlite:///{tmp_path}/vakt.db") is SchemaState.MISSING
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_not_told() -> None:
    told = SchemaNotReady(SchemaState.MISSING, "postgresql+psycopg://vakt:***@db/vakt")
    assert "***" in texts().write(told.messages[0], "en")
