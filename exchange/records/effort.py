"""What a caller had to do before somebody was rung, counted from the transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.json_values import Json
from exchange.records.transcript import Event, Kind


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
