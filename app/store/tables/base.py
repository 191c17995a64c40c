"""What all tables share: instants in UTC, row ids, closed sets of words, names of constraints."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from app.domain.access.actor import Actor, ActorKind

# Without fixed names a later migration could not find a constraint to change.
NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware when written, aware UTC when read. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC; ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a stored instant needs its offset: {value!r}")
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write it as SQLAlchemy does in a SQLite file, in a fraction of its time."""
        return _sqlite_instant if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; SQLite keeps no offset, and what we wrote was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read it out of a SQLite file in a fraction of SQLAlchemy's time."""
        if dialect.name == "sqlite":
            return _read_sqlite_instant
        return super().result_processor(dialect, coltype)


def _sqlite_instant(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a stored instant needs its offset: {value!r}")
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _read_sqlite_instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


W = TypeVar("W", bound=StrEnum)


class EnumString(TypeDecorator[W]):
    """A word of a closed set, stored as it is written. A word that is none is refused."""

    impl = String(24)
    cache_ok = True

    def __init__(self, closed_set: type[W]) -> None:
        super().__init__()
        self.closed_set = closed_set

    def process_bind_param(self, value: W | None, dialect: Dialect) -> str | None:
        """Write the word; ValueError for one that is not in the set."""
        return None if value is None else str(self.closed_set(value))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Look the word up: a turn writes many."""
        words: dict[Any, str | None] = {word: word.value for word in self.closed_set}
        words[None] = None

        def write(value: W | None) -> str | None:
            return words[value] if value in words else self.process_bind_param(value, dialect)

        return write

    def process_result_value(self, value: str | None, dialect: Dialect) -> W | None:
        """Read the word as a member of the set."""
        return None if value is None else self.closed_set(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Look the member up: lists have many."""
        members: dict[Any, W | None] = {word.value: word for word in self.closed_set}
        members[None] = None

        def read(value: str | None) -> W | None:
            found = members.get(value)
            return self.process_result_value(value, dialect) if found is None else found

        return read


class ActorJson(TypeDecorator[Actor]):
    """Who did something, as JSON: kind, id and name."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Actor | None, dialect: Dialect) -> str | None:
        """Write an actor."""
        return None if value is None else json.dumps(asdict(value), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Actor | None:
        """Read an actor."""
        if value is None:
            return None
        stored = json.loads(value)
        return Actor(**{**stored, "kind": ActorKind(stored["kind"])})


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Str64 = Annotated[str, mapped_column(String(64))]
Str250 = Annotated[str, mapped_column(String(250))]
Json = Annotated[str, mapped_column(Text)]  # parsed by codec.py, once, where it is needed


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    # SQLAlchemy reads a plain class attribute by this name; nobody changes it.
    type_annotation_map = {datetime: UtcDateTime(), int: BigInteger()}  # noqa: RUF012


def index_where(name: str, *columns: str, condition: str) -> Index:
    """Make an index of only those rows for which a condition in SQL holds, in either database."""
    return Index(name, *columns, postgresql_where=text(condition), sqlite_where=text(condition))
