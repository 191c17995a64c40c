"""What happened in a call, second by second, as typed events. Writing and reading only."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from exchange.json_values import Json


class Kind(StrEnum):
    """Every kind of event; their fields are listed in docs/exchange.md."""

    TURN = "turn"
    HEARS = "hears"
    PLAYS = "plays"
    PAUSES = "pauses"
    INTERRUPTED = "interrupted"
    PRESSES = "presses"
    KEYS_LOST = "keys_lost"
    RECORDS = "records"
    RINGS = "rings"
    LEG_ANSWERS = "leg_answers"
    WHISPER_HEARS = "whisper_hears"
    LEG_PRESSES = "leg_presses"
    LEG_END = "leg_end"
    TALKS = "talks"
    ENQUEUED = "enqueued"
    DEQUEUED = "dequeued"
    LEFT_QUEUE = "left_queue"
    REJECTED = "rejected"
    HANGS_UP = "hangs_up"
    REDIRECTED = "redirected"
    ERROR = "error"
    APPLICATION_ERROR = "application_error"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, at a second of the call and at its moment."""

    kind: Kind
    at: float
    moment: datetime
    facts: Mapping[str, Json]

    def as_json(self) -> dict[str, Json]:
        """The event as the control API gives it."""
        head: dict[str, Json] = {
            "kind": self.kind.value,
            "at": round(self.at, 3),
            "moment": self.moment.isoformat(),
        }
        return head | dict(self.facts)


class CallTranscript:
    """A call's events in order; written by the call's threads, read by anybody."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._closed = False

    def add(self, event: Event) -> None:
        """Writes one more event and wakes those who wait for it."""
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing more is to be waited for."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def events(self) -> tuple[Event, ...]:
        """All events so far."""
        with self._changed:
            return tuple(self._events)

    def wait_past(self, seen: int | None, seconds: float) -> bool:
        """Waits real seconds until there are more events than `seen` (None: until the call is
        over); whether it came to that.
        """

        def reached() -> bool:
            return self._closed or (seen is not None and len(self._events) > seen)

        with self._changed:
            return self._changed.wait_for(reached, timeout=max(0.0, seconds))
