"""An installation whose database can be taken away and given back, for tests of what happens
meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.actions.calls.journal_import import import_journal
from app.actions.calls.take_turn import Answer
from app.actions.calls.turn_service import TurnService
from app.domain.calls.call import Event, RingEnded
from app.domain.hunts.events import LegAnswered, LegPressed
from app.domain.tickets.ticket import Ticket
from app.offline.breaker import Breaker
from app.offline.offline_store import OfflineStore, open_offline_store
from app.offline.storage_dirs import storage_dirs
from app.store import Database, open_database
from app.store.call_lists import StoredCall, find_call
from app.store.ticket_lists import list_tickets
from tests.support.sample_desk import CALLER, DUTY, NIGHT, later, number, press
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn

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
        return Caller(self, sid, **more)

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
class Caller:
    """One caller; every step takes a second."""

    outage: Outage
    sid: str = "CA1"
    line: str = DUTY
    caller: str = CALLER
    start: datetime = NIGHT
    steps: int = 0
    turn: int = 0

    @property
    def now(self) -> datetime:
        self.steps += 1
        return later(self.steps, self.start)

    def arrives(self) -> Answer:
        return answer_call(
            self.outage.turn_service, self.sid, self.line, number(self.caller), self.now
        )

    def does(self, event: Event, turn: int | None = None) -> Answer:
        taken = self.turn + 1 if turn is None else turn
        answer = take_turn(self.outage.turn_service, self.sid, taken, event, self.now)
        self.turn = answer.turn
        return answer

    def presses(self, *keys: str) -> Answer:
        for key in keys:
            answer = self.does(press(key))
        return answer

    def nobody_answers(self) -> Answer:
        return self.does(RingEnded("no-answer"))

    def hears_whisper(self, leg: int) -> Answer:
        event = LegAnswered(leg, f"{self.sid}-leg{leg}")
        return take_leg_turn(self.outage.turn_service, self.sid, event, self.now)

    def accepts(self, leg: int) -> Answer:
        self.hears_whisper(leg)
        return take_leg_turn(
            self.outage.turn_service, self.sid, LegPressed(leg, "1"), self.now, heard=1
        )

    def talk_ends(self) -> Answer:
        return self.does(RingEnded("completed", bridged=True))

    def hangs_up(self) -> Answer | None:
        return hang_up(self.outage.turn_service, self.sid, self.now)


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
