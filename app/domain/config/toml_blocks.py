"""A TOML text taken apart at its headers, so that one table can be changed and all else stays.

Put together again the blocks are the text, letter by letter.
"""

import tomllib
from collections.abc import Iterator
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
            yield _block(lines)
            lines = ""
        lines += comments + statement
        comments = ""
    yield _block(lines + comments)


def _block(text: str) -> Block:
    header = next((line for line in text.split("\n") if not is_comment(line)), "")
    if not header.lstrip().startswith("["):
        return Block(text)
    try:
        place, _ = _innermost(tomllib.loads(header))
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


def comments_above(text: str) -> tuple[str, str]:
    """Part what stands above a header from the header and all below it."""
    lines = text.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.lstrip().startswith("["))
    return "".join(lines[:first]), "".join(lines[first:])


def comments_below(text: str) -> str:
    """What a text ends with that is no line of its table: what a person wrote there stays."""
    lines = text.splitlines(keepends=True)
    last = max((i for i, line in enumerate(lines) if not is_comment(line)), default=-1)
    return "".join(lines[last + 1 :])
