"""Looks after the standby beside the turns: facts for the next outage, and the way back from one.

A thread of each web process. What it does stands in app/standby and actions/replay.py.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from app import clock
from app.actions.beside import replay_posts
from app.actions.corridor import Corridor
from app.actions.replay import replay_all
from app.database_clock import DatabaseClock
from app.standby.facts import mark_of
from app.store import Database, DatabaseUnavailable
from app.store.figures import touch

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
LOOK_FOR_IMPORTS: Final = timedelta(seconds=5)
FACTS_LAST: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Caretaker:
    """One round of looks a second, until it is stopped."""

    corridor: Corridor
    clock: DatabaseClock = field(default_factory=DatabaseClock)
    _mark: str = ""
    _looked_at: datetime | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Look on in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def look(self, now: datetime) -> None:
        """Is the database back, is something to be brought into it, are the facts new? Never fails.

        While turns go to the database, nothing asks it but these; one that hangs hangs here.
        """
        corridor = self.corridor
        try:
            if corridor.breaker.is_tripped:
                self._try_again(corridor.database, now)
            elif corridor.standby.has_journals():
                self._bring_in()
            if self._is_time(now):
                self._refresh(now)
        except DatabaseUnavailable as trouble:
            corridor.breaker.trip(self.clock.now())  # as the turns tell the time
            log.warning("database_away", error=str(trouble))
        except Exception:
            log.exception("caretaker")

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look(clock.now())

    def _try_again(self, database: Database, now: datetime) -> None:
        """Ask the database for a write of no consequence: one that is full or read-only refuses."""
        database.write(touch)
        self._bring_in()
        self.corridor.breaker.close()
        log.info("database_back")

    def _bring_in(self) -> None:
        """Bring in what waits: the calls first, what was told beside them belongs to them."""
        database, standby = self.corridor.database, self.corridor.standby
        replay_all(database, standby)
        replay_posts(database, standby)

    def _is_time(self, now: datetime) -> bool:
        if self.corridor.breaker.is_tripped:
            return False
        return self._looked_at is None or now - self._looked_at >= LOOK_FOR_IMPORTS

    def _refresh(self, now: datetime) -> None:
        """Write the facts anew after an import, and every five minutes.

        One that can be read but not written is found here, before a caller waits for it.
        """
        self._looked_at = now
        database, standby = self.corridor.database, self.corridor.standby
        database.write(touch)
        self.clock.compare(database)
        with database.read() as connection:
            mark = mark_of(connection)
        written = standby.facts_written_at()
        if mark != self._mark or written is None or now - written >= FACTS_LAST:
            standby.write_facts(database)
            self._mark = mark
            with suppress(OSError):
                standby.clear(now)
