"""Who answers the other telephones: callees by number, each rule a row in a table.
Says what a callee will do; plans nothing and dials nothing.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from exchange.json_values import Json, Readers, a_list_of, a_number, a_text, none_or, read_fields
from exchange.people.script import PersonaAnswer, parse_answer


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
    answers: tuple[PersonaAnswer, ...] = ()
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

_CHANGES: Readers = {
    "rings": a_number,
    "answers": a_list_of(lambda word: parse_answer(str(word))),
    "stays": none_or(a_number),
    "talks": a_number,
    "ends_talk": lambda value: Side(a_text(value)),
}


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
    changes = {name: value for name, value in spec.items() if name != "persona"}
    try:
        changed: Callable[..., Persona] = replace
        return changed(read_persona(spec["persona"]), **read_fields(_CHANGES, changes))
    except ValueError as error:
        raise ValueError(f"persona {spec['persona']}: {error}") from error


class PersonaRegistry:
    """Which persona sits at which number. A list is used up one persona an attempt; the last
    of it stays.
    """

    def __init__(self, default: str, assignments: Mapping[str, Json]) -> None:
        self._lock = threading.Lock()
        self._default = read_persona(default)
        self._assignments: dict[str, list[Persona]] = {}
        self.assign(assignments)

    def assign(self, assignments: Mapping[str, Json]) -> None:
        """Sets what sits at these numbers; all of them are read before any is changed."""
        read = {number: read_row(spec) for number, spec in assignments.items()}
        with self._lock:
            self._assignments.update(read)

    def take(self, number: str) -> Persona:
        """The persona for the next attempt at a number."""
        with self._lock:
            row = self._assignments.get(number)
            if not row:
                return self._default
            return row.pop(0) if len(row) > 1 else row[0]

    def as_json(self) -> dict[str, Json]:
        """Names by number, in order of attempts."""
        with self._lock:
            assignments = {n: list(row) for n, row in self._assignments.items()}
        return {number: [persona.name for persona in row] for number, row in assignments.items()}


def read_row(spec: Json) -> list[Persona]:
    """The personas of one number, in order of attempts.

    Raises ValueError in plain words.
    """
    if isinstance(spec, list):
        if not spec:
            raise ValueError("a list of personas cannot be empty")
        return [read_persona(one) for one in spec]
    return [read_persona(spec)]
