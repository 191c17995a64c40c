"""A CSV text as rows of cells, whatever a spreadsheet made of it; nothing about desks is known.

Commas, semicolons or tabs; a first line `sep=;`; formula guards taken off and put on.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.config.clean_text import cleaned
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.formula_guard import guarded, unguarded

SEPARATORS: Final = (",", ";", "\t")
NAMED_SEPARATOR: Final = re.compile(r'"?sep=(.)"?[ \t]*\r?', re.IGNORECASE)
MOST_BROKEN_ROWS: Final = 100
# What the library says, and what we say instead.
OWN_WORDS: Final = (
    ("unexpected end of data", ref("diagnostic.not_csv.never_closed")),
    ("expected after", ref("diagnostic.not_csv.inside_a_value")),
    ("field larger", ref("diagnostic.not_csv.too_long")),
    ("NUL", ref("diagnostic.not_csv.not_text")),
)


@dataclass(frozen=True, slots=True)
class Cells:
    """A row, and the line on which it begins; `wrong` says why it cannot be read."""

    line: int
    cells: tuple[str, ...] = ()
    wrong: MessageRef | None = None


def read_rows(text: str, columns: Collection[str]) -> Iterator[Cells]:
    """Yield every row that is not empty, the one that names the columns first."""
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    start, separator = 0, ""
    named = NAMED_SEPARATOR.fullmatch(lines[0])
    if named:
        start, separator = 1, named[1]
    separator = separator or _separator(lines, columns)
    broken = 0
    while start < len(lines) and broken < MOST_BROKEN_ROWS:
        for row in _rows(lines, start, separator):
            yield row
            if row.wrong:  # the rows after it are read all the same
                broken, start = broken + 1, row.line
                break
        else:
            return


def _separator(lines: list[str], columns: Collection[str]) -> str:
    """Return the sign between the names of the columns: the one that parts most known names."""
    head = next((line for line in lines if line.strip()), "")

    def known(separator: str) -> int:
        return sum(cleaned(name.strip('"')).lower() in columns for name in head.split(separator))

    return max(SEPARATORS, key=known)


def _rows(lines: list[str], start: int, separator: str) -> Iterator[Cells]:
    text = io.StringIO("\n".join(lines[start:]), newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = start + 1
    try:
        for row in reader:
            cells = tuple(cleaned(unguarded(cell)) for cell in row)
            if any(cells):
                yield Cells(line, cells)
            line = start + reader.line_num + 1
    except csv.Error as wrong:
        said = next((ours for theirs, ours in OWN_WORDS if theirs in str(wrong)), None)
        yield Cells(line, wrong=said or ref("diagnostic.not_csv.misplaced"))


def write_rows(rows: Iterable[Iterable[str]]) -> str:
    """Write rows with commas; no cell of them is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
