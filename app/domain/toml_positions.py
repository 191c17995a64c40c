"""Where each key and value of a TOML text stands: tomllib reads it, tree-sitter knows the places.

Nothing about desks is known here.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from app.domain.message_refs import MessageRef, ref


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; both count from 1, the column in characters."""

    line: int = 1
    column: int = 1


class WrittenFloat(float):
    """A number with a point, and how it was written: 15.30 may be a clock time."""

    written: str

    @classmethod
    def read(cls, written: str) -> "WrittenFloat":
        """Read the number; keep its text."""
        made = cls(written)
        made.written = written
        return made


# What tomllib gives: the one place where its loose type is let in.
TomlValue: TypeAlias = object
Path: TypeAlias = tuple[str | int, ...]

LANGUAGE: Final = Language(tree_sitter_toml.language())
TABLES: Final = frozenset({"table", "table_array_element"})
KEYS: Final = frozenset({"bare_key", "quoted_key", "dotted_key"})
MOST_PARTS: Final = 100
PART: Final = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
LONG_KEY: Final = re.compile(rf"(?<![\w\"'-]){PART}(?:\s*\.\s*{PART}){{{MOST_PARTS}}}")
UNREADABLE: Final = ref("diagnostic.not_toml.unreadable")
TWICE: Final = ref("diagnostic.not_toml.twice")
SIGN: Final = ref("diagnostic.not_toml.sign")
BACKSLASH: Final = ref("diagnostic.not_toml.backslash")
STATEMENT: Final = ref("diagnostic.not_toml.statement")
# What tomllib says, and what we say instead: its words belong to another trade.
OWN_WORDS: Final = (
    ("Cannot overwrite a value", TWICE),
    ("Cannot declare", TWICE),
    ("Cannot mutate", TWICE),
    ("Cannot redefine", TWICE),
    ("Duplicate inline table key", TWICE),
    ("Expected '=' after a key", ref("diagnostic.not_toml.no_equals")),
    ("Expected newline or end of document", ref("diagnostic.not_toml.line_goes_on")),
    ("Expected ']", ref("diagnostic.not_toml.bracket")),
    ("Unclosed array", ref("diagnostic.not_toml.list_open")),
    ("Unclosed inline table", ref("diagnostic.not_toml.table_open")),
    ("Unterminated string", ref("diagnostic.not_toml.quote_open")),
    ("backslash", BACKSLASH),
    ("Unescaped '\\'", BACKSLASH),
    ("Illegal character", SIGN),
    ("Found invalid character", SIGN),
    ("Invalid initial character for a key", STATEMENT),
    ("Invalid value", ref("diagnostic.not_toml.value")),
    ("Invalid date or datetime", ref("diagnostic.not_toml.no_such_day")),
    ("Invalid statement", STATEMENT),
)
TOO_DEEP: Final = ref("diagnostic.not_toml.too_deep")
AT_LINE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A place where the text is not TOML."""

    position: Position
    message: MessageRef


@dataclass(frozen=True, slots=True)
class Toml:
    """A TOML text as values and as places; without values where it has mistakes."""

    values: dict[str, TomlValue]
    positions: dict[Path, Position] = field(repr=False)
    mistakes: tuple[SyntaxMistake, ...] = ()

    def position(self, path: Path) -> Position:
        """Return where a path stands, or the nearest thing around it that stands in the text."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.positions:
                return self.positions[path[:end]]
        return Position()


def parse_toml(text: str) -> Toml:
    """Read a TOML 1.0 text with its places; never fail, mistakes come back with the result."""
    lines = text.split("\n")
    for row, line in enumerate(lines, 1):
        if _is_too_deep(line):
            return Toml({}, {}, (SyntaxMistake(Position(row), TOO_DEEP),))
    tree = Parser(LANGUAGE).parse(text.encode("utf-8", "replace"))
    try:
        values: dict[str, TomlValue] = tomllib.loads(text, parse_float=WrittenFloat.read)
    except ValueError as wrong:
        first = _mistake(str(wrong), lines)
        return Toml({}, {}, (first, *_other_mistakes(tree.root_node, lines, first.position.line)))
    except RecursionError:
        return Toml({}, {}, (SyntaxMistake(Position(), TOO_DEEP),))
    positions: dict[Path, Position] = {}
    for path, position in _positions(tree.root_node, lines):
        positions.setdefault(path, position)
    return Toml(values, positions)


