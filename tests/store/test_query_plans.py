"""No statement of a turn reads a whole table: many desks and customers make it no slower."""

from datetime import timedelta
from functools import partial

from sqlalchemy import event

from app.actions.callouts.call_outs import begin_due_call_outs
from app.store import Database
from app.store.outbox import claim_job, oldest_due
from tests.support.call_out_steps import a_message_is_left, nobody_answers
from tests.support.sample_desk import SUPPORT, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import hang_up

READS = ("SELECT", "UPDATE", "INSERT", "DELETE")


def test_every_statement_of_a_call_finds_its_rows_by_an_index(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        statements: dict[str, object] = {}

        @event.listens_for(database.engine, "before_cursor_execute")
        def note(*args: object) -> None:
            statement, parameters, is_many = str(args[2]), args[3], args[5]
            if statement.startswith(READS):
                first = parameters[0] if is_many else parameters  # type: ignore[index]
                statements.setdefault(statement, first)

        _a_busy_night(database)
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(statements) > 12
        whole = [step for each in statements.items() for step in _whole_tables(database, *each)]
        assert whole == []


def _a_busy_night(database: Database) -> None:
    call = critical_at_night(database)
    call.nobody_answers()
    call.somebody_accepts(2)
    by_day = DrivenCall(database, "CA2", SUPPORT, start=later(60))
    by_day.arrives()
    by_day.presses("1", "1", "1")
    hang_up(database, "CA1", later(90))
    ended = a_message_is_left(database, "CA3", caller="+4749009098")
    begin_due_call_outs(database, ended + timedelta(minutes=2))
    nobody_answers(database, ended + timedelta(minutes=3), "call-out-1002-1")
    begin_due_call_outs(database, ended + timedelta(minutes=4))
    database.write(partial(claim_job, now=later(99), lease=timedelta(seconds=60)))
    with database.read() as connection:
        oldest_due(connection, later(99))


def _whole_tables(database: Database, statement: str, parameters: object) -> list[str]:
    """The steps of a statement's plan that go through a table without an index."""
    with database.read() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}",
            parameters,  # type: ignore[arg-type]
        )
        steps = [str(step[3]) for step in plan]
    made_up = ("SCAN (subquery", "SCAN anon")
    return [
        f"{step} in {statement}"
        for step in steps
        if step.startswith("SCAN")
        and "USING" not in step
        and "CONSTANT ROW" not in step  # those that are written
        and not step.startswith(made_up)
    ]
