"""A text that is not quite TOML, made so where the meaning is certain; else told, and made so.

Only a text that TOML refuses comes here, so nothing that can be read is ever changed.
Lines stay lines; `columns` leads a place in the mended text back to where it was written.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from app.domain.config.clean_text import (
    INVISIBLE,
    WIDE_SPACES,
    is_curly,
    is_unseen,
    is_wide_space,
    sign_name,
)
from app.domain.message_refs import MessageRef, ref
from app.domain.time.wall_time import CLOCK_TEXT
from app.domain.toml_positions import Position

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
CLOCK: Final = re.compile(CLOCK_TEXT)
TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?")  # as TOML itself writes it
STATEMENT: Final = re.compile(
    r"[ \t]*(?:\[\[?[A-Za-z0-9_.\- ]+\]\]?[ \t]*(?:#.*)?\r?$|[A-Za-z0-9_.\-]+[ \t]*=)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class RepairedToml:
    """The text as it is read, what was wrong with it, and where its columns were."""

    text: str
    diagnostics: tuple[tuple[Position, MessageRef], ...]
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
class _Repairer:
    """A pass through the text: what is written out so far, and what stands open."""

    text: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # brackets of values that are not closed
    opened: Position = field(default_factory=Position)  # where the newest of them stands
    expects_value: bool = False
    line: int = 1
    line_start: int = 0
    out_column: int = 1
    diagnostics: list[tuple[Position, MessageRef]] = field(default_factory=list)
    columns: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def put(self, written: str, instead: str | None = None) -> None:
        """Go past what is written; write it out, or what stands for it."""
        repaired = written if instead is None else instead
        self.out.append(repaired)
        self.at += len(written)
        newlines = written.count("\n")
        if newlines:
            self.line += newlines
            self.line_start = self.at - (len(written) - written.rfind("\n") - 1)
            self.out_column = len(repaired) - repaired.rfind("\n")
            return
        self.out_column += len(repaired)
        if len(repaired) != len(written):
            more = self.out_column - (self.at - self.line_start + 1)
            self.columns.setdefault(self.line, []).append((self.out_column, more))

    @property
    def here(self) -> Position:
        """Where what comes now is written."""
        return Position(self.line, self.at - self.line_start + 1)

    def diagnostic(self, message: MessageRef, place: Position | None = None) -> None:
        """Note what is wrong with what comes now, or at a place before."""
        self.diagnostics.append((place or self.here, message))


def repair_toml(text: str) -> RepairedToml:
    """Make TOML of a text that TOML refuses, as far as that can be done."""
    repairer = _Repairer(re.sub(r"\r(?!\n)", "\n", text))
    while repairer.at < len(repairer.text):
        _step(repairer)
    columns = {line: tuple(moves) for line, moves in repairer.columns.items()}
    return RepairedToml("".join(repairer.out), tuple(repairer.diagnostics), columns)


def _step(repairer: _Repairer) -> None:
    sign = repairer.text[repairer.at]
    if sign == "\n":
        _newline(repairer)
    elif is_unseen(sign):
        repairer.put(sign, "")
    elif is_wide_space(sign):
        repairer.put(sign, " ")
    elif sign in " \r":
        repairer.put(sign)
    elif found := COMMENT.match(repairer.text, repairer.at):
        repairer.put(found[0], "" if repairer.open else None)  # a bracket may have to follow
    elif repairer.expects_value:
        _value(repairer, sign)
    else:
        _between(repairer, sign)


def _newline(repairer: _Repairer) -> None:
    """A list may go on; a table in braces ends with its line, and both before the next name."""
    if repairer.open and (
        repairer.open[-1] == "{" or STATEMENT.match(repairer.text, repairer.at + 1)
    ):
        closing = "".join("]" if each == "[" else "}" for each in reversed(repairer.open))
        repairer.diagnostic(ref("diagnostic.not_toml.not_closed", closing=closing), repairer.opened)
        repairer.open.clear()
        repairer.put("\n", closing + "\n")
    else:
        repairer.put("\n")
    repairer.expects_value = repairer.open[-1:] == ["["]


def _between(repairer: _Repairer, sign: str) -> None:
    """Keys, headers, and what separates."""
    found = STRING.match(repairer.text, repairer.at)
    if found:
        repairer.put(found[0])
        return
    match sign:
        case "=":
            repairer.expects_value = True
        case ",":
            repairer.expects_value = repairer.open[-1:] == ["["]
        case "]" | "}" if repairer.open:
            repairer.open.pop()
    repairer.put(sign)


def _value(repairer: _Repairer, sign: str) -> None:
    match sign:
        case "[" | "{":
            repairer.open.append(sign)
            repairer.opened = repairer.here
            repairer.expects_value = sign == "["
            repairer.put(sign)
        case "]":
            repairer.expects_value = False
            _between(repairer, sign)
        case "," | "}" | "=":
            repairer.expects_value = sign == "," and repairer.open[-1:] == ["["]
            repairer.put(sign)
        case _:
            repairer.expects_value = False
            _scalar(repairer, sign)


def _scalar(repairer: _Repairer, sign: str) -> None:
    curly = CURLY_STRING.match(repairer.text, repairer.at)
    string = STRING.match(repairer.text, repairer.at)
    if string and (sign not in "\"'" or not curly or string.end() >= curly.end()):
        repairer.put(string[0])
    elif curly:
        repairer.put(curly[0], f'"{curly[0][1:-1]}"')
    elif sign in "\"'" or is_curly(sign):
        _open_string(repairer, sign)
    else:
        _bare(repairer)


def _open_string(repairer: _Repairer, sign: str) -> None:
    """A quotation mark that nothing closes, or not at the end of the value."""
    rest = repairer.text[repairer.at :].partition("\n")[0].rstrip("\r")
    if is_curly(sign):
        repairer.diagnostic(ref("diagnostic.not_toml.curly_text", sign=sign_name(sign)))
    else:
        repairer.diagnostic(ref("diagnostic.not_toml.quote_on_line", sign=sign))
    bare = rest[1:].rstrip(",]} ")
    ending = rest[1 + len(bare) :]
    repairer.put(rest[: len(rest) - len(ending)], f'"{_inside(bare)}"')


def _bare(repairer: _Repairer) -> None:
    """A value without quotation marks: sound, certain, or told."""
    found = BARE.match(repairer.text, repairer.at)
    written = (found[0] if found else repairer.text[repairer.at]).rstrip(" \r" + WIDE_SPACES)
    plain = "".join(
        " " if is_wide_space(sign) else sign for sign in written if not is_unseen(sign)
    ).strip()
    repairer.put(written, _bare_as(repairer, plain))


def _bare_as(repairer: _Repairer, plain: str) -> str:
    if TRUTH.fullmatch(plain):
        if not plain.islower():
            repairer.diagnostic(
                ref("diagnostic.not_toml.small_letters", word=plain, lower=plain.lower())
            )
        return plain.lower()
    if NUMBER.fullmatch(plain) or TIME.fullmatch(plain):
        return plain
    if CLOCK.fullmatch(plain) or DATED.fullmatch(plain):
        return plain if _is_date(plain) else f'"{plain}"'
    text = _inside(plain)
    repairer.diagnostic(ref("diagnostic.not_toml.needs_quotes", word=plain[:40], text=text[:40]))
    return f'"{text}"'


def _is_date(plain: str) -> bool:
    return len(plain) == len("2026-12-24") and plain[4] == "-"


def _inside(text: str) -> str:
    """What can stand between quotation marks as it is."""
    return "".join(
        sign for sign in text if sign.isprintable() and sign not in '"\\' and not is_curly(sign)
    ).strip()
