"""A text that is not quite TOML, made so where the meaning is certain; else told, and made so.

Only a text that TOML refuses comes here, so nothing that can be read is ever changed.
Lines stay lines; `columns` leads a place in the mended text back to where it was written.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from app.domain.documents.clean_text import (
    INVISIBLE,
    WIDE_SPACES,
    is_curly,
    is_unseen,
    is_wide_space,
    sign_name,
)
from app.domain.documents.faults import Position

STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
COMMENT: Final = re.compile(r"#[^\n]*")
END_OF_VALUE: Final = rf"(?=[ {WIDE_SPACES}{INVISIBLE}\r]*(?:[,\]}}#]|\n|\Z))"
CURLY_STRING: Final = re.compile(
    rf"(?:[“”„‟«»\"]([^“”„‟«»\"\\\n]*)[“”„‟«»\"]|[‘’‚‛']([^‘’‚‛'\"\\\n]*)[‘’‚‛']){END_OF_VALUE}"
)
BARE: Final = re.compile(r"[^,\]}#\n=]+")
TRUTH: Final = re.compile(r"true|false", re.IGNORECASE)
NUMBER: Final = re.compile(
    r"[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9]+)?"
    r"|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[+-]?(?:inf|nan)"
)
DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ]+[0-9]{1,2}[0-9:.]*\S*)?")
CLOCK: Final = re.compile(r"[0-9]{1,2}[:.][0-9]{2}|[0-9]{4}")
TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?")  # as TOML itself writes it
STATEMENT: Final = re.compile(
    r"[ \t]*(?:\[\[?[A-Za-z0-9_.\- ]+\]\]?[ \t]*(?:#.*)?\r?$|[A-Za-z0-9_.\-]+[ \t]*=)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Mended:
    """The text as it is read, what was wrong with it, and where its columns were."""

    text: str
    faults: tuple[tuple[Position, str], ...]
    columns: dict[int, tuple[tuple[int, int], ...]]  # by line: (from this column on, so many more)

    def written_at(self, place: Position) -> Position:
        """Return where a place of the mended text stood in the written one."""
        column = place.column
        for start, more in self.columns.get(place.line, ()):
            if start > place.column:
                break
            column = max(place.column - more, 1)
        return Position(place.line, column)


@dataclass(slots=True)
class _Mender:
    """A walk through the text: what is written out so far, and what stands open."""

    text: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # brackets of values that are not closed
    opened: Position = field(default_factory=Position)  # where the newest of them stands
    expects_value: bool = False
    line: int = 1
    line_start: int = 0
    out_column: int = 1
    faults: list[tuple[Position, str]] = field(default_factory=list)
    columns: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def put(self, written: str, instead: str | None = None) -> None:
        """Go past what is written; write it out, or what stands for it."""
        mended = written if instead is None else instead
        self.out.append(mended)
        self.at += len(written)
        newlines = written.count("\n")
        if newlines:
            self.line += newlines
            self.line_start = self.at - (len(written) - written.rfind("\n") - 1)
            self.out_column = len(mended) - mended.rfind("\n")
            return
        self.out_column += len(mended)
        if len(mended) != len(written):
            more = self.out_column - (self.at - self.line_start + 1)
            self.columns.setdefault(self.line, []).append((self.out_column, more))

    @property
    def here(self) -> Position:
        """Where what comes now is written."""
        return Position(self.line, self.at - self.line_start + 1)

    def fault(self, message: str, place: Position | None = None) -> None:
        """Note what is wrong with what comes now, or at a place before."""
        self.faults.append((place or self.here, message))


def mend_toml(text: str) -> Mended:
    """Make TOML of a text that TOML refuses, as far as that can be done."""
    mender = _Mender(re.sub(r"\r(?!\n)", "\n", text))
    while mender.at < len(mender.text):
        _step(mender)
    columns = {line: tuple(moves) for line, moves in mender.columns.items()}
    return Mended("".join(mender.out), tuple(mender.faults), columns)


def _step(mender: _Mender) -> None:
    sign = mender.text[mender.at]
    if sign == "\n":
        _newline(mender)
    elif is_unseen(sign):
        mender.put(sign, "")
    elif is_wide_space(sign):
        mender.put(sign, " ")
    elif sign in " \r":
        mender.put(sign)
    elif found := COMMENT.match(mender.text, mender.at):
        mender.put(found[0], "" if mender.open else None)  # a bracket may have to follow
    elif mender.expects_value:
        _value(mender, sign)
    else:
        _between(mender, sign)


def _newline(mender: _Mender) -> None:
    """A list may go on; a table in braces ends with its line, and both before the next name."""
    if mender.open and (mender.open[-1] == "{" or STATEMENT.match(mender.text, mender.at + 1)):
        closing = "".join("]" if each == "[" else "}" for each in reversed(mender.open))
        mender.fault(f"{closing} is missing: what is opened here is not closed", mender.opened)
        mender.open.clear()
        mender.put("\n", closing + "\n")
    else:
        mender.put("\n")
    mender.expects_value = mender.open[-1:] == ["["]


def _between(mender: _Mender, sign: str) -> None:
    """Keys, headers, and what separates."""
    found = STRING.match(mender.text, mender.at)
    if found:
        mender.put(found[0])
        return
    match sign:
        case "=":
            mender.expects_value = True
        case ",":
            mender.expects_value = mender.open[-1:] == ["["]
        case "]" | "}" if mender.open:
            mender.open.pop()
    mender.put(sign)


def _value(mender: _Mender, sign: str) -> None:
    match sign:
        case "[" | "{":
            mender.open.append(sign)
            mender.opened = mender.here
            mender.expects_value = sign == "["
            mender.put(sign)
        case "]":
            mender.expects_value = False
            _between(mender, sign)
        case "," | "}" | "=":
            mender.expects_value = sign == "," and mender.open[-1:] == ["["]
            mender.put(sign)
        case _:
            mender.expects_value = False
            _scalar(mender, sign)


def _scalar(mender: _Mender, sign: str) -> None:
    curly = CURLY_STRING.match(mender.text, mender.at)
    string = STRING.match(mender.text, mender.at)
    if string and (sign not in "\"'" or not curly or string.end() >= curly.end()):
        mender.put(string[0])
    elif curly:
        mender.put(curly[0], f'"{curly[0][1:-1]}"')
    elif sign in "\"'" or is_curly(sign):
        _open_string(mender, sign)
    else:
        _bare(mender)


def _open_string(mender: _Mender, sign: str) -> None:
    """A quotation mark that nothing closes, or not at the end of the value."""
    rest = mender.text[mender.at :].partition("\n")[0].rstrip("\r")
    if is_curly(sign):
        said = f"{sign_name(sign)}: write the text in straight quotation marks"
        mender.fault(f'{said}: "…"')
    else:
        mender.fault(f"the quotation mark {sign} is not closed on this line")
    bare = rest[1:].rstrip(",]} ")
    ending = rest[1 + len(bare) :]
    mender.put(rest[: len(rest) - len(ending)], f'"{_inside(bare)}"')


def _bare(mender: _Mender) -> None:
    """A value without quotation marks: sound, certain, or told."""
    found = BARE.match(mender.text, mender.at)
    written = (found[0] if found else mender.text[mender.at]).rstrip(" \r" + WIDE_SPACES)
    plain = "".join(
        " " if is_wide_space(sign) else sign for sign in written if not is_unseen(sign)
    ).strip()
    mender.put(written, _bare_as(mender, plain))


def _bare_as(mender: _Mender, plain: str) -> str:
    if TRUTH.fullmatch(plain):
        if not plain.islower():
            mender.fault(f"“{plain}” is written in small letters: {plain.lower()}")
        return plain.lower()
    if NUMBER.fullmatch(plain) or TIME.fullmatch(plain):
        return plain
    if CLOCK.fullmatch(plain) or DATED.fullmatch(plain):
        return plain if _is_date(plain) else f'"{plain}"'
    text = _inside(plain)
    mender.fault(f'“{plain[:40]}” is a text: write it in quotation marks, "{text[:40]}"')
    return f'"{text}"'


def _is_date(plain: str) -> bool:
    return len(plain) == len("2026-12-24") and plain[4] == "-"


def _inside(text: str) -> str:
    """What can stand between quotation marks as it is."""
    return "".join(
        sign for sign in text if sign.isprintable() and sign not in '"\\' and not is_curly(sign)
    ).strip()
