"""A part of an exported JSON file, read key by key: what is not there is told with its place.

Keys are read as snake_case, however the product writes them: its REST answers, its Terraform
state and its backups then have the same ones.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, ref
from app.domain.time.parsing import instant_of, read_moment, read_whole

HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
DEEPEST: Final = 40  # of what is searched


@dataclass(frozen=True, slots=True)
class JsonPart:
    """One object of a file, and where it stands there."""

    values: Mapping[str, object]
    file: str
    path: str = ""

    def has(self, *keys: str) -> bool:
        """Tell whether all of these are there and say something."""
        return all(self.values.get(key) not in (None, "") for key in keys)

    def text(self, key: str, otherwise: str | None = None) -> str:
        """Return a text; numbers, such as ids, are texts too."""
        value = self.values.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
        if otherwise is not None:
            return otherwise
        raise self.missing(key)

    def whole(self, key: str, otherwise: int | None = None) -> int:
        """Return a whole number."""
        if otherwise is not None and not self.has(key):
            return otherwise
        return read_whole(self.text(key))

    def moment(self, key: str, zone: ZoneInfo) -> datetime:
        """Return an instant; without an offset it is the zone's wall time."""
        return instant_of(read_moment(self.text(key)), zone)

    def moment_or_none(self, key: str, zone: ZoneInfo) -> datetime | None:
        """Return an instant; None where it stands open."""
        return self.moment(key, zone) if self.has(key) else None

    def part(self, key: str) -> "JsonPart":
        """Return the object under a key; an empty one where there is none."""
        value = self.values.get(key)
        if isinstance(value, list) and len(value) == 1:  # as Terraform's state has it
            value = value[0]
        values = value if isinstance(value, dict) else {}
        return JsonPart(values, self.file, f"{self.path}.{key}")

    def parts(self, key: str) -> tuple["JsonPart", ...]:
        """Return the objects of the list under a key; none where there is none."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else []
        return tuple(
            JsonPart(item, self.file, f"{self.path}.{key}[{n}]")
            for n, item in enumerate(items)
            if isinstance(item, dict)
        )

    def lists(self, key: str) -> tuple[object, ...]:
        """Return the items under a key as they are."""
        value = self.values.get(key)
        return tuple(value) if isinstance(value, list) else ()

    def missing(self, key: str) -> MessageError:
        """Say that a key is not there, or not as it should be."""
        return MessageError(
            ref("import.missing", file=self.file, path=self.path.lstrip(".") or "$", key=key)
        )


def read_json(text: str, file: str) -> object:
    """Read a file, its keys as snake_case; MessageError for what is no JSON."""
    try:
        return _snake(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as wrong:
        line = wrong.lineno if isinstance(wrong, json.JSONDecodeError) else 1
        raise MessageError(ref("import.no_json", file=file, line=line)) from None


def every_part(
    value: object, file: str, *keys: str, path: str = "", depth: int = 0
) -> Iterator[JsonPart]:
    """Yield every object with all of these keys, wherever in a file; none within another one."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        part = JsonPart(value, file, path)
        if all(key in value for key in keys):
            yield part
            return
        for key, each in value.items():
            yield from every_part(each, file, *keys, path=f"{path}.{key}", depth=depth + 1)
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from every_part(each, file, *keys, path=f"{path}[{n}]", depth=depth + 1)


def _snake(value: object) -> object:
    if isinstance(value, dict):
        return {HUMP.sub("_", str(key)).lower(): _snake(each) for key, each in value.items()}
    return [_snake(each) for each in value] if isinstance(value, list) else value
