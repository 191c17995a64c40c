"""Keeps what answers calls without the database as the live desks are.

There are three such copies: the facts that turns are decided on (facts.py), the lifeline's file
(lifeline_file.py), and the documents at the network for when the whole site is down
(site_outage_documents.py). A web process keeps the first two on its own disk, the worker the third.
Each is written anew after an import, wherever that was made, and when it holds no longer.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Connection, func, select

from app.store import Database, DatabaseUnavailable
from app.store.tables import BlockedNumberRow, CustomerRow, DeskRow, OutageRow, RosterRow

log = structlog.get_logger(__name__)


class OfflineCopy(Protocol):
    """Something made from the live desks that lies outside the database."""

    @property
    def name(self) -> str:
        """Name it in the log."""
        ...

    def holds_until(self) -> datetime | None:
        """Return until when it holds if no desk changes; None where there is none."""
        ...

    def write(self, database: Database, now: datetime) -> int:
        """Write it, and tell how many files that were; OSError where it is not taken."""
        ...


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A copy that could not be written, and why; the one that is there still holds."""

    name: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a look has written, and what it could not write."""

    written: tuple[str, ...] = ()
    failed: tuple[NotWritten, ...] = ()


@dataclass(slots=True)
class OfflineRefresher:
    """The copies that one process keeps, and of which desks each was made."""

    database: Database
    copies: tuple[OfflineCopy, ...]
    _marks: dict[str, str] = field(default_factory=dict)

    def refresh(self, now: datetime) -> Refreshed:
        """Write what is not as the live desks are; one that fails keeps no other from it.

        One statement while nothing has changed. DatabaseUnavailable when it is away.
        """
        with self.database.read() as connection:
            mark = fingerprint(connection)
        written, failed = [], []
        for copy in self.copies:
            if not self._is_due(copy, mark, now):
                continue
            outcome = self._write(copy, mark, now)
            if isinstance(outcome, NotWritten):
                failed.append(outcome)
            elif outcome:
                written.append(copy.name)
        return Refreshed(tuple(written), tuple(failed))

    def _is_due(self, copy: OfflineCopy, mark: str, now: datetime) -> bool:
        if self._marks.get(copy.name) != mark:
            return True
        until = copy.holds_until()
        return until is None or now >= until

    def _write(self, copy: OfflineCopy, mark: str, now: datetime) -> int | NotWritten:
        try:
            files = copy.write(self.database, now)
        except DatabaseUnavailable:
            raise
        except Exception as trouble:  # a full disk, or a desk that cannot be put into words
            log.warning("offline_copy_not_written", copy=copy.name, exc_info=True)
            return NotWritten(copy.name, trouble)
        self._marks[copy.name] = mark
        return files


def fingerprint(connection: Connection) -> str:
    """Return what changes when somebody imports, changes a roster, or knows of an outage."""
    counted = (
        select(func.max(DeskRow.version)).scalar_subquery(),
        select(func.max(RosterRow.version)).scalar_subquery(),
        select(func.sum(DeskRow.version)).scalar_subquery(),
        select(func.sum(RosterRow.revision)).scalar_subquery(),
        select(func.count()).select_from(CustomerRow).scalar_subquery(),
        select(func.count()).select_from(BlockedNumberRow).scalar_subquery(),
        select(func.max(OutageRow.id)).scalar_subquery(),
        select(func.count(OutageRow.ended_at)).scalar_subquery(),
        select(func.sum(OutageRow.revision)).scalar_subquery(),
    )
    return repr(tuple(connection.execute(select(*counted)).one()))
