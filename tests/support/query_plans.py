"""The statements that something runs on SQLite, and which of them read a whole table."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.store import Database

READS = ("SELECT", "UPDATE", "INSERT", "DELETE")


@contextmanager
def statements_of(database: Database) -> Iterator[dict[str, object]]:
    """Every statement that runs meanwhile, with the parameters it was first run with."""
    statements: dict[str, object] = {}

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        statement, parameters, is_many = str(args[2]), args[3], args[5]
        if statement.startswith(READS):
            first = parameters[0] if is_many else parameters  # type: ignore[index]
            statements.setdefault(statement, first)

    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def plan_of(database: Database, statement: str, parameters: object) -> list[str]:
    """The steps in which SQLite runs a statement."""
    with database.read() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}",
            parameters,  # type: ignore[arg-type]
        )
        return [str(step[3]) for step in plan]


def whole_tables(database: Database, statement: str, parameters: object) -> list[str]:
    """The steps of a statement's plan that go through a table without an index."""
    steps = plan_of(database, statement, parameters)
    made_up = ("SCAN (subquery", "SCAN anon")
    return [
        f"{step} in {statement}"
        for step in steps
        if step.startswith("SCAN")
        and "USING" not in step
        and "CONSTANT ROW" not in step  # those that are written
        and not step.startswith(made_up)
    ]
