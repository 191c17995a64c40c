"""Counts what is asked of the databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that read or write rows, on every connection of this process."""
    seen: list[str] = []

    def note(*args: object) -> None:
        if str(args[2]).startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            seen.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
