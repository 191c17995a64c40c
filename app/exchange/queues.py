"""Queues of waiting callers: who waits where, since when, and who fetches them.
Only the bookkeeping; the verbs stand in enqueue.py and dial_queue.py.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from app.exchange.calls import new_sid
from app.exchange.signals import Mailbox


@dataclass(slots=True)
class Bridge:
    """Two calls talking through a queue. `ended_by` is "member", "agent" or "limit" afterwards."""

    agent_sid: str
    agent_mailbox: Mailbox
    over: threading.Event = field(default_factory=threading.Event)
    ready: threading.Event = field(default_factory=threading.Event)
    member_refused: bool = False
    seconds: float = 0.0
    ended_by: str = ""


@dataclass(slots=True)
class Member:
    """One caller who waits; `talk_hang_up`: when the caller hangs up after bridging, if ever."""

    call_sid: str
    mailbox: Mailbox
    since: datetime
    talk_hang_up: float | None = None
    is_live: bool = False
    bridge: Bridge | None = None


@dataclass(slots=True)
class Queue:
    """One queue by its name."""

    name: str
    sid: str
    created: datetime
    members: list[Member] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def average_wait(self) -> int:
        """Whole seconds that members waited, on average."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


class QueueHall:
    """All queues. One lock for all of them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queues: dict[str, Queue] = {}

    def join(self, name: str, member: Member, now: datetime) -> Queue:
        """Puts a caller last in a queue, which is made when it does not exist."""
        with self._changed:
            queue = self._queues.setdefault(name, Queue(name, new_sid("QU"), now))
            queue.members.append(member)
            self._changed.notify_all()
            return queue

    def leave(self, name: str, member: Member, waited: float) -> bool:
        """Takes a caller out; whether it still stood there (nobody had fetched it)."""
        with self._changed:
            queue = self._queues[name]
            queue.waits.append(waited)
            if member not in queue.members:
                return False
            queue.members.remove(member)
            return True

    def position(self, name: str, member: Member) -> int:
        """1 is the head; 0 when it has been fetched."""
        with self._changed:
            members = self._queues[name].members
            return members.index(member) + 1 if member in members else 0

    def fetch(self, name: str, bridge: Bridge) -> Member | None:
        """Takes the head of a queue for a bridge; None when nobody waits."""
        with self._changed:
            queue = self._queues.get(name)
            if queue is None or not queue.members:
                return None
            member = queue.members.pop(0)
            member.bridge = bridge
            return member

    def find(self, name: str) -> Queue | None:
        """A queue by its name or sid."""
        with self._changed:
            for queue in self._queues.values():
                if name in (queue.name, queue.sid):
                    return queue
            return None

    def all(self) -> list[Queue]:
        """Every queue that has been used."""
        with self._changed:
            return list(self._queues.values())
