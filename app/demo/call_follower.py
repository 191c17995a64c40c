"""Listens to a whole call: the caller's own events, and those of calls placed on its behalf.

Telephones that ring all at once are calls of their own; their events are told as the
rung telephone's.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Final

from app.demo.exchange_client import Event, ExchangeClient, ExchangeClientRefused
from app.gateways.twilio.inbound import OURS

LOOKS_EVERY: Final = 0.2
# What the one who is rung does is told from the other side in a call of its own.
AT_THE_OTHER_END: Final = {
    "rings": "rings",
    "leg_answers": "leg_answers",
    "hears": "whisper_hears",
    "presses": "leg_presses",
    "leg_end": "leg_end",
}


@dataclass(slots=True)
class CallFollower:
    """One call that is listened to. Nobody but `events` waits."""

    network: ExchangeClient
    sid: str
    _heard: Queue[Event | Exception | None] = field(default_factory=Queue)
    _over: threading.Event = field(default_factory=threading.Event)

    def events(self) -> Iterator[Event]:
        """Give events as they happen, until the call is over; NetworkRefused when it is gone."""
        known = {str(call["sid"]) for call in self.network.calls()}
        own = threading.Thread(target=self._follow, args=(self.sid,), daemon=True)
        others = threading.Thread(target=self._look_for_others, args=(known,), daemon=True)
        own.start()
        others.start()
        while (heard := self._heard.get()) is not None:
            if isinstance(heard, Exception):
                raise heard
            yield heard

    def _follow(self, sid: str) -> None:
        try:
            for event in self.network.events(sid):
                self._heard.put(event)
        except ExchangeClientRefused as error:
            self._heard.put(error)
        finally:
            self._over.set()
            self._heard.put(None)

    def _look_for_others(self, known: set[str]) -> None:
        while not self._over.is_set():
            try:
                calls = self.network.calls()
            except ExchangeClientRefused:
                return
            found = {str(call["sid"]) for call in calls if call["direction"] == OURS}
            for sid in found - known:
                threading.Thread(target=self._follow_other, args=(sid,), daemon=True).start()
            known |= found
            time.sleep(LOOKS_EVERY)

    def _follow_other(self, sid: str) -> None:
        try:
            for event in self.network.events(sid):
                kind = AT_THE_OTHER_END.get(str(event["kind"]))
                if kind and not self._over.is_set():
                    self._heard.put({"leg": sid, **event, "kind": kind})
        except ExchangeClientRefused:
            return
