"""Roster entries written as TOML: what is read from it again is equal.

An export is the document as somebody wrote it, with the entries that are in force now.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.entry_part import ABSENCES, OVERRIDES
from app.domain.config.toml_repair import repair_toml
from app.domain.roster.entries import Dated
from app.domain.roster.plan import Absence, Override
from app.domain.time.wall_time import starts_at

ENTRIES: Final = frozenset({OVERRIDES, ABSENCES})


def replace_entries(text: str, dated: Iterable[Dated], zone: ZoneInfo) -> str:
    """Return a roster.toml with just these entries, at its end; all else stays as it is written."""
    parts = ["".join(_other_lines(readable(text))).rstrip()]
    parts += ["\n".join(entry_lines(each, zone)) for each in dated]
    return "\n\n".join(parts) + "\n"


def entry_lines(dated: Dated, zone: ZoneInfo) -> Iterator[str]:
    """Write one entry, its times as the roster's wall shows them."""
    match dated:
        case Override():
            yield f"[[{OVERRIDES}]]"
            yield pair("person", dated.person)
            if dated.role:
                yield pair("role", dated.role)
            if dated.instead_of:
                yield pair("instead_of", dated.instead_of)
        case Absence():
            yield f"[[{ABSENCES}]]"
            yield pair("person", dated.person)
    yield f"from = {_moment(dated.from_, zone)}"
    yield f"to = {_moment(dated.to, zone)}"
    if isinstance(dated, Override) and not dated.fills:
        yield "fills = false"
    if dated.note:
        yield pair("note", dated.note)
    if dated.author:
        yield pair("author", dated.author)


def text_list(key: str, texts: tuple[str, ...]) -> str:
    """Write a list of texts under a key."""
    return f"{key} = [{', '.join(toml_text(text) for text in texts)}]"


def pair(key: str, text: str) -> str:
    """Write a text under a key."""
    return f"{key} = {toml_text(text)}"


def toml_text(text: str) -> str:
    """A TOML basic string. JSON escapes alike, but for the delete sign, which TOML refuses bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """Wall time, with its offset only where the wall time alone is read as another instant."""
    local = at.astimezone(zone)
    bare = local.replace(tzinfo=None, fold=0)
    return bare.isoformat() if starts_at(bare, zone) == at else local.isoformat()


def readable(text: str) -> str:
    """A text that TOML reads: the repairs that reading makes are made in an export too."""
    return text if _names(text) is not None else repair_toml(text).text


def _other_lines(text: str) -> Iterator[str]:
    """Yield what belongs to no entry: neither to its table nor to a list of entries.

    A comment belongs to what stands below it.
    """
    is_entry, comments = False, ""
    for statement in statements(text):
        names = _names(statement)
        if not names and names is not None:
            comments += statement
            continue
        if statement.lstrip().startswith("["):
            is_entry = bool(names and names & ENTRIES)
        if not (is_entry or (names and names & ENTRIES)):
            yield comments + statement
        comments = ""
    yield comments


def statements(text: str) -> Iterator[str]:
    """Yield header after header and key after key, with the lines that a value goes on for."""
    lines, start = [f"{line}\n" for line in text.split("\n")], 0
    for end in range(1, len(lines) + 1):
        statement = "".join(lines[start:end])
        if _names(statement) is not None:
            yield statement
            start = end
    yield "".join(lines[start:])


def _names(text: str) -> frozenset[str] | None:
    """Return the top-level names of a TOML text; None where it is none, or not complete yet."""
    try:
        return frozenset(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return None
