"""A journal that is made anew has every table that somebody will look into."""

from pathlib import Path

from sqlalchemy import create_engine, inspect

from app.offline import callbacks, journal


def test_a_new_journal_has_the_tables_of_calls_entries_and_callbacks(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/journal.db")
    with engine.begin() as connection:
        journal.set_up(connection)
        found = set(inspect(connection).get_table_names())
        assert list(callbacks.stored_callbacks(connection)) == []
    engine.dispose()
    assert found >= {"calls", "turns", "legs", journal.JOURNAL.name, "callbacks"}
    assert found == {table.name for table in journal.OURS} | set(journal.METADATA.tables)
