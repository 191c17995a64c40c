"""Somebody at this terminal holds one of the telephones: the caller's, or a rung one."""

import select
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from app.demo.choices import Holder
from app.demo.exchange_client import Event, ExchangeClient, ExchangeClientRefused
from app.domain.message_refs import MessageRef, ref
from app.gateways.twilio.fields import KEYS

SPEAKS: Final = "s"
SPEAKS_SECONDS: Final = 5.0
ACTIONS: Final = {"a": "answer", "d": "decline", "h": "hangup"}


HINTS: Final = {
    Holder.CALLER: ref("demo.hint_caller"),
    Holder.DUTY: ref("demo.hint_duty"),
}


@dataclass(slots=True)
class TerminalTelephone:
    """The telephone in somebody's hands. `hear` is told every event, so it knows who rings."""

    network: ExchangeClient
    holder: Holder
    call: str
    say: Callable[[MessageRef], None]
    leg: str | None = None

    def hear(self, event: Event) -> None:
        """Note which telephone rings here, and which has stopped."""
        if self.holder is Holder.CALLER:
            return
        match event["kind"]:
            case "rings":
                self.leg = str(event["leg"])
                self.say(ref("demo.rings_here"))
            case "leg_end" if event.get("leg") == self.leg:
                self.leg = None

    def hold(self, over: threading.Event) -> None:
        """Take the terminal's keys until the call is over; Ctrl-C hangs up."""
        while not over.is_set():
            key = next_key()
            if key:
                self.press(key)

    def press(self, key: str) -> None:
        """Do what one key of the terminal means; what cannot be done now is said."""
        kind, sid = self._mine()
        if key not in KEYS and key not in ACTIONS and key != SPEAKS:
            return
        if sid is None:
            self.say(ref("demo.nothing_rings_here"))
            return
        try:
            if key in KEYS:
                self.network.press(kind, sid, key)
            elif key == SPEAKS:
                self.network.speak(kind, sid, SPEAKS_SECONDS)
            else:
                self.network.do(kind, sid, ACTIONS[key])
        except ExchangeClientRefused as error:
            self.say(error.message)

    def _mine(self) -> tuple[str, str | None]:
        return ("calls", self.call) if self.holder is Holder.CALLER else ("legs", self.leg)


WAIT_SECONDS: Final = 0.1


@contextmanager
def single_keys() -> Iterator[None]:
    """Take keys as they are pressed, without Enter; Ctrl-C still works."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def next_key() -> str:
    """Return the key that was pressed, or nothing after a short while."""
    ready, _, _ = select.select([sys.stdin], [], [], WAIT_SECONDS)
    return sys.stdin.read(1) if ready else ""
