"""The exchange as other code meets it: phone, press keys, look at what happened. Everything the
control API can do is a method here; server.py gives it an address.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from exchange.call_placer import CallPlacer, run_in_thread
from exchange.calls.network_state import new_network_state
from exchange.config import Config
from exchange.faults.read import read_faults
from exchange.faults.registry import FaultRegistry
from exchange.faults.rules import Faults
from exchange.json_values import Json
from exchange.people.personas import Pickup
from exchange.people.script import Script, parse_script
from exchange.records.calls import CallResource, Direction
from exchange.records.debugger import Alert
from exchange.records.effort import Effort, effort_before_ring
from exchange.records.messages import MessageResource
from exchange.records.signals import RedirectTarget, Signal, SignalKind
from exchange.records.transcript import Event
from exchange.runs import Order, run_inbound, run_outbound
from exchange.sms_delivery import receive


class ExchangeRefused(ValueError):
    """Something that this network cannot do, in words."""


class NoSuchCall(ExchangeRefused):
    """A call or leg that this network does not know."""


class Exchange:
    """A telephone network on this machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.network = new_network_state(config)
        self._placer = CallPlacer(self.network)

    @property
    def address(self) -> str:
        """Where REST API and control API are: `http://127.0.0.1:PORT`. Empty without a server."""
        return self.network.address

    # Phoning ------------------------------------------------------------------------------------

    def call(
        self,
        from_: str,
        to: str,
        *,
        script: str | list[str] = "",
        at: datetime | None = None,
        live: bool = False,
        forwarded_from: str | None = None,
        caller_name: str | None = None,
        faults: Mapping[str, Json] | None = None,
        speed: float | None = None,
    ) -> str:
        """Somebody phones one of the numbers; gives the CallSid at once.

        `live`: a human being answers through press, speak and hang_up; else the script does.
        `speed` is this call's own, and that of calls placed on its behalf; else the exchange's.
        Raises Refused for a number that is not connected, ScriptError and FaultError.
        """
        doors = self.config.numbers.get(to)
        if doors is None:
            raise ExchangeRefused(f"nobody has the number {to}")
        words, own = parse_script(script), FaultRegistry(read_faults(faults)) if faults else None
        call = self._placer.new_call(from_, to, Direction.INBOUND, at)
        call.is_live = live
        call.forwarded_from, call.caller_name = forwarded_from, caller_name
        line = self._placer.open_line(call, words, speed, own)
        run_in_thread(line, lambda: run_inbound(line, doors))
        return call.sid

    def place(self, from_: str, to: str, order: Order) -> tuple[CallResource, Callable[[], None]]:
        """A call that the REST API wants: queued, and what makes it ring."""
        at, speed = self._placer.moment_and_speed()
        call = self._placer.new_call(from_, to, Direction.OUTBOUND_API, at)
        call.is_live = order.persona.pickup is Pickup.HUMAN
        line = self._placer.open_line(call, Script(), speed)
        return call, lambda: run_in_thread(line, lambda: run_outbound(line, order))

    def text(
        self, from_: str, to: str, body: str, *, at: datetime | None = None
    ) -> MessageResource:
        """Somebody sends a text message to one of the numbers; gives it when it was answered."""
        if to not in self.config.numbers:
            raise ExchangeRefused(f"nobody has the number {to}")
        return receive(self.network, from_, to, body, at)

    def messages(self, to: str | None = None) -> list[MessageResource]:
        """Text messages in both directions, oldest first; only those to a number where asked."""
        found = reversed(self.network.messages.all())
        return [message for message in found if to in (None, message.to)]

    # Being a human being ------------------------------------------------------------------------

    def press(self, sid: str, keys: str) -> None:
        """Presses keys on a call's or a leg's telephone."""
        if not keys or set(keys) - set("0123456789*#"):
            raise ExchangeRefused(f"not keys: {keys!r}")
        for key in keys:
            self._signal(sid, SignalKind.KEY, key=key)

    def speak(self, sid: str, seconds: float) -> None:
        """Speaks for so many seconds."""
        self._signal(sid, SignalKind.SPEAK, seconds=seconds)

    def hang_up(self, sid: str) -> None:
        """Puts the receiver down."""
        self._signal(sid, SignalKind.HANG_UP)

    def hang_up_all(self) -> None:
        """Ends every call that is not over."""
        for call in self.network.calls.all():
            if not call.status.is_over:
                call.mailbox.post(Signal(SignalKind.HANG_UP, call.sid))

    def answer(self, sid: str) -> None:
        """Takes up a ringing telephone."""
        self._signal(sid, SignalKind.ANSWER)

    def decline(self, sid: str) -> None:
        """Refuses a ringing telephone."""
        self._signal(sid, SignalKind.DECLINE)

    def redirect(self, sid: str, target: RedirectTarget) -> None:
        """Sends a call to another document, as the REST API does."""
        call = self.find(sid)
        call.mailbox.post(Signal(SignalKind.REDIRECT, call.sid, target=target))

    def _signal(self, sid: str, kind: SignalKind, key: str = "", seconds: float = 0.0) -> None:
        call = self.find(sid)
        if call.status.is_over:
            raise ExchangeRefused(f"the call is over: {call.status.value}")
        call.mailbox.post(Signal(kind, call.sid, key=key, seconds=seconds))

    # Looking ------------------------------------------------------------------------------------

    def find(self, sid: str) -> CallResource:
        """A call or leg.

        Raises NoSuchCall when there is none.
        """
        call = self.network.calls.find(sid)
        if call is None:
            raise NoSuchCall(f"no call {sid}")
        return call

    def wait(self, sid: str, seconds: float = 120.0) -> CallResource:
        """The call when it is over and its callbacks are delivered.

        Raises TimeoutError after so many real seconds.
        """
        call = self.find(sid)
        if not call.settled.wait(seconds):
            raise TimeoutError(f"call {sid} is still {call.status.value} after {seconds} s")
        return call

    def events(self, sid: str) -> tuple[Event, ...]:
        """What happened in a call so far."""
        return self.find(sid).transcript.events()

    def effort(self, sid: str) -> Effort:
        """What the caller had to do before the first ring."""
        return effort_before_ring(self.events(sid))

    def alerts(self) -> tuple[Alert, ...]:
        """The debugger's list, which a test can assert to be empty."""
        return self.network.debugger.alerts()

    # Switching ----------------------------------------------------------------------------------

    def assign(self, personas: Mapping[str, Json]) -> None:
        """Who sits at these numbers from now on."""
        self.network.personas.assign(personas)

    def set_faults(self, faults: Faults) -> None:
        """Other faults from now on, for all calls without their own."""
        self.network.faults.replace(faults)
