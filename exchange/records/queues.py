"""Queues of waiting callers: who waits where, since when, and who fetches them.
Only the bookkeeping; the verbs stand in verbs/enqueue.py and verbs/dial_queue.py.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from exchange.identifiers import new_sid
from exchange.records.signals import Mailbox, Signal, SignalKind


@dataclass(slots=True)
class QueueBridge:
    """Two calls talking through a queue. The agent's side keeps the time and closes it; the
    member's side may end it early. `url` is played to the member first.
    """

    agent_sid: str
    agent_mailbox: Mailbox
    url: str = ""
    method: str = "POST"
    name: str = field(default_factory=lambda: new_sid("BR"))
    ready: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    ended_by: str = ""
    seconds: float = 0.0

    def end(self, by: str) -> None:
        """The member's side is gone: tells the agent's."""
        if not self.ended_by:
            self.ended_by = by
        self.ready.set()
        signal = Signal(SignalKind.BRIDGE_OVER, self.agent_sid, key=self.name)
        self.agent_mailbox.post(signal)


@dataclass(slots=True)
class Member:
    """One caller who waits; `talk_hang_up`: when the caller hangs up after bridging, if ever."""

    call_sid: str
    mailbox: Mailbox
    talk_hang_up: float | None = None
    is_live: bool = False
    bridge: QueueBridge | None = None


@dataclass(slots=True)
class Queue:
    """One queue by its name."""

    name: str
    sid: str
    created: datetime
    members: list[Member] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)

    @property
    def average_wait(self) -> int:
        """Whole seconds that members waited, on average."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


class QueueRegistry:
    """All queues, under one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[str, Queue] = {}

    def join(self, name: str, member: Member, now: datetime) -> Queue:
        """Puts a caller last in a queue, which is made when it does not exist."""
        with self._lock:
            queue = self._queues.setdefault(name, Queue(name, new_sid("QU"), now))
            queue.members.append(member)
            return queue

    def leave(self, name: str, member: Member) -> bool:
        """Takes a caller out; whether nobody had fetched them first."""
        with self._lock:
            members = self._queues[name].members
            if member in members:
                members.remove(member)
            return member.bridge is None

    def waited(self, name: str, seconds: int) -> None:
        """Remembers how long somebody waited."""
        with self._lock:
            self._queues[name].waits.append(seconds)

    def position(self, name: str, member: Member) -> int:
        """1 is the head; 0 when it has been fetched."""
        with self._lock:
            members = self._queues[name].members
            return members.index(member) + 1 if member in members else 0

    def fetch(self, name: str, bridge: QueueBridge) -> Member | None:
        """Takes the head of a queue for a bridge and tells it; None when nobody waits."""
        with self._lock:
            queue = self._queues.get(name)
            if queue is None or not queue.members:
                return None
            member = queue.members.pop(0)
            member.bridge = bridge
        member.mailbox.post(Signal(SignalKind.DEQUEUED, member.call_sid, key=bridge.name))
        return member

    def find(self, name: str) -> Queue | None:
        """A queue by its name or sid."""
        with self._lock:
            for queue in self._queues.values():
                if name in (queue.name, queue.sid):
                    return queue
            return None

    def all(self) -> list[Queue]:
        """Every queue that has been used."""
        with self._lock:
            return list(self._queues.values())
