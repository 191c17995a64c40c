"""Opens a line for a call and runs it in a thread of its own."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from app.exchange.clock import Timeline, wall_now
from app.exchange.faults.book import FaultBook
from app.exchange.identifiers import new_sid
from app.exchange.lines.line import Line
from app.exchange.lines.office import Office
from app.exchange.lines.parties import party_of
from app.exchange.people.script import Script
from app.exchange.records.calls import Call, Direction
from app.exchange.records.signals import Mailbox
from app.exchange.records.transcript import Transcript
from app.exchange.runs import report_crash


class Placing:
    """Remembers the newest incoming call: those that the product places on its behalf stand at the
    same moment.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._newest: Line | None = None

    def new_call(self, from_: str, to: str, direction: Direction, at: datetime | None) -> Call:
        """A call entered in the book, at its own moment or at the machine's."""
        moment = (at or wall_now()).astimezone(UTC)
        account, sid = self._office.config.account_sid, new_sid("CA")
        call = Call(sid, account, from_, to, direction, moment, Mailbox(), Transcript())
        return self._office.calls.add(call)

    def open_line(
        self, call: Call, script: Script, speed: float | None, faults: FaultBook | None = None
    ) -> Line:
        """A line with the caller on it, at the exchange's speed and faults where none are given."""
        speed = self._office.config.speed if speed is None else speed
        faults = self._office.faults if faults is None else faults
        timeline = Timeline(call.created, speed)
        line = Line(self._office, party_of(call, script), timeline, faults)
        if call.direction is Direction.INBOUND:
            self._newest = line
        return line

    def moment_and_speed(self) -> tuple[datetime | None, float | None]:
        """Those of the newest incoming call, None before there is one."""
        if self._newest is None:
            return None, None
        return self._newest.timeline.moment(), self._newest.timeline.speed


def run_in_thread(line: Line, run: Callable[[], None]) -> None:
    """Runs a call beside everything else; a crash is written down before it is raised."""

    def guarded() -> None:
        try:
            run()
        except Exception as error:
            report_crash(line, error)
            raise

    name = f"call {line.caller.sid[-6:]}"
    threading.Thread(target=guarded, name=name, daemon=True).start()
