"""The database is away: callers hear of a known outage all the same, and 8 is not lost."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.actions.desks.outages import OutageRequest, end_known_outage, mark_outage
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.store.tables import JobKind, JobRow
from tests.offline.outage import an_outage, keys_said
from tests.support.sample_desk import CALLER, DESK, NIGHT, sample_database

ME = Author(command_line("me"), NIGHT)


def test_who_pressed_8_meanwhile_is_told_although_it_ended_before_the_journal_came_in(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        number = mark_outage(database, DESK, OutageRequest(None, {}), ME)
        with an_outage(database, tmp_path) as outage:
            outage.breaks()
            caller = outage.call()
            assert "outage_known_at" in keys_said(caller.arrives())
            assert keys_said(caller.presses("8")) == ["outage_noted"]
            caller.hangs_up()
            assert end_known_outage(database, DESK, number, ME).told == 0
            assert outage.mends() == 1
        with database.read() as connection:
            jobs = connection.execute(select(JobRow.payload).where(JobRow.kind == JobKind.SMS))
            assert [CALLER in job.payload for job in jobs] == [True]
