"""What is wrong with a document, where it stands, and how bad it is. No rule lives here."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Final, Generic, TypeVar

from app.domain.toml_positions import Position

T = TypeVar("T")

MAX_DIAGNOSTICS: Final = 200  # of one file: whoever has more has one cause


class Severity(StrEnum):
    """An error refuses the documents; a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
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
        """Write the diagnostic as compilers do: `desk.toml:12:5: error: …`."""
        at = f"{self.file}:{self.position.line}:{self.position.column}"
        return f"{at}: {self.severity}: {self.message}"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)


Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ReadResult(Generic[T]):
    """What came out of a document: the value, None where an error refuses it, and every diagnostic.

    `partial` is what could be read, errors or not, for the checks between documents.
    """

    value: T | None
    diagnostics: Diagnostics = ()
    partial: T | None = None


def in_order(diagnostics: Iterable[Diagnostic]) -> Diagnostics:
    """Sort diagnostics by file and place, and drop duplicates."""
    return tuple(
        sorted(
            dict.fromkeys(diagnostics),
            key=lambda f: (f.file, f.position.line, f.position.column, f.severity, f.message),
        )
    )


def limited(diagnostics: Diagnostics, most: int = MAX_DIAGNOSTICS) -> Diagnostics:
    """Keep so many diagnostics of each file, and tell how many more there are; no error turns
    sound.
    """
    kept: list[Diagnostic] = []
    for file, group in groupby(in_order(diagnostics), key=lambda diagnostic: diagnostic.file):
        reported = sorted(group, key=lambda diagnostic: not diagnostic.is_error)
        kept += reported[:most]
        if len(reported) > most:
            message = f"and {len(reported) - most} more of the kind"
            kept.append(
                Diagnostic(file, reported[most].position, reported[most].severity, "more", message)
            )
    return in_order(kept)


def errors(diagnostics: Iterable[Diagnostic]) -> Diagnostics:
    """Keep the diagnostics that refuse."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)


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
