"""The tests' own ground: databases of both kinds, and lock files that work on any machine."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, text


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
