"""How an SMS fares, told while the worker is still noting which SMS it was."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import Connection, text, update

from app.actions.messages.take_sms import take_delivery
from app.store.sms import DeliveryReport, note_sent
from app.store.tables import JobKind, JobRow
from app.store.ticket_lists import ticket_events
from tests.end_to_end.processes import wait_until
from tests.support.sample_desk import later, sample_database
from tests.support.stored_call import critical_at_night

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def test_undelivered_told_between_the_sid_and_its_commit_shows_on_the_ticket(
    migrated_postgresql_url: str,
) -> None:
    with sample_database(migrated_postgresql_url) as database, ThreadPoolExecutor(1) as network:
        critical_at_night(database)
        take_delivery(database, DeliveryReport("SM1", "sent"), later(59))

        def has_come(told: Future[None]) -> bool:
            with database.read() as connection:
                return told.done() or connection.execute(WAITING).scalar() == 1

        def notes_the_sid(connection: Connection) -> Future[None]:
            is_theirs = (JobRow.kind == JobKind.SMS, JobRow.person == "duty-1")
            connection.execute(update(JobRow).where(*is_theirs).values(provider_sid="SM1"))
            note_sent(connection, "SM1", later(60))
            report = DeliveryReport("SM1", "undelivered", "30005")
            told = network.submit(take_delivery, database, report, later(60))
            wait_until(lambda: has_come(told), "the network tells it meanwhile")
            return told

        database.write(notes_the_sid).result()
        with database.read() as connection:
            shown = [event.kind for event in ticket_events(connection, 1001)]
    assert shown.count("notification_undelivered") == 1