def _is_too_deep(line: str) -> bool:
    """Tell whether a key has more parts than any desk needs: tomllib takes hours over 50 000."""
    parts = line.split("=")
    return any(part.count(".") >= MOST_PARTS and LONG_KEY.search(part) for part in parts)


def _mistake(message: str, lines: list[str]) -> SyntaxMistake:
    found = AT_LINE.search(message)
    if found and found[1]:
        position = Position(int(found[1]), int(found[2]))
    elif found:
        position = Position(len(lines), len(lines[-1]) + 1)
    else:
        position = Position()
    return SyntaxMistake(position, _in_own_words(AT_LINE.sub("", message)))


def _in_own_words(message: str) -> MessageRef:
    """Say what the library found, as somebody who writes documents would."""
    return next((ours for theirs, ours in OWN_WORDS if theirs in message), UNREADABLE)


def _other_mistakes(root: Node, lines: list[str], first: int) -> Iterator[SyntaxMistake]:
    """Name every line that cannot be read beside the one told: tomllib stops at the first."""
    seen = {first - 1}
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            if node.start_point.row not in seen:
                seen.add(node.start_point.row)
                yield SyntaxMistake(_position(node, lines), UNREADABLE)
        elif node.has_error:
            waiting.extend(node.children)


def _position(node: Node, lines: list[str]) -> Position:
    """Count in characters; tree-sitter counts bytes."""
    row, column = node.start_point
    before = lines[row].encode("utf-8", "replace")[:column]
    return Position(row + 1, len(before.decode("utf-8", "replace")) + 1)


def _positions(root: Node, lines: list[str]) -> Iterator[tuple[Path, Position]]:
    counts: dict[Path, int] = {}
    for node in root.named_children:
        if node.type == "pair":
            yield from _pair_positions(node, (), lines)
        elif node.type in TABLES:
            yield from _table_positions(node, counts, lines)


def _table_positions(
    node: Node, counts: dict[Path, int], lines: list[str]
) -> Iterator[tuple[Path, Position]]:
    header = next(child for child in node.named_children if child.type in KEYS)
    path, position = _current(_key_parts(header), counts), _position(header, lines)
    if node.type == "table_array_element":
        index = counts[path] = counts.get(path, -1) + 1
        path = (*path, index)
    for end in range(1, len(path) + 1):  # [a.b] is the first place of a too
        yield path[:end], position
    for child in node.named_children:
        if child.type == "pair":
            yield from _pair_positions(child, path, lines)


def _current(parts: list[str], counts: dict[Path, int]) -> Path:
    """Follow a header into the newest element of each array of tables on its way."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if path in counts and position < len(parts) - 1:
            path = (*path, counts[path])
    return path


def _pair_positions(node: Node, base: Path, lines: list[str]) -> Iterator[tuple[Path, Position]]:
    key, *rest = node.named_children
    path: Path = base
    for part in _key_parts(key):
        path = (*path, part)
        yield path, _position(key, lines)
    for value in rest:
        yield from _value_positions(value, path, lines)


def _value_positions(node: Node, base: Path, lines: list[str]) -> Iterator[tuple[Path, Position]]:
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                yield from _pair_positions(child, base, lines)
    elif node.type == "array":
        values = [child for child in node.named_children if child.type != "comment"]
        for index, child in enumerate(values):
            yield (*base, index), _position(child, lines)
            yield from _value_positions(child, (*base, index), lines)


def _key_parts(node: Node) -> list[str]:
    if node.type == "dotted_key":
        return [part for child in node.named_children for part in _key_parts(child)]
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "bare_key":
        return [text]
    # A quoted key is a TOML string: let tomllib take the quotes and escapes off.
    return [next(iter(tomllib.loads(f"{text} = 1")))]
