"""What is wrong with a document, where it stands, and how bad it is. No rule lives here."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Final, Generic, TypeVar

from app.domain.message_refs import MessageRef, ref
from app.domain.toml_positions import Position

T = TypeVar("T")

MAX_DIAGNOSTICS: Final = 200  # of one file: whoever has more has one cause


class DiagnosticSeverity(StrEnum):
    """An error refuses the documents; a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: its message names a text, whose key holds the `code`."""

    file: str
    position: Position
    severity: DiagnosticSeverity
    message: MessageRef

    @property
    def code(self) -> str:
        """Return what programs know it by."""
        return code_of(self.message)

    @property
    def is_error(self) -> bool:
        """Tell whether the documents are refused because of it."""
        return self.severity is DiagnosticSeverity.ERROR

    @property
    def line(self) -> MessageRef:
        """Return the diagnostic as compilers write it: `desk.toml:12:5: error: …`."""
        return ref(
            "diagnostic_line",
            file=self.file,
            line=self.position.line,
            column=self.position.column,
            severity=MessageRef(f"severity.{self.severity}"),
            message=self.message,
        )


def code_of(message: MessageRef) -> str:
    """Return the code of a diagnostic's message: the second word of its key."""
    return message.key.split(".")[1]


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
            key=_place,
        )
    )


def _place(found: Diagnostic) -> tuple[str, int, int, str, str, str]:
    at, said = found.position, found.message
    return found.file, at.line, at.column, found.severity, said.key, str(said.values)


def limited(diagnostics: Diagnostics, most: int = MAX_DIAGNOSTICS) -> Diagnostics:
    """Keep so many diagnostics of each file, and tell how many more there are; no error turns
    sound.
    """
    kept: list[Diagnostic] = []
    for file, group in groupby(in_order(diagnostics), key=lambda diagnostic: diagnostic.file):
        reported = sorted(group, key=lambda diagnostic: not diagnostic.is_error)
        kept += reported[:most]
        if len(reported) > most:
            message = ref("diagnostic.more", count=len(reported) - most)
            kept.append(Diagnostic(file, reported[most].position, reported[most].severity, message))
    return in_order(kept)


def errors(diagnostics: Iterable[Diagnostic]) -> Diagnostics:
    """Keep the diagnostics that refuse."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)


def did_you_mean(word: str, known: Iterable[str]) -> MessageRef | str:
    """Suggest the known words nearest to one that is not known, as the end of a message."""
    choices = sorted(set(known))
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return ref("diagnostic_part.did_you_mean", word=near[0])
    if not choices:
        return ""
    shown = (*choices[:12], "…") if len(choices) > 12 else tuple(choices)
    return ref("diagnostic_part.known_here", words=shown)
