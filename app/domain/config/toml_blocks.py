"""A TOML text taken apart at its headers, so that one table can be changed and all else stays.

Put together again the blocks are the text, letter by letter.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.config.entry_writing import statements

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A header with all that belongs to it, or what stands before the first one.

    `place` is the table's path, `values` what is written in it.
    """

    text: str
    place: Keys = ()
    values: Any = None


def blocks(text: str) -> Iterator[Block]:
    """Take a text apart at its headers. Comments and empty lines stand with the header below."""
    lines, comments = "", ""
    for statement in statements(text.removesuffix("\n")):
        if is_comment(statement):
            comments += statement
            continue
        if statement.lstrip().startswith("["):
            yield block_of(lines)
            lines = ""
        lines += comments + statement
        comments = ""
    yield block_of(lines + comments)


def block_of(text: str) -> Block:
    """Read a header with what belongs to it; nothing is known of what is no table."""
    first = next((line for line in text.split("\n") if not is_comment(line)), "")
    if not first.lstrip().startswith("["):
        return Block(text)
    try:
        place, _ = _innermost(tomllib.loads(first))
        _, values = _innermost(tomllib.loads(text), len(place))
    except tomllib.TOMLDecodeError:
        return Block(text)
    return Block(text, place, values)


def _innermost(values: Any, depth: int = 10) -> tuple[Keys, Any]:
    """Follow a header's tables down to what is written in its own."""
    keys: list[str] = []
    while len(keys) < depth and isinstance(values, dict) and len(values) == 1:
        [(key, values)] = values.items()
        if isinstance(values, list):
            values = values[-1]
        keys.append(key)
    return tuple(keys), values


def is_comment(statement: str) -> bool:
    """Tell whether a statement says nothing: a comment, or an empty line."""
    bare = statement.strip()
    return not bare or bare.startswith("#")


def new_block(place: Keys, lines: Iterable[str]) -> Block:
    """Write one more table of a list; lines that are empty are left out."""
    return block_of("\n".join(("", f"[[{'.'.join(place)}]]", *filter(None, lines), "")))


def with_values(text: str, lines: Mapping[str, str]) -> str:
    """Give a table other values: lines by their keys, an empty one to take a value away.

    All else stays: its header, other keys, comments, and a line that says the same in other words.
    """
    missing, last = dict(lines), 0
    out: list[str] = []
    for statement in statements(text.removesuffix("\n")):
        key = _key(statement)
        wanted = missing.pop(key, None)
        if wanted is not None and tomllib.loads(statement) != tomllib.loads(wanted):
            out.append(_line(wanted, _comment(statement)))
        else:
            out.append(statement)
        last = last if is_comment(out[-1]) else len(out)
    new = (f"{line}\n" for line in missing.values() if line)
    return "".join((*out[:last], *new, *out[last:]))


def without_table(text: str) -> str:
    """Take a table away with the comment that stands right above it.

    What is set apart by an empty line is about more than this table, and stays, as does what
    stands below it.
    """
    said = list(statements(text.removesuffix("\n")))
    first = next(i for i, each in enumerate(said) if not is_comment(each))
    last = max(i for i, each in enumerate(said) if not is_comment(each))
    own = first
    while own and said[own - 1].strip():
        own -= 1
    own -= bool(own)  # with the empty line above it
    return "".join((*said[:own], *said[last + 1 :]))


def _key(statement: str) -> str:
    """The key of a statement; none of a header or a comment."""
    is_header = statement.lstrip().startswith("[")
    return "" if is_header else next(iter(tomllib.loads(statement)), "")


def _line(wanted: str, comment: str) -> str:
    return f"{'  '.join(filter(None, (wanted, comment)))}\n" if wanted or comment else ""


def _comment(statement: str) -> str:
    """The comment at the end of a statement: the longest end without which it says the same."""
    said, line = tomllib.loads(statement), statement.rstrip("\r\n")
    starts = (at for at, sign in enumerate(line) if sign == "#")
    return next((line[at:].rstrip() for at in starts if _says(line[:at], said)), "")


def _says(text: str, said: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == said
    except tomllib.TOMLDecodeError:
        return False
