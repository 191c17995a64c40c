"""Who answers the other telephones: callees by number, each rule a row in a table.
Says what a callee will do; plans nothing and dials nothing.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.exchange.json_values import Json
from app.exchange.people.script import Answer, parse_answer


class Pickup(StrEnum):
    """What becomes of a ringing telephone."""

    ANSWERS = "answers"
    NEVER = "never"
    BUSY = "busy"
    FAILED = "failed"
    HUMAN = "human"


class Side(StrEnum):
    """Who puts the receiver down first."""

    CALLER = "caller"
    CALLEE = "callee"


@dataclass(frozen=True, slots=True)
class Persona:
    """A callee's manners. `rings`: seconds before it picks up (or turns out busy or failed);
    `stays`: seconds after the answer until it hangs up by itself, None for as long as it takes;
    `talks`: seconds of talk after bridging; `ends_talk`: who hangs up first then.
    """

    name: str
    pickup: Pickup = Pickup.ANSWERS
    rings: float = 6.0
    answers: tuple[Answer, ...] = ()
    stays: float | None = None
    talks: float = 60.0
    ends_talk: Side = Side.CALLER


def _answering(name: str, *words: str, rings: float = 6.0, stays: float | None = None) -> Persona:
    return Persona(name, rings=rings, answers=tuple(map(parse_answer, words)), stays=stays)


PERSONAS: Mapping[str, Persona] = {
    persona.name: persona
    for persona in (
        _answering("accepts", "1@sentence"),
        _answering("passes", "2@sentence"),
        _answering("repeats", "*@sentence", "1@sentence"),
        _answering("slow_accept", "1@4", rings=20.0),
        _answering("sleeper", rings=9.0),
        _answering("drops", rings=8.0, stays=3.0),
        _answering("voicemail", rings=18.0),
        Persona("no_answer", Pickup.NEVER),
        Persona("busy", Pickup.BUSY, rings=2.0),
        Persona("failed", Pickup.FAILED, rings=1.0),
        Persona("human", Pickup.HUMAN),
    )
}

_SETTABLE = frozenset(field.name for field in fields(Persona)) - {"name", "pickup"}


def read_persona(spec: Json) -> Persona:
    """A persona from its name, or from `{"persona": "accepts", "rings": 12, "talks": 95, …}`.

    Raises ValueError in plain words.
    """
    if isinstance(spec, str):
        if spec not in PERSONAS:
            raise ValueError(f"unknown persona {spec!r}; known: {', '.join(PERSONAS)}")
        return PERSONAS[spec]
    if not isinstance(spec, dict) or "persona" not in spec:
        raise ValueError(f"a persona is a name or an object with 'persona', not {spec!r}")
    changes = {key: value for key, value in spec.items() if key != "persona"}
    if unknown := set(changes) - _SETTABLE:
        raise ValueError(f"unknown persona settings {sorted(unknown)}")
    return _changed(read_persona(spec["persona"]), changes)


def _changed(persona: Persona, changes: Mapping[str, Json]) -> Persona:
    for name, value in changes.items():
        match name, value:
            case "answers", list(words):
                persona = replace(persona, answers=tuple(parse_answer(str(w)) for w in words))
            case "ends_talk", str(side):
                persona = replace(persona, ends_talk=Side(side))
            case "rings", int() | float() as seconds:
                persona = replace(persona, rings=float(seconds))
            case "talks", int() | float() as seconds:
                persona = replace(persona, talks=float(seconds))
            case "stays", int() | float() as seconds:
                persona = replace(persona, stays=float(seconds))
            case "stays", None:
                persona = replace(persona, stays=None)
            case _:
                raise ValueError(f"{name}: cannot be {value!r}")
    return persona


class PersonaBook:
    """Which persona sits at which number. A list is used up one persona an attempt; the last
    of it stays.
    """

    def __init__(self, default: str, seats: Mapping[str, Json]) -> None:
        self._lock = threading.Lock()
        self._default = read_persona(default)
        self._seats: dict[str, list[Persona]] = {}
        self.seat(seats)

    def seat(self, seats: Mapping[str, Json]) -> None:
        """Sets what sits at these numbers; all of them are read before any is changed."""
        read = {number: _read_row(spec) for number, spec in seats.items()}
        with self._lock:
            self._seats.update(read)

    def take(self, number: str) -> Persona:
        """The persona for the next attempt at a number."""
        with self._lock:
            row = self._seats.get(number)
            if not row:
                return self._default
            return row.pop(0) if len(row) > 1 else row[0]

    def as_json(self) -> dict[str, Json]:
        """Names by number, in order of attempts."""
        with self._lock:
            seats = {n: list(row) for n, row in self._seats.items()}
        return {number: [persona.name for persona in row] for number, row in seats.items()}


def _read_row(spec: Json) -> list[Persona]:
    if isinstance(spec, list):
        if not spec:
            raise ValueError("a list of personas cannot be empty")
        return [read_persona(one) for one in spec]
    return [read_persona(spec)]
