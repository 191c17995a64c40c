"""Looking for what is old reads no whole table of calls, turns or messages: it never grows slow."""

from datetime import timedelta

from sqlalchemy import event

from app.actions.privacy.purge import purge_batch
from tests.actions.privacy.test_purge import KEEP, a_message_at_night
from tests.store.test_query_plans import READS, _whole_tables
from tests.support.sample_desk import DESK_TOML, folder, later, sample_database

GROWING = ("calls", "turns", "legs", "outbox", "tickets", "ticket_events", "incoming_sms")


def test_each_statement_finds_its_rows_by_an_index(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(desk=DESK_TOML + KEEP)) as database:
        a_message_at_night(database)
        statements: dict[str, object] = {}

        @event.listens_for(database.engine, "before_cursor_execute")
        def note(*args: object) -> None:
            statement, parameters, is_many = str(args[2]), args[3], args[5]
            if statement.startswith(READS):
                first = parameters[0] if is_many else parameters  # type: ignore[index]
                statements.setdefault(statement, first)

        while purge_batch(database, later(0) + timedelta(days=50)):
            pass
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(statements) > 20
        whole = [step for each in statements.items() for step in _whole_tables(database, *each)]
        assert [step for step in whole if step.split()[1] in GROWING] == []
