"""What is wrong with a document, where it stands, and how bad it is. No rule lives here."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST_TOLD: Final = 200  # of one file: whoever has more has one cause


class Severity(StrEnum):
    """An error refuses the documents; a warning is told and nothing more."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; both count from 1, the column in characters."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `code` for programs, `message` in plain words for people."""

    file: str
    position: Position
    severity: Severity
    code: str
    message: str

    def __post_init__(self) -> None:
        """Show what cannot be seen by its code: a terminal obeys some of it."""
        object.__setattr__(self, "message", _visible(self.message))

    @property
    def is_error(self) -> bool:
        """Tell whether the documents are refused because of it."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        """Write the fault as compilers do: `desk.toml:12:5: error: …`."""
        at = f"{self.file}:{self.position.line}:{self.position.column}"
        return f"{at}: {self.severity}: {self.message}"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)


Faults = tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What came out of a document: the value, None where an error refuses it, and every fault.

    `partial` is what could be read, errors or not, for the checks between documents.
    """

    value: T | None
    faults: Faults = ()
    partial: T | None = None


def in_order(faults: Iterable[Fault]) -> Faults:
    """Sort faults by file and place, and drop what is told twice."""
    return tuple(
        sorted(
            dict.fromkeys(faults),
            key=lambda f: (f.file, f.position.line, f.position.column, f.severity, f.message),
        )
    )


def the_first(faults: Faults, most: int = MOST_TOLD) -> Faults:
    """Keep so many faults of each file, and tell how many more there are; no error turns sound."""
    kept: list[Fault] = []
    for file, group in groupby(in_order(faults), key=lambda fault: fault.file):
        told = sorted(group, key=lambda fault: not fault.is_error)
        kept += told[:most]
        if len(told) > most:
            message = f"and {len(told) - most} more of the kind"
            kept.append(Fault(file, told[most].position, told[most].severity, "more", message))
    return in_order(kept)


def errors(faults: Iterable[Fault]) -> Faults:
    """Keep the faults that refuse."""
    return tuple(fault for fault in faults if fault.is_error)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the known words nearest to one that is not known, as the end of a message."""
    choices = sorted(set(known))
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"; did you mean “{near[0]}”?"
    if not choices:
        return ""
    shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    return f"; known here: {shown}"
