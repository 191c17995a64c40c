"""Opens a line for a call and runs it in a thread of its own."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from exchange.calls.active_call import ActiveCall
from exchange.calls.network_state import NetworkState
from exchange.calls.participants import participant_of
from exchange.clock import Timeline, wall_now
from exchange.faults.registry import FaultRegistry
from exchange.identifiers import new_sid
from exchange.people.script import Script
from exchange.records.calls import CallResource, Direction
from exchange.records.signals import Mailbox
from exchange.records.transcript import CallTranscript
from exchange.runs import report_crash


class CallPlacer:
    """Remembers the newest incoming call: those that the product places on its behalf stand at the
    same moment.
    """

    def __init__(self, network: NetworkState) -> None:
        self._network = network
        self._newest: ActiveCall | None = None

    def new_call(
        self, from_: str, to: str, direction: Direction, at: datetime | None
    ) -> CallResource:
        """A call entered in the book, at its own moment or at the machine's."""
        moment = (at or wall_now()).astimezone(UTC)
        account, sid = self._network.config.account_sid, new_sid("CA")
        call = CallResource(sid, account, from_, to, direction, moment, Mailbox(), CallTranscript())
        return self._network.calls.add(call)

    def open_line(
        self,
        call: CallResource,
        script: Script,
        speed: float | None,
        faults: FaultRegistry | None = None,
    ) -> ActiveCall:
        """A line with the caller on it, at the exchange's speed and faults where none are given."""
        speed = self._network.config.speed if speed is None else speed
        faults = self._network.faults if faults is None else faults
        timeline = Timeline(call.created, speed)
        active_call = ActiveCall(self._network, participant_of(call, script), timeline, faults)
        if call.direction is Direction.INBOUND:
            self._newest = active_call
        return active_call

    def moment_and_speed(self) -> tuple[datetime | None, float | None]:
        """Those of the newest incoming call, None before there is one."""
        if self._newest is None:
            return None, None
        return self._newest.timeline.moment(), self._newest.timeline.speed


def run_in_thread(active_call: ActiveCall, run: Callable[[], None]) -> None:
    """Runs a call beside everything else; a crash is written down before it is raised."""

    def guarded() -> None:
        try:
            run()
        except Exception as error:
            report_crash(active_call, error)
            raise

    name = f"call {active_call.caller.sid[-6:]}"
    threading.Thread(target=guarded, name=name, daemon=True).start()
