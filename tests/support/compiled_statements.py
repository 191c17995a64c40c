"""Every test has a database of its own, and so an engine that knows no statement yet.

Writing the statements out took half of the time of such tests; they are the same for all
databases of one kind, so all engines of a test process share what has been written out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event


class Shared(dict[Any, Any]):
    """What SQLAlchemy keeps per engine, by the kind of database in place of the very engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_by_kind(key), compiled)


def _by_kind(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, dialect.driver, *rest)


SHARED = Shared()


def share_what_is_compiled() -> None:
    """From now on; `compiled_cache` is SQLAlchemy's own option for it."""

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=SHARED)

    event.listen(Engine, "engine_connect", share)
