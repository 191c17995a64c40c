"""An installation whose database can be taken away and given back, for tests of what happens
meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from app.actions.calls.answer import Answer
from app.actions.calls.journal_import import import_journal
from app.actions.calls.turn_service import TurnService
from app.domain.tickets.ticket import Ticket
from app.offline.breaker import Breaker
from app.offline.offline_store import OfflineStore, open_offline_store
from app.offline.storage_dirs import storage_dirs
from app.store import Database, open_database
from app.store.call_lists import StoredCall, find_call
from app.store.ticket_lists import list_tickets
from tests.support.stored_call import DrivenCall

NOWHERE = "postgresql+psycopg://postgres@127.0.0.1:1/vakt"


@dataclass
class Outage:
    """The turn service as a web process has it; `breaks` and `mends` change what is behind it."""

    database: Database
    offline: OfflineStore
    away: Database = field(default_factory=lambda: open_database(NOWHERE))
    is_away: bool = False
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def turn_service(self) -> TurnService:
        behind = self.away if self.is_away else self.database
        return TurnService(behind, self.offline, self.breaker)

    def breaks(self) -> None:
        self.is_away = True

    def mends(self) -> int:
        self.is_away = False
        self.breaker.close()
        return import_journal(self.database, self.offline)

    def call(self, sid: str = "CA1", **more: str) -> Caller:
        return Caller(self.database, sid, outage=self, **more)

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        with self.database.read() as connection:
            return list_tickets(connection)

    def stored(self, sid: str = "CA1") -> StoredCall:
        with self.database.read() as connection:
            call = find_call(connection, sid)
        assert call
        return call


@dataclass
class Caller(DrivenCall):
    """One caller, whose turns the service takes with whatever is behind it at the moment."""

    outage: Outage = field(kw_only=True)

    @property
    def taker(self) -> TurnService:
        return self.outage.turn_service


@contextmanager
def an_outage(database: Database, folder: Path, **changed: object) -> Iterator[Outage]:
    """The system with its facts written; its database is there until it breaks."""
    memory = folder / "memory"
    memory.mkdir(exist_ok=True)
    url = "sqlite:///of-the-tests.db"
    offline = open_offline_store(storage_dirs(folder / "offline", url, memory, temporary=memory))
    offline.write_facts(database)
    outage = replace(Outage(database, offline), **changed)
    try:
        yield outage
    finally:
        offline.close()
        outage.away.close()


def keys_said(answer: Answer) -> list[str]:
    return [message.key for message in getattr(answer.instruction, "says", ())]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
