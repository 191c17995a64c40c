"""A house whose database can be taken away and given back, for tests of what happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.actions.corridor import Corridor
from app.actions.replay import replay_all
from app.actions.take_turn import Answer
from app.domain.call import Event, LegAnswered, LegPressed, RingEnded
from app.standby.breaker import Breaker
from app.standby.places import places
from app.standby.standby import Standby, open_standby
from app.store import Database, open_database
from app.store.call_lists import PastCall, find_call
from app.store.ticket_lists import Ticket, list_tickets
from tests.a_house import CALLER, DUTY, NIGHT, later, number, press

NOWHERE = "postgresql+psycopg://postgres@127.0.0.1:1/vakt"


@dataclass
class Outage:
    """The corridor as a web process has it; `breaks` and `mends` change what is behind it."""

    database: Database
    standby: Standby
    away: Database = field(default_factory=lambda: open_database(NOWHERE))
    is_away: bool = False
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def corridor(self) -> Corridor:
        behind = self.away if self.is_away else self.database
        return Corridor(behind, self.standby, self.breaker)

    def breaks(self) -> None:
        self.is_away = True

    def mends(self) -> int:
        self.is_away = False
        self.breaker.close()
        return replay_all(self.database, self.standby)

    def call(self, sid: str = "CA1", **more: str) -> Caller:
        return Caller(self, sid, **more)

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        with self.database.read() as connection:
            return list_tickets(connection)

    def stored(self, sid: str = "CA1") -> PastCall:
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
        return self.outage.corridor.answer_call(self.sid, self.line, number(self.caller), self.now)

    def does(self, event: Event, turn: int | None = None) -> Answer:
        taken = self.turn + 1 if turn is None else turn
        answer = self.outage.corridor.take_turn(self.sid, taken, event, self.now)
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
        return self.outage.corridor.take_leg_turn(self.sid, event, self.now)

    def accepts(self, leg: int) -> Answer:
        self.hears_whisper(leg)
        return self.outage.corridor.take_leg_turn(self.sid, LegPressed(leg, "1"), self.now, heard=1)

    def talk_ends(self) -> Answer:
        return self.does(RingEnded("completed", bridged=True))

    def hangs_up(self) -> Answer | None:
        return self.outage.corridor.hang_up(self.sid, self.now)


@contextmanager
def an_outage(database: Database, folder: Path, **changed: object) -> Iterator[Outage]:
    """The house with its facts written; its database is there until it breaks."""
    memory = folder / "memory"
    memory.mkdir(exist_ok=True)
    url = "sqlite:///of-the-tests.db"
    standby = open_standby(places(folder / "standby", url, memory, temporary=memory))
    standby.write_facts(database)
    outage = replace(Outage(database, standby), **changed)
    try:
        yield outage
    finally:
        standby.close()
        outage.away.close()


def keys_said(answer: Answer) -> list[str]:
    return [sentence.key for sentence in getattr(answer.script, "says", ())]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
