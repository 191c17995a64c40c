"""What may happen to a call while it waits: signals from live people and planned ones from scripts.
A mailbox and a plan; knows nothing of verbs.
"""

import heapq
import queue
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count


class SignalKind(StrEnum):
    """Everything that can interrupt a wait."""

    KEY = "key"
    SPEAK = "speak"
    HANG_UP = "hang_up"
    ANSWER = "answer"
    BUSY = "busy"
    FAIL = "fail"
    DECLINE = "decline"
    REDIRECT = "redirect"
    CANCEL = "cancel"
    DEQUEUED = "dequeued"
    BRIDGE_OVER = "bridge_over"


@dataclass(frozen=True, slots=True)
class RedirectTarget:
    """Where the REST API sends a call: a document's address, or the document itself."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that one party (by its CallSid) does or meets."""

    kind: SignalKind
    participant: str
    key: str = ""
    seconds: float = 0.0
    is_noise: bool = False  # of SPEAK: the line is open, and nobody speaks
    target: RedirectTarget | None = None


class Mailbox:
    """Signals from other threads to the thread that runs a call."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Signal] = queue.SimpleQueue()

    def post(self, signal: Signal) -> None:
        """Leaves a signal; never blocks."""
        self._queue.put(signal)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._queue.empty()

    def take(self, seconds: float) -> Signal | None:
        """The next signal, waiting so many real seconds for it; None when there is none."""
        try:
            if seconds <= 0:
                return self._queue.get_nowait()
            return self._queue.get(timeout=seconds)
        except queue.Empty:
            return None


class Plan:
    """What scripted parties are going to do, in order of time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Signal]] = []
        self._count = count()

    def add(self, at: float, signal: Signal) -> None:
        """Plans a signal at a second of the call."""
        heapq.heappush(self._heap, (at, next(self._count), signal))

    def next_before(self, deadline: float) -> tuple[float, Signal] | None:
        """The earliest planned signal not later than the deadline, left in place."""
        if not self._heap or self._heap[0][0] > deadline:
            return None
        at, _, signal = self._heap[0]
        return at, signal

    def pop(self) -> None:
        """Removes the earliest."""
        heapq.heappop(self._heap)

    def drop(self, participant: str, kinds: frozenset[SignalKind]) -> tuple[Signal, ...]:
        """Forgets what a participant was going to do; gives what was dropped, in order."""
        gone = tuple(self._matching(participant, kinds))
        self._heap = [
            item
            for item in self._heap
            if item[2].participant != participant or item[2].kind not in kinds
        ]
        heapq.heapify(self._heap)
        return gone

    def _matching(self, participant: str, kinds: frozenset[SignalKind]) -> Iterator[Signal]:
        for _, _, signal in sorted(self._heap, key=lambda item: item[:2]):
            if signal.participant == participant and signal.kind in kinds:
                yield signal


ALL_KINDS = frozenset(SignalKind)
