"""Looking for what is old reads no whole table of calls, turns or messages: it never grows slow."""

from datetime import timedelta

from app.actions.privacy.purge import purge_batch
from tests.actions.privacy.test_purge import KEEP, a_message_at_night
from tests.support.query_plans import statements_of, whole_tables
from tests.support.sample_desk import DESK_TOML, folder, later, sample_database

GROWING = ("calls", "turns", "legs", "outbox", "tickets", "ticket_events", "incoming_sms")
GROWING = (*GROWING, "audit_events", "web_sessions", "login_tokens")


def test_each_statement_finds_its_rows_by_an_index(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(desk=DESK_TOML + KEEP)) as database:
        a_message_at_night(database)
        with statements_of(database) as statements:
            while purge_batch(database, later(0) + timedelta(days=50)):
                pass
        assert len(statements) > 20
        whole = [step for each in statements.items() for step in whole_tables(database, *each)]
        assert [step for step in whole if step.split()[1] in GROWING] == []
