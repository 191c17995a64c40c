"""A text opened for reading: what every document must fulfil before its content matters."""

from dataclasses import dataclass, field
from typing import Final

from app.domain.documents.faults import Fault, Position, Severity
from app.domain.documents.toml_positions import Path, Toml, parse_toml

LARGEST_TOML: Final = 1_000_000
LARGEST_CSV: Final = 20_000_000
BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(slots=True)
class Paper:
    """A document under reading: its name, its places, and the faults found so far."""

    file: str
    toml: Toml
    faults: list[Fault] = field(default_factory=list)

    def error(self, path: Path, code: str, message: str) -> None:
        """Note an error at a path."""
        self.note(Severity.ERROR, path, code, message)

    def warn(self, path: Path, code: str, message: str) -> None:
        """Note a warning at a path."""
        self.note(Severity.WARNING, path, code, message)

    def note(self, severity: Severity, path: Path, code: str, message: str) -> None:
        """Note a fault at a path."""
        self.faults.append(Fault(self.file, self.place(path), severity, code, message))

    def place(self, path: Path) -> Position:
        """Return where a path stands."""
        return self.toml.place(path)


def open_paper(text: str, file: str) -> Paper:
    """Open a TOML text; a paper that already has faults has no content to read."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    if len(text) > LARGEST_TOML:
        return Paper(file, parse_toml(""), [too_large(file, len(text), LARGEST_TOML)])
    paper = Paper(file, parse_toml(text))
    paper.faults.extend(
        Fault(file, mistake.position, Severity.ERROR, "not_toml", mistake.message)
        for mistake in paper.toml.mistakes
    )
    return paper


def too_large(file: str, size: int, limit: int) -> Fault:
    """Name a text that is larger than any desk's."""
    message = f"the file has {size} signs; at most {limit}"
    return Fault(file, Position(), Severity.ERROR, "too_large", message)


def as_text(content: bytes | str, file: str) -> str | Fault:
    """Return a file's content as text without its byte order mark, or why it is none."""
    if isinstance(content, str):
        return content.removeprefix(BYTE_ORDER_MARK)
    try:
        return content.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as wrong:
        before = content[: wrong.start]
        line = before.count(b"\n") + 1
        column = wrong.start - (before.rfind(b"\n") + 1) + 1
        return Fault(
            file,
            Position(line, column),
            Severity.ERROR,
            "not_utf8",
            "the file is not UTF-8 from here on: save it as UTF-8",
        )
