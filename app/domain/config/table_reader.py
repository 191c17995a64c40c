"""One table of a TOML document, read key by key; every mistake is collected with its place.

The readers of desk and roster stand on it. Nothing about desks is known here.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Final, TypeVar

from app.domain.config.clean_text import cleaned, strange_sign
from app.domain.config.diagnostics import did_you_mean
from app.domain.config.document import Document
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.time.wall_time import parse_clock
from app.domain.toml_positions import Path, TomlValue, WrittenFloat

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

LONGEST_TEXT: Final = 2000
ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(slots=True)
class TableReader:
    """A table of the document. What is asked for is known; what is left at `close` is not."""

    document: Document
    path: Path
    values: dict[str, TomlValue]
    asked: set[str] = field(default_factory=set)

    def error(self, key: str, message: MessageRef) -> None:
        """Note an error at one of the table's keys."""
        self.document.error((*self.path, key), message)

    def has(self, key: str) -> bool:
        """Tell whether the key is written; it counts as known from now on."""
        self.asked.add(key)
        return key in self.values

    def needs(self, key: str) -> bool:
        """Tell whether the key is written, and note it as missing where it is not."""
        if self.has(key):
            return True
        self.document.missing(
            self.path, key, ref("diagnostic.missing.key", key=key, where=self._where())
        )
        return False

    def text(self, key: str, default: str | None = None) -> str:
        """Return one line of text; without a default the key is needed."""
        if not self._is_there(key, needed=default is None):
            return default or ""
        return self.text_at(key, self.values[key]) or default or ""

    def text_at(self, key: str, value: TomlValue, index: int | None = None) -> str:
        """Return a value as one line of text, or "" after noting why it is none."""
        path = (*self.path, key) if index is None else (*self.path, key, index)
        if not isinstance(value, str):
            self.document.error(path, ref("diagnostic.wrong_type.text", key=key))
            return ""
        bare = cleaned(value)
        strange = strange_sign(bare)
        if not bare:
            self.document.error(path, ref("diagnostic.empty", key=key))
        elif len(bare) > LONGEST_TEXT or strange:
            self.document.error(path, _unreadable(key, strange))
            return ""
        return bare

    def note_text(self, key: str) -> str:
        """Return a remark as somebody wrote it, line breaks and all; "" where there is none."""
        if not self.has(key):
            return ""
        value = self.values[key]
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return value
        self.error(key, ref("diagnostic.wrong_type.note", key=key, most=LONGEST_TEXT))
        return ""

    def id(self, key: str) -> str:
        """Return a text that others refer to: lower-case letters, digits, - and _."""
        text = self.text(key)
        if text:
            self._check_id((*self.path, key), text)
        return text

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        if not self._is_there(key, needed):
            return ()
        values = self.values[key]
        if not isinstance(values, list):
            self.error(key, ref("diagnostic.wrong_type.texts", key=key))
            return ()
        found = (self.text_at(key, value, index) for index, value in enumerate(values))
        return tuple(text for text in found if text)

    def truth(self, key: str, default: bool | None = None) -> bool:
        """Return true or false; without a default the key is needed."""
        if not self._is_there(key, needed=default is None):
            return bool(default)
        value = self.values[key]
        if isinstance(value, bool):
            return value
        self.error(key, ref("diagnostic.wrong_type.truth", key=key))
        return bool(default)

    def whole(self, key: str, lowest: int, highest: int, default: int) -> int:
        """Return a whole number within its bounds, both included."""
        if not self.has(key):
            return default
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int):
            quoted = isinstance(value, str)
            code = "wrong_type.whole_unquoted" if quoted else "wrong_type.whole"
            self.error(key, MessageRef(f"diagnostic.{code}", (("key", key),)))
        elif not lowest <= value <= highest:
            self.error(
                key,
                ref(
                    "diagnostic.out_of_bounds", key=key, lowest=lowest, highest=highest, value=value
                ),
            )
        else:
            return value
        return default

    def choice(self, key: str, words: Iterable[E], default: E | None = None) -> E:
        """Return one of a closed set of words; without a default the key is needed."""
        first = default or next(iter(words))
        word = self.text(key, default)
        return self.one_of(key, word, words) or first if word else first

    def one_of(self, key: str, word: str, words: Iterable[E], index: int | None = None) -> E | None:
        """Return the word as a member of the set, or None after noting that it is none."""
        members = {member.value: member for member in words}
        if word in members:
            return members[word]
        path = (*self.path, key) if index is None else (*self.path, key, index)
        hint = did_you_mean(word, members)
        self.document.error(path, ref("diagnostic.unknown_word", word=word, key=key, hint=hint))
        return None

    def known(
        self, key: str, word: str, choices: Collection[str], what: str, index: int | None = None
    ) -> bool:
        """Tell whether a word names one of the choices, and note it where it does not."""
        if word in choices:
            return True
        path = (*self.path, key) if index is None else (*self.path, key, index)
        hint = did_you_mean(word, choices)
        values = (("word", word), ("hint", hint))
        self.document.error(path, MessageRef(f"diagnostic.unknown_{what}.named", values))
        return False

    def parsed(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """Return a text as `parse` reads it; its MessageError becomes the diagnostic."""
        if not self.has(key):
            return default
        text = self.text_at(key, self.values[key])
        try:
            return parse(text) if text else default
        except MessageError as wrong:
            self.error(key, wrong.message)
            return default

    def clock(self, key: str) -> int | None:
        """Return the minutes since midnight of a needed clock time: "15:30", 15.30 or 1530."""
        if not self.needs(key):
            return None
        value = self.values[key]
        text = written_clock(value) or self.text_at(key, value)
        try:
            return parse_clock(text) if text else None
        except ValueError:
            said = ref("diagnostic.bad_time.clock", text=text[:40])
            self.error(key, said)
            return None

    def table(self, key: str, *, needed: bool = False) -> "TableReader | None":
        """Return a table inside this one, or None where it is not written."""
        if not self._is_there(key, needed):
            return None
        value = self.values[key]
        if isinstance(value, dict):
            return TableReader(self.document, (*self.path, key), value)
        self.error(key, ref("diagnostic.wrong_type.table", key=key, table=self._dotted(key)))
        return None

    def list_of_tables(self, key: str) -> Iterator["TableReader"]:
        """Yield each table of a list of tables: [[key]]."""
        if not self.has(key):
            return
        value = self.values[key]
        if not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
            self.error(key, ref("diagnostic.wrong_type.tables", key=key, table=self._dotted(key)))
            return
        for index, item in enumerate(value):
            yield TableReader(self.document, (*self.path, key, index), item)

    def named_tables(self, key: str) -> Iterator[tuple[str, "TableReader"]]:
        """Yield each table under a key with its own name: [key.name]."""
        group = self.table(key)
        if group is None:
            return
        for name in group.values:
            inner = group.table(name)
            if inner is not None:
                self._check_id(inner.path, name)
                yield name, inner

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                hint = did_you_mean(key, self.asked)
                self.error(
                    key, ref("diagnostic.unknown_key", key=key, where=self._where(), hint=hint)
                )

    def _check_id(self, path: Path, text: str) -> None:
        if not ID.fullmatch(text):
            self.document.error(path, ref("diagnostic.bad_id.characters", text=text))

    def _is_there(self, key: str, needed: bool) -> bool:
        return self.needs(key) if needed else self.has(key)

    def _dotted(self, key: str) -> str:
        return ".".join(str(part) for part in (*self.path, key) if isinstance(part, str))

    def _where(self) -> MessageRef | str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        return ref("diagnostic_part.in_table", table=".".join(names)) if names else ""


def _unreadable(key: str, strange: MessageRef | None) -> MessageRef:
    if strange:
        return ref("diagnostic.unreadable_text.sign", key=key, most=LONGEST_TEXT, sign=strange)
    return ref("diagnostic.unreadable_text.length", key=key, most=LONGEST_TEXT)


def written_clock(value: TomlValue) -> str:
    """Return how a clock time without quotation marks is written; "" where it is none."""
    match value:
        case WrittenFloat():
            return value.written
        case bool():
            return ""
        case int():
            return str(value)
        case time() if not (value.second or value.microsecond):
            return f"{value:%H:%M}"
        case _:
            return ""
