"""The tests' own ground: databases of both kinds, and lock files that work on any machine."""

from __future__ import annotations

import re
import tomllib
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.support.postgres_databases import PostgresDatabases

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


def test_each_test_gets_a_working_and_empty_database(database_url: str, backend: str) -> None:
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            assert connection.dialect.name == backend
            assert inspect(connection).get_table_names() == []
            connection.execute(text("CREATE TABLE ticket (number INTEGER PRIMARY KEY)"))
            connection.execute(text("INSERT INTO ticket VALUES (1042)"))
            assert connection.scalar(text("SELECT number FROM ticket")) == 1042
    finally:
        engine.dispose()


def test_a_second_test_does_not_see_the_first_ones_rows(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        assert inspect(engine).get_table_names() == []
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_pin_every_package_by_hash_and_name_no_address(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pins = [line for line in lines if not line.startswith(" ")]

    assert pins
    assert all(re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ; .+)? \\", pin) for pin in pins)
    assert all(line.startswith("    --hash=sha256:") for line in lines if line not in pins)


def test_the_lock_for_the_tests_pins_what_runs_in_production_and_more() -> None:
    production, tests = ((ROOT / name).read_text().splitlines() for name in LOCKS[:2])

    assert set(production) < set(tests)
    assert {"flask", "sqlalchemy", "twilio"} <= names(production)
    assert {"pytest", "mypy"} <= names(tests) - names(production)


def test_every_package_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    development = project["optional-dependencies"]["dev"]

    assert bare(project["dependencies"]) <= names((ROOT / LOCKS[0]).read_text().splitlines())
    assert bare(development) <= names((ROOT / LOCKS[1]).read_text().splitlines())


def names(lock: list[str]) -> set[str]:
    return {line.partition("==")[0] for line in lock if "==" in line}


def bare(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=! ]", requirement)[0] for requirement in requirements}


def test_a_migrated_database_on_a_server_is_used_again_and_is_as_it_was(
    postgres_databases: PostgresDatabases,
) -> None:
    used = postgres_databases.migrated(anew=True)
    with closing(psycopg.connect(plain(used), autocommit=True)) as connection:
        first = dict(connection.execute("SELECT name, value FROM counters").fetchall())
        connection.execute("UPDATE counters SET value = value + 1")
        connection.execute("INSERT INTO heartbeats VALUES ('w', now(), now())")
    postgres_databases.drop(used)
    for _ in range(2):
        assert postgres_databases.migrated() == used
        postgres_databases.drop(used)

    again = postgres_databases.migrated()
    assert again == used
    with closing(psycopg.connect(plain(again), autocommit=True)) as connection:
        assert dict(connection.execute("SELECT name, value FROM counters").fetchall()) == first
        assert connection.execute("SELECT count(*) FROM heartbeats").fetchall() == [(0,)]
        connection.execute("ALTER TABLE heartbeats ADD COLUMN more text")
    postgres_databases.drop(again)

    anew = postgres_databases.migrated()
    assert anew != again, "its tables were changed"
    postgres_databases.drop(anew)


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")
