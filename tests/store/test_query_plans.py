"""No statement of a turn reads a whole table: many desks and customers make it no slower."""

from datetime import timedelta
from functools import partial

from app.actions.callouts.call_outs import begin_due_call_outs
from app.store import Database
from app.store.outbox import claim_job, oldest_due
from tests.support.call_out_steps import a_message_is_left, nobody_answers
from tests.support.query_plans import plan_of, statements_of, whole_tables
from tests.support.sample_desk import SUPPORT, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import hang_up


def test_every_statement_of_a_call_finds_its_rows_by_an_index(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        with statements_of(database) as statements:
            _a_busy_night(database)
        assert len(statements) > 12
        whole = [step for each in statements.items() for step in whole_tables(database, *each)]
        assert whole == []


def test_an_arriving_call_reads_no_more_of_a_desks_tickets_than_those_of_its_caller(
    migrated_sqlite_url: str,
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        with statements_of(database) as statements:
            critical_at_night(database)
        asked = [each for each in statements.items() if "AS in_portal" in each[0]]
        (steps,) = [plan_of(database, *each) for each in asked]
    of_tickets = [step for step in steps if "SEARCH tickets" in step]
    assert len(of_tickets) == 3
    assert all("caller=?" in step or "portal" in step for step in of_tickets), of_tickets


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
