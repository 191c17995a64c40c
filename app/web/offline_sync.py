"""Keeps the offline store ready: refreshes what an outage needs, and imports its journal after one.

A thread of each web process. What it does stands in offline/refresher.py and
actions/calls/journal_import.py.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from app import clock
from app.actions.calls.journal_import import import_journal
from app.actions.calls.turn_service import TurnService
from app.actions.messages.callbacks import import_callbacks
from app.database_clock import DatabaseClock
from app.offline.refresher import OfflineRefresher
from app.store import Database, DatabaseUnavailable
from app.store.figures import touch

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
LOOK_FOR_IMPORTS: Final = timedelta(seconds=5)


@dataclass(slots=True)
class OfflineSync:
    """One look a second, until it is stopped."""

    turn_service: TurnService
    refresher: OfflineRefresher
    clock: DatabaseClock = field(default_factory=DatabaseClock)
    _looked_at: datetime | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="offline_sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def look(self, now: datetime) -> None:
        """Check for the database, import what waits, refresh the facts. Never fails.

        While turns go to the database, nothing asks it but these; one that hangs hangs here.
        """
        turn_service = self.turn_service
        try:
            if turn_service.breaker.is_tripped:
                self._try_again(turn_service.database, now)
            elif turn_service.offline.has_journals():
                self._bring_in()
            if self._is_time(now):
                self._refresh(now)
        except DatabaseUnavailable as trouble:
            turn_service.breaker.trip(self.clock.now())  # as the turns tell the time
            log.warning("database_away", error=str(trouble))
        except Exception:
            log.exception("offline_sync")

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look(clock.now())

    def _try_again(self, database: Database, now: datetime) -> None:
        """Ask the database for a write of no consequence: one that is full or read-only refuses."""
        database.write(touch)
        self._bring_in()
        self.turn_service.breaker.close()
        log.info("database_back")

    def _bring_in(self) -> None:
        """Import what waits: calls first, then the callbacks that belong to them."""
        database, offline = self.turn_service.database, self.turn_service.offline
        import_journal(database, offline)
        import_callbacks(database, offline)

    def _is_time(self, now: datetime) -> bool:
        if self.turn_service.breaker.is_tripped:
            return False
        last = self._looked_at  # a clock that was set back keeps nothing from being looked for
        return last is None or not timedelta(0) <= now - last < LOOK_FOR_IMPORTS

    def _refresh(self, now: datetime) -> None:
        """Write facts and lifeline anew where desks have changed, whoever has imported them.

        A database that can be read but not written is found here, before a caller waits for it.
        """
        self._looked_at = now
        database, offline = self.turn_service.database, self.turn_service.offline
        refreshed = self.refresher.refresh(now)
        database.write(touch)
        self.clock.compare(database)
        if refreshed.written:
            with suppress(OSError):
                offline.clear(now)
