"""A worker's heartbeat: the row that says that it lives, and how far its clock is off."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from app.database_clock import DatabaseClock
from app.store import Database, DatabaseUnavailable
from app.store.heartbeats import delete_heartbeat, record_heartbeat

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HeartbeatRecorder:
    """The heartbeat of one worker, from its start until it signs off."""

    database: Database
    clock: DatabaseClock
    worker: str
    started_at: datetime

    def record(self) -> None:
        """Tell that we live, and how far our clock is from the database's."""
        compare_clocks(self.clock, self.database)
        self.database.write(
            partial(
                record_heartbeat,
                worker=self.worker,
                started_at=self.started_at,
                now=self.clock.now(),
                clock_skew=self.clock.clock_skew,
            )
        )

    def sign_off(self) -> None:
        """Tell that nobody need wait for the next one."""
        try:
            self.database.write(partial(delete_heartbeat, worker=self.worker))
        except DatabaseUnavailable as trouble:
            log.warning("not_signed_off", error=str(trouble))


def compare_clocks(clock: DatabaseClock, database: Database) -> None:
    """Ask what time it is there; without the database our own clock goes on."""
    try:
        clock.compare(database)
    except DatabaseUnavailable as trouble:
        log.warning("clock_not_compared", error=str(trouble))
