"""JSON as a type, and values taken out of it: every reader raises ValueError in plain words."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]
K = TypeVar("K")
Readers: TypeAlias = Mapping[str, Callable[[Json], object]]


def read_fields(
    readers: Readers, given: Mapping[str, Json], required: Sequence[str] = ()
) -> dict[str, object]:
    """The fields of an object, each by its reader; what is not given is left out.

    Raises ValueError with every mistake: unknown, missing and wrong ones, a line each.
    """
    known = ", ".join(readers)
    mistakes = [f"{name}: unknown; known: {known}" for name in given if name not in readers]
    mistakes += [f"{name}: missing" for name in required if given.get(name) in (None, "", [], {})]
    read: dict[str, object] = {}
    for name, value in given.items():
        if name in readers:
            try:
                read[name] = readers[name](value)
            except ValueError as error:
                mistakes.append(f"{name}: {error}")
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return read


def _of_kind(kind: type[K], value: Json, named: str) -> K:
    if not isinstance(value, kind):
        raise ValueError(f"expected {named}, not {value!r}")
    return value


def a_text(value: Json) -> str:
    """A text."""
    return _of_kind(str, value, "a text")


def a_flag(value: Json) -> bool:
    """True or false."""
    return _of_kind(bool, value, "true or false")


def a_whole(value: Json) -> int:
    """A whole number from 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected a whole number, not {value!r}")
    return value


def a_number(value: Json) -> float:
    """A number from 0, such as seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"expected a number from 0, not {value!r}")
    return float(value)


def a_speed(value: Json) -> float:
    """How fast a call's time runs: 0 takes none, 1 is real time, N is N times faster."""
    speed = a_number(value)
    if 0 < speed < 1:
        raise ValueError(f"speed is 0, 1 or more, not {value!r}")
    return speed


def a_list(value: Json) -> list[Json]:
    """A list."""
    return _of_kind(list, value, "a list")


def an_object(value: Json) -> JsonObject:
    """An object."""
    return _of_kind(dict, value, "an object")


def an_object_of(read: Callable[[Json], object]) -> Callable[[Json], dict[str, object]]:
    """A reader of objects whose values are all read alike."""
    return lambda value: {name: read(one) for name, one in an_object(value).items()}


def a_list_of(read: Callable[[Json], object]) -> Callable[[Json], tuple[object, ...]]:
    """A reader of lists whose values are all read alike."""
    return lambda value: tuple(read(one) for one in a_list(value))


def none_or(read: Callable[[Json], object]) -> Callable[[Json], object]:
    """A reader that lets null through."""
    return lambda value: None if value is None else read(value)
