"""What one look found: how it came out, in plain words, and the one thing to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.message_refs import MessageRef


class Mark(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer. `do` is None where nothing has to be done."""

    mark: Mark
    what: MessageRef
    do: MessageRef | None = None


def ok(what: MessageRef) -> Finding:
    """Return that this is as it must be."""
    return Finding(Mark.OK, what)


def warning(what: MessageRef, do: MessageRef | None = None) -> Finding:
    """Return that calls are answered, but somebody should look at this."""
    return Finding(Mark.WARNING, what, do)


def error(what: MessageRef, do: MessageRef | None = None) -> Finding:
    """Return that calls, or the people who should be rung, are lost until this is mended."""
    return Finding(Mark.ERROR, what, do)
