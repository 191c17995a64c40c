"""Tables made in SQLite files of our own, by statements that are written once per process.

SQLAlchemy writes them anew each time, which takes longer than all else that is done to such a file.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement


def make_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Make the tables, each after those that it refers to, where they are not there yet."""
    for statement in _statements(tuple(tables)):
        connection.exec_driver_sql(statement)


@cache
def _statements(tables: tuple[Table, ...]) -> tuple[str, ...]:
    dialect = sqlite.dialect()
    made: list[ExecutableDDLElement] = [CreateTable(each, if_not_exists=True) for each in tables]
    for table in tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made.extend(CreateIndex(each, if_not_exists=True) for each in indexes)
    return tuple(str(each.compile(dialect=dialect)) for each in made)
