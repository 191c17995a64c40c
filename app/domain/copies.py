"""Changed copies of values of ours, in a third of the time that `dataclasses.replace` takes: each
turn of a call makes a dozen, and a proof of a year walks some twenty thousand turns.
"""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # so names and types of what is changed are checked
    from dataclasses import replace
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """Copy a value with some fields changed; TypeError for a field that it has not."""
        fields = _fields(type(value))
        if fields is None:
            return dataclasses.replace(value, **changes)
        copy = object.__new__(type(value))
        for put, kept in zip(fields.put, fields.all_of(value), strict=True):
            put(copy, kept)
        for name, changed in changes.items():
            if name not in fields.put_by_name:
                raise TypeError(f"{type(value).__name__} has no field {name}")
            fields.put_by_name[name](copy, changed)
        return copy


__all__ = ["replace"]


class _Fields(NamedTuple):
    """How a class's fields are read all at once, and how each is put into a copy."""

    all_of: Callable[[Any], tuple[Any, ...]]
    put: tuple[Callable[[Any, Any], None], ...]
    put_by_name: Mapping[str, Callable[[Any, Any], None]]


@cache
def _fields(kind: type[Any]) -> _Fields | None:
    """None for a class that checks its values, or whose fields are not all slots of its own."""
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    slots = kind.__dict__.get("__slots__", ())
    if hasattr(kind, "__post_init__") or len(names) < 2 or set(names) != set(slots):
        return None
    by_name = {name: getattr(kind, name).__set__ for name in names}
    return _Fields(attrgetter(*names), tuple(by_name.values()), by_name)
