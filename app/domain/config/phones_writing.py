"""A person's numbers written into a roster.toml; all else stays as somebody wrote it."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from app.domain.config.entry_writing import readable, statements, text_list
from app.domain.message_refs import MessageError, ref

PEOPLE, PHONES = "people", "phones"
LIST: Final = re.compile(r"\bphones\s*=\s*\[[^\]]*\]")  # in a table that is written in one line


def replace_phones(text: str, person: str, numbers: tuple[str, ...]) -> str:
    """Return the document with these numbers of a person.

    MessageError where it is written in a way that we cannot change without changing more.
    """
    before = readable(text)
    wanted = tomllib.loads(before)
    if wanted.get(PEOPLE, {}).get(person, {}).get(PHONES, []) == list(numbers):
        return text
    lines = _lines(before, person, text_list(PHONES, numbers))
    after = "".join(lines).removesuffix("\n")  # which the last line has got
    wanted[PEOPLE][person][PHONES] = list(numbers)
    try:
        is_right = tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise MessageError(ref("own_numbers.cannot_write"))
    return after


def _lines(text: str, person: str, pair: str) -> Iterator[str]:
    table: tuple[str, ...] = ()
    has_list = PHONES in tomllib.loads(text)[PEOPLE][person]
    for statement in statements(text):
        if statement.lstrip().startswith("["):
            table = _path(_values(statement))
            yield statement
            if table == (PEOPLE, person) and not has_list:
                yield f"{pair}\n"
            continue
        whole = (*table, *_path(_values(statement)))
        is_theirs = whole[:2] == (PEOPLE, person)
        if is_theirs and table != whole[:2] and statement.rstrip().endswith("}"):
            yield _in_one_line(statement, pair)
        elif is_theirs and whole[2:3] == (PHONES,):
            yield f"{_key(statement)} = {pair.partition('= ')[2]}{_comment(statement)}\n"
        else:
            yield statement


def _in_one_line(statement: str, pair: str) -> str:
    """A person who is written as an inline table."""
    if LIST.search(statement):
        return LIST.sub(pair, statement, count=1)
    head, brace, tail = statement.rpartition("}")
    return f"{head.rstrip()}, {pair} {brace}{tail}"


def _key(statement: str) -> str:
    return statement.partition("=")[0].rstrip()


def _comment(statement: str) -> str:
    """What stands behind a value of one line."""
    line = statement.rstrip("\n")
    for place, sign in enumerate(line):
        if sign == "#" and "\n" not in line and _values(line[:place]) == _values(line) != {}:
            return f"  {line[place:]}"
    return ""


def _values(statement: str) -> dict[str, Any]:
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return {}


def _path(values: dict[str, Any]) -> tuple[str, ...]:
    """The keys down to where there are several, or a value."""
    path: list[str] = []
    while len(values) == 1:
        [(key, below)] = values.items()
        path.append(key)
        if not isinstance(below, dict):
            break
        values = below
    return tuple(path)
