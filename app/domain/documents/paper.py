"""A text opened for reading: what every document must fulfil before its content matters."""

from dataclasses import dataclass, field
from typing import Final

from app.domain.documents.faults import Fault, Position, Severity
from app.domain.documents.toml_positions import Path, Toml
from app.domain.documents.toml_reading import read_toml

LARGEST_TOML: Final = 1_000_000
LARGEST_CSV: Final = 20_000_000
BYTE_ORDER_MARK: Final = "\ufeff"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")  # as an editor marks what it calls Unicode
# Faults of a value alone. Others may only follow from a line that was left out, and are told
# when that line can be read.
WRONG_IN_ITSELF: Final = frozenset(
    {
        "bad_address",
        "bad_amount",
        "bad_day",
        "bad_email",
        "bad_id",
        "bad_prefix",
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
class Paper:
    """A document under reading: its name, its places, and the faults found so far."""

    file: str
    toml: Toml
    faults: list[Fault] = field(default_factory=list)
    is_whole: bool = True  # else lines were left out that could not be read
    knows_tables: bool = True  # else a table was left out too
    is_unreadable: bool = False
    is_stored: bool = False  # an older release took it: what is stricter now only warns
    wrong: set[str] = field(default_factory=set)  # top-level names at or below which errors are

    def error(self, path: Path, code: str, message: str) -> None:
        """Note an error at a path."""
        self.wrong.update(str(part) for part in path[:1])
        self.note(Severity.ERROR, path, code, message)

    def missing(self, path: Path, key: str, message: str) -> None:
        """Note that a key is not written in the table at a path."""
        self.wrong.add(str((*path, key)[0]))
        self.note(Severity.ERROR, path, "missing", message)

    def warn(self, path: Path, code: str, message: str) -> None:
        """Note a warning at a path."""
        self.note(Severity.WARNING, path, code, message)

    def note(self, severity: Severity, path: Path, code: str, message: str) -> None:
        """Note a fault at a path; what may follow from lines that were left out is not told."""
        if self.is_whole or code in WRONG_IN_ITSELF:
            self.faults.append(Fault(self.file, self.place(path), severity, code, message))

    def place(self, path: Path) -> Position:
        """Return where a path stands."""
        return self.toml.place(path)


def open_paper(text: str, file: str, *, is_stored: bool = False) -> Paper:
    """Open a TOML text; what could not be read of it is among the faults already.

    `is_stored` is a text that the database holds: it must be read for the telephone to go on.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if len(text) > LARGEST_TOML:
        faults = [too_large(file, len(text), LARGEST_TOML)]
        return Paper(file, Toml({}, {}), faults, is_unreadable=True)
    read = read_toml(text)
    faults = [
        Fault(file, mistake.position, Severity.ERROR, "not_toml", mistake.message)
        for mistake in read.toml.mistakes
    ]
    return Paper(
        file, read.toml, faults, read.is_whole, read.knows_tables, read.is_unreadable, is_stored
    )


def too_large(file: str, size: int, limit: int) -> Fault:
    """Name a text that is larger than any desk's."""
    message = f"the file has {size} signs; at most {limit}"
    return Fault(file, Position(), Severity.ERROR, "too_large", message)


def as_text(content: bytes | str, file: str) -> str | Fault:
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
        return Fault(
            file,
            Position(line, column),
            Severity.ERROR,
            "not_utf8",
            f"the file is not UTF-8 from here on: save it as {_called(file)}",
        )


def _called(file: str) -> str:
    """What editors and spreadsheets call UTF-8."""
    return "“CSV UTF-8”" if file.endswith(".csv") else "UTF-8"
