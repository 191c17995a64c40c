"""A TOML text read as far as it can be: mended, and without the lines that stay unreadable.

What is left out is told; the rest is read, so that every diagnostic comes at once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.domain.config.clean_text import is_curly, sign_name
from app.domain.config.toml_repair import STATEMENT, RepairedToml, repair_toml
from app.domain.message_refs import ref
from app.domain.toml_positions import TOO_DEEP, Position, SyntaxMistake, Toml, parse_toml

HEADER: Final = re.compile(r"[ \t]*\[")
MOST_SIGNS_READ_AGAIN: Final = 3_000_000  # a text is read again for each line that is left out


@dataclass(frozen=True, slots=True)
class TomlRead:
    """What could be read, with `toml.mistakes` for what was wrong.

    `is_whole` tells whether no line was left out, `knows_tables` whether no table was.
    """

    toml: Toml
    is_whole: bool = True
    knows_tables: bool = True

    @property
    def is_unreadable(self) -> bool:
        """Tell whether nothing at all could be read of what is written."""
        return not self.is_whole and not self.toml.values


def read_toml(text: str) -> TomlRead:
    """Read a text; never fail, mistakes come back with the result."""
    toml = parse_toml(text)
    if not toml.mistakes:
        return TomlRead(toml)
    if toml.mistakes[0].message == TOO_DEEP:
        return TomlRead(toml, is_whole=False, knows_tables=False)
    repaired = repair_toml(text)
    found = _without_lines(repaired.text)
    reported = (
        *(SyntaxMistake(*diagnostic) for diagnostic in repaired.diagnostics),
        *_placed(found.toml.mistakes, repaired),
    )
    positions = {
        path: repaired.written_at(position) for path, position in found.toml.positions.items()
    }
    by_line = {mistake.position.line: mistake for mistake in reversed(reported)}
    mistakes = tuple(by_line[line] for line in sorted(by_line))  # one a line: the first
    return TomlRead(
        Toml(found.toml.values, positions, mistakes), found.is_whole, found.knows_tables
    )


@lru_cache(maxsize=4)
def positions_of(text: str) -> Toml:
    """Return where things stand in a text, for many diagnostics of one document."""
    return read_toml(text).toml


def _placed(
    mistakes: tuple[SyntaxMistake, ...], repaired: RepairedToml
) -> tuple[SyntaxMistake, ...]:
    return tuple(
        SyntaxMistake(repaired.written_at(each.position), each.message) for each in mistakes
    )


def _without_lines(text: str) -> TomlRead:
    """Read a text, leaving out one statement after another at which it cannot be read."""
    lines, mistakes, knows_tables = text.split("\n"), list[SyntaxMistake](), True
    left = max(MOST_SIGNS_READ_AGAIN // max(len(text), 1), 3)
    toml = parse_toml(text)
    while toml.mistakes and left:
        left -= 1
        mistakes.append(_with_its_sign(toml.mistakes[0], lines))
        start, end = _statement(lines, toml.mistakes[0].position)
        if HEADER.match(lines[start]) or start == end:
            knows_tables = False
        if not any(lines[start:end]):
            break
        lines[start:end] = [""] * (end - start)
        toml = parse_toml("\n".join(lines))
    if toml.mistakes:
        return TomlRead(Toml({}, {}, (*mistakes, *toml.mistakes)), False, False)
    return TomlRead(Toml(toml.values, toml.positions, tuple(mistakes)), not mistakes, knows_tables)


def _with_its_sign(mistake: SyntaxMistake, lines: list[str]) -> SyntaxMistake:
    """Name the sign on a line that TOML does not take, where there is one: it is what is wrong."""
    line = lines[min(mistake.position.line, len(lines)) - 1]
    strange = next((sign for sign in line if is_curly(sign) or not sign.isprintable()), "")
    if not strange:
        return mistake
    position = Position(mistake.position.line, line.index(strange) + 1)
    if is_curly(strange):
        said = ref("diagnostic.not_toml.curly_sign", sign=sign_name(strange))
    else:
        said = ref("diagnostic.not_toml.named_sign", sign=sign_name(strange))
    return SyntaxMistake(position, said)


def _statement(lines: list[str], position: Position) -> tuple[int, int]:
    """Return the lines, from and to, of the statement around a place; a header's whole table."""
    row = min(position.line, len(lines)) - 1
    start = next((at for at in range(row, -1, -1) if STATEMENT.match(lines[at])), row)
    begins = HEADER if HEADER.match(lines[start]) else STATEMENT
    end = next((at for at in range(row + 1, len(lines)) if begins.match(lines[at])), len(lines))
    return start, end
