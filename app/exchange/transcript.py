"""What happened in a call, second by second, as typed events. Writing and reading only."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


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


class Transcript:
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


@dataclass(frozen=True, slots=True)
class Effort:
    """What a caller had to do before the first telephone rang: keys, and seconds of speech in full
    and as heard.
    """

    keys: int
    full_seconds: float
    heard_seconds: float
    texts: tuple[str, ...]
    rang: bool


def effort_before_ring(events: Sequence[Event]) -> Effort:
    """Counts what stands before the first ring, or before the queue where somebody is rung from."""
    keys, full, heard, rang = 0, 0.0, 0.0, False
    texts: list[str] = []
    for event in events:
        match event.kind:
            case Kind.RINGS | Kind.ENQUEUED:
                rang = True
                break
            case Kind.HEARS | Kind.PLAYS | Kind.PAUSES:
                full, heard = full + _number(event, "seconds"), heard + _number(event, "seconds")
                texts.append(str(event.facts.get("text", "")))
            case Kind.INTERRUPTED:
                heard -= _number(event, "cut_seconds")
                full += _number(event, "unheard_seconds")
                texts.extend(str(text) for text in _list(event, "unheard"))
            case Kind.PRESSES:
                keys += len(str(event.facts.get("keys", "")))
            case _:
                pass
    return Effort(keys, round(full, 3), round(heard, 3), tuple(filter(None, texts)), rang)


def _number(event: Event, name: str) -> float:
    value = event.facts.get(name, 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _list(event: Event, name: str) -> list[Json]:
    value = event.facts.get(name)
    return value if isinstance(value, list) else []
