"""A text opened for reading: what every document must fulfil before its content matters."""

from dataclasses import dataclass, field
from typing import Final

from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity, code_of
from app.domain.config.toml_reader import read_toml
from app.domain.message_refs import MessageRef, ref
from app.domain.toml_positions import Path, Position, Toml

LARGEST_TOML: Final = 1_000_000
LARGEST_CSV: Final = 20_000_000
BYTE_ORDER_MARK: Final = "\ufeff"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")  # as an editor marks what it calls Unicode
# Diagnostics of a value alone. Others may only follow from a line that was left out, and are told
# when that line can be read.
INDEPENDENT_CODES: Final = frozenset(
    {
        "bad_address",
        "bad_amount",
        "bad_day",
        "bad_email",
        "bad_id",
        "bad_pay_code",
        "bad_pay_line",
        "bad_prefix",
        "bad_ratio",
        "bad_time",
        "bad_webhook",
        "bad_window",
        "costly_prefix",
        "email_twice",
        "empty",
        "ends_before_start",
        "name_too_long",
        "number_twice",
        "out_of_bounds",
        "overlap",
        "satellite_prefix",
        "spoken_too_long",
        "unknown_country",
        "unknown_language",
        "unknown_time_zone",
        "unknown_word",
        "unreadable_number",
        "unusual_number",
        "unreadable_text",
        "wrong_type",
    }
)


@dataclass(slots=True)
class Document:
    """A document under reading: its name, its places, and the diagnostics found so far."""

    file: str
    toml: Toml
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_whole: bool = True  # else lines were left out that could not be read
    knows_tables: bool = True  # else a table was left out too
    is_unreadable: bool = False
    is_stored: bool = False  # an older release took it: what is stricter now only warns
    wrong: set[str] = field(default_factory=set)  # top-level names at or below which errors are

    def error(self, path: Path, message: MessageRef) -> None:
        """Note an error at a path."""
        self.wrong.update(str(part) for part in path[:1])
        self.note(DiagnosticSeverity.ERROR, path, message)

    def missing(self, path: Path, key: str, message: MessageRef) -> None:
        """Note that a key is not written in the table at a path."""
        self.wrong.add(str((*path, key)[0]))
        self.note(DiagnosticSeverity.ERROR, path, message)

    def warn(self, path: Path, message: MessageRef) -> None:
        """Note a warning at a path."""
        self.note(DiagnosticSeverity.WARNING, path, message)

    def note(self, severity: DiagnosticSeverity, path: Path, message: MessageRef) -> None:
        """Note a diagnostic at a path; what may follow from lines that were left out is not
        told.
        """
        if self.is_whole or code_of(message) in INDEPENDENT_CODES:
            self.diagnostics.append(Diagnostic(self.file, self.position(path), severity, message))

    def position(self, path: Path) -> Position:
        """Return where a path stands."""
        return self.toml.position(path)


def open_document(text: str, file: str, *, is_stored: bool = False) -> Document:
    """Open a TOML text; what could not be read of it is among the diagnostics already.

    `is_stored` is a text that the database holds: it must be read for the telephone to go on.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if len(text) > LARGEST_TOML:
        diagnostics = [too_large(file, len(text), LARGEST_TOML)]
        return Document(file, Toml({}, {}), diagnostics, is_unreadable=True)
    read = read_toml(text)
    diagnostics = [
        Diagnostic(file, mistake.position, DiagnosticSeverity.ERROR, mistake.message)
        for mistake in read.toml.mistakes
    ]
    return Document(
        file,
        read.toml,
        diagnostics,
        read.is_whole,
        read.knows_tables,
        read.is_unreadable,
        is_stored,
    )


def too_large(file: str, size: int, limit: int) -> Diagnostic:
    """Name a text that is larger than any desk's."""
    message = ref("diagnostic.too_large", size=size, limit=limit)
    return Diagnostic(file, Position(), DiagnosticSeverity.ERROR, message)


def as_text(content: bytes | str, file: str) -> str | Diagnostic:
    """Return a file's content as text without its byte order mark, or why it is none."""
    if isinstance(content, str):
        return content.removeprefix(BYTE_ORDER_MARK)
    try:
        encoding = "utf-16" if content.startswith(UTF_16) else "utf-8"
        return content.decode(encoding).removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as wrong:
        before = content[: wrong.start]
        line = before.count(b"\n") + 1
        column = wrong.start - (before.rfind(b"\n") + 1) + 1
        return Diagnostic(
            file,
            Position(line, column),
            DiagnosticSeverity.ERROR,
            ref("diagnostic.not_utf8", encoding=_called(file)),
        )


def _called(file: str) -> str:
    """What editors and spreadsheets call UTF-8."""
    return "CSV UTF-8" if file.endswith(".csv") else "UTF-8"
