"""The migrations and the tables say the same, and going up twice changes nothing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from app.store import migrate, open_database
from app.store.tables import Base
from tests.support.sample_desk import blank_database


def test_an_empty_database_goes_up_to_just_the_tables_we_have(database_url: str) -> None:
    migrate(database_url)
    with blank_database(database_url) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_going_up_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    with blank_database(database_url) as database, database.read() as connection:
        counters = connection.execute(text("SELECT name, value FROM counters")).all()
        assert counters == [("ticket", 1000)]


def test_an_unmigrated_database_has_no_tables(database_url: str) -> None:
    with blank_database(database_url) as database, database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/vakt.db"
    migrate(url)
    with blank_database(url) as database:
        assert database.is_well()


@pytest.mark.parametrize("url", ["mysql://localhost/vakt", "postgresql://localhost/vakt"])
def test_only_the_two_databases_that_we_know_are_opened(url: str) -> None:
    with pytest.raises(ValueError, match="database_kind"):
        open_database(url)
