"""The overview of all desks as it is now, made once per process for everybody who looks at it.

A look that finds nothing changed costs one statement; otherwise six more, however many desks and
tickets there are, and those that read documents for the first time.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from app.actions.overview.coverage import CoverageCache
from app.domain.overview.answering import Staff
from app.domain.overview.coverage_ahead import CoverageAhead
from app.domain.overview.desk_row import DeskFacts, DeskRow, desk_row, sorted_rows
from app.domain.overview.trouble import OutageNow
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, list_desks
from app.store.outages import list_outages
from app.store.overview import (
    OverviewState,
    WaitingAtDesk,
    load_waiting_tickets,
    look_at_overview,
)
from app.store.shift_confirmations import confirmed_now

GLANCE: Final = timedelta(seconds=1)  # how old what a page asks for every two seconds may be


@dataclass(frozen=True, slots=True)
class Overview:
    """What is to be seen of every desk, the worst first. Nothing of it changes of itself before
    `changes_at`; `fingerprint` is that of what is stored.
    """

    rows: tuple[DeskRow, ...]
    at: datetime
    changes_at: datetime
    fingerprint: str

    def of_desks(self, desks: Collection[str] | None) -> tuple[DeskRow, ...]:
        """Return the rows that a reader may see; None means all."""
        return tuple(row for row in self.rows if desks is None or row.desk.id in desks)

    def etag(self, *seen_by: str) -> str:
        """Name what somebody sees, the same in every process; `seen_by` is what it depends on."""
        parts = (self.fingerprint, self.changes_at.isoformat(), *seen_by)
        return sha256("\n".join(parts).encode()).hexdigest()[:32]

    def holds(self, state: OverviewState, now: datetime) -> bool:
        """Tell whether it is still what is to be seen."""
        return self.fingerprint == state.fingerprint and self.at <= now < self.changes_at


@dataclass(slots=True)
class LiveOverview:
    """One process's overview. One of its threads makes it anew, the others wait for that."""

    database: Database
    coverage: CoverageCache = field(default_factory=CoverageCache)
    _last: Overview | None = None
    _looked_at: datetime | None = None
    _failed: tuple[datetime, DatabaseUnavailable] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def see(self, now: datetime) -> Overview:
        """Return what is to be seen now."""
        with self.database.read() as connection:
            state = look_at_overview(connection, now)
            with self._lock:
                if self._last is None or not self._last.holds(state, now):
                    self._last = load_overview(connection, state, self.coverage, now)
                self._looked_at = now
                return self._last

    def glance(self, now: datetime) -> Overview:
        """Return what was to be seen at most a second ago.

        However many pages are open, a process looks once a second for them, and while calls
        change it all the time makes it anew no more often: the telephone needs the processor.
        """
        with self._looking:
            if self._failed and self._failed[0] <= now < self._failed[0] + GLANCE:
                raise self._failed[1]  # nobody waits for what has just kept somebody waiting
            self._failed = None
            try:
                return self._just_seen(now) or self.see(now)
            except DatabaseUnavailable as away:
                self._failed = now, away
                raise

    def _just_seen(self, now: datetime) -> Overview | None:
        last, looked_at = self._last, self._looked_at
        if last is None or looked_at is None:
            return None
        return last if looked_at <= now < min(looked_at + GLANCE, last.changes_at) else None


def load_overview(
    connection: Connection, state: OverviewState, coverage: CoverageCache, now: datetime
) -> Overview:
    """Read what the overview is made of, and make it."""
    live, waiting = list_desks(connection), load_waiting_tickets(connection)
    ahead, confirmed = coverage.of(live, now), confirmed_now(connection, now)
    outages = {
        each.desk: OutageNow(each.known.since, each.watchers)
        for each in list_outages(connection, None, is_open=True)
    }
    rows = sorted_rows(
        desk_row(
            replace(
                _facts(each, state, waiting, ahead),
                confirmed=confirmed.get(each.desk.roster or "", ()),
                outage=outages.get(each.desk.id),
            ),
            now,
        )
        for each in live
    )
    changes_at = min(
        (row.changes_at for row in rows), default=datetime.max.replace(tzinfo=now.tzinfo)
    )
    return Overview(rows, now, changes_at, state.fingerprint)


def _facts(
    live: LiveDesk,
    state: OverviewState,
    waiting: Mapping[str, WaitingAtDesk],
    ahead: Mapping[str, CoverageAhead],
) -> DeskFacts:
    roster = live.roster.id if live.roster else None
    missed = frozenset(person for where, person in state.missed if where == roster)
    tickets = waiting.get(live.desk.id, WaitingAtDesk())
    return DeskFacts(
        Staff(live.desk, live.roster, state.talking, missed),
        ahead.get(live.desk.id),
        tickets.longest,
        tickets.count,
    )
