"""Statements that every turn runs: compiled once per process, then given to the driver with values.

SQLAlchemy's own work at each execution costs several times what the database's does. A prepared
statement is still made of the tables, and every value goes through its column's type both ways;
what is left out is the lookup, the execution context and the result object. On PostgreSQL it goes
straight to libpq (libpq_cursor.py).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Dialect, bindparam
from sqlalchemy.exc import StatementError
from sqlalchemy.sql.compiler import SQLCompiler

from app.store.queued_statements import CURSOR, database_error
from app.store.tables import Base

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]

COMPILING: Final = Lock()  # statements share tables, and what SQLAlchemy keeps of those


@dataclass(frozen=True, slots=True)
class _Bind:
    """A value of a statement: given by name at each execution, or the same for ever."""

    name: str
    write: Processor | None
    is_given: bool
    value: Any = None


@dataclass(slots=True)
class _Compiled:
    """A statement as one dialect writes it, and how its rows are read."""

    sql: str
    binds: tuple[_Bind, ...]
    is_positional: bool
    row: Processor
    types: tuple[Any, ...]
    _readers: tuple[tuple[int, Processor], ...] | None = None  # of the columns that need one
    _fixed: dict[str, Any] = field(init=False)
    _writers: tuple[tuple[str, Processor | None], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Take the values apart that are the same at each execution."""
        self._fixed = {bind.name: bind.value for bind in self.binds if not bind.is_given}
        self._writers = tuple((bind.name, bind.write) for bind in self.binds)

    def parameters(self, given: Values) -> Sequence[Any] | dict[str, Any]:
        values = {**given, **self._fixed} if self._fixed else given
        writers = self._writers
        try:
            if self.is_positional:
                return tuple([w(values[name]) if w else values[name] for name, w in writers])
            return {name: w(values[name]) if w else values[name] for name, w in writers}
        except (KeyError, TypeError, ValueError) as refused:
            raise StatementError(str(refused), self.sql, given, refused) from refused

    def rows(self, cursor: Any, dialect: Dialect) -> list[Any]:
        found = cursor.fetchall()
        if not found:
            return []
        if self._readers is None:
            self._readers = self._make_readers(cursor, dialect)
        if not self._readers:
            return [self.row(each) for each in found]
        return [self.row(self._read(each)) for each in found]

    def _make_readers(self, cursor: Any, dialect: Dialect) -> tuple[tuple[int, Processor], ...]:
        made = (
            kind.dialect_impl(dialect).result_processor(dialect, told[1])
            for kind, told in zip(self.types, cursor.description, strict=True)
        )
        return tuple((at, read) for at, read in enumerate(made) if read)

    def _read(self, found: Sequence[Any]) -> list[Any]:
        values = list(found)
        for at, read in self._readers or ():
            values[at] = read(values[at])
        return values


@dataclass(frozen=True, slots=True)
class Prepared:
    """One statement, for every connection of both databases.

    Errors are those of SQLAlchemy, a lost connection is noticed as it would notice it, and who
    listens to its statements hears of these too.
    """

    statement: Any  # whatever SQLAlchemy compiles; its own base classes do not say `compile`
    _compiled: dict[str, _Compiled] = field(default_factory=dict, repr=False)

    def run(self, connection: Connection, given: Values) -> int:
        """Run it and return how many rows it has met."""
        return int(self._execute(connection, given)[0].rowcount)

    def queue(self, connection: Connection, given: Values) -> None:
        """Run it with the next statement, or before the commit (queued_statements.py).

        Nothing of its result is told; what is wrong with it may be told by what it goes out with.
        Without a transaction it does not wait: the next user of the connection would send it.
        """
        can_wait = connection.dialect.name == "postgresql" and connection.in_transaction()
        self._execute(connection, given, waits=can_wait)

    def all(self, connection: Connection, given: Values) -> list[Any]:
        """Run it and return its rows; a column is an attribute of its row."""
        cursor, compiled = self._execute(connection, given)
        return compiled.rows(cursor, connection.dialect)

    def first(self, connection: Connection, given: Values) -> Any:
        """Run it and return its first row, or None without any."""
        return next(iter(self.all(connection, given)), None)

    def scalar(self, connection: Connection, given: Values) -> Any:
        """Run it and return the first value of its first row, or None without any."""
        row = self.first(connection, given)
        return None if row is None else row[0]

    def _execute(
        self, connection: Connection, given: Values, *, waits: bool = False
    ) -> tuple[Any, _Compiled]:
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compile_once(dialect)
        parameters = compiled.parameters(given)
        cursor = _cursor(connection)
        for listener in connection.engine.dispatch.before_cursor_execute:
            listener(connection, cursor, compiled.sql, parameters, None, False)
        try:
            (cursor.queue if waits else cursor.execute)(compiled.sql, parameters)
        except dialect.loaded_dbapi.Error as error:
            raise database_error(connection, compiled.sql, parameters, error, cursor) from error
        return cursor, compiled

    def _compile_once(self, dialect: Dialect) -> _Compiled:
        """Compile in one thread at a time: the first turns of a process come together, and what
        SQLAlchemy keeps of a table may be broken for good when two threads ask for it first.
        """
        with COMPILING:
            if dialect.name not in self._compiled:
                self._compiled[dialect.name] = _compile(self.statement, dialect)
        return self._compiled[dialect.name]


def placeholders(table: type[Base], names: Sequence[str], row: int = 0) -> dict[str, Any]:
    """Return a bind for each of these columns, of the column's own type; see `numbered`."""
    columns = table.__table__.c
    return {name: bindparam(_numbered(name, row), type_=columns[name].type) for name in names}


def numbered(rows: Sequence[Values]) -> Values:
    """Return the values of several rows under the names that `placeholders` gave them."""
    if len(rows) == 1:
        return rows[0]
    return {
        _numbered(name, at): value for at, row in enumerate(rows) for name, value in row.items()
    }


def _numbered(name: str, row: int) -> str:
    return f"{name}_{row}" if row else name


def _cursor(connection: Connection) -> Any:
    """Return the connection's own cursor for these: every statement is read to its end."""
    driver = connection.connection
    cursor = driver.info.get(CURSOR)
    if cursor is None or cursor.connection is not driver.dbapi_connection:
        cursor = driver.info[CURSOR] = _new_cursor(connection)
    return cursor


def _new_cursor(connection: Connection) -> Any:
    driver = connection.connection
    if connection.dialect.name != "postgresql":
        return driver.cursor()
    from app.store.libpq_cursor import LibpqCursor  # loaded where PostgreSQL is used

    return LibpqCursor(driver.dbapi_connection)  # type: ignore[arg-type]


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    if dialect.name == "postgresql":  # libpq knows $1, and no names
        kind: Any = type(dialect)
        return _compiled(statement, kind(paramstyle="numeric_dollar"))
    return _compiled(statement, dialect)


def _compiled(statement: Any, dialect: Dialect) -> _Compiled:
    compiled: SQLCompiler = statement.compile(dialect=dialect)
    given = {bind.key for bind in compiled.binds.values() if bind.required}
    values: Values = compiled.construct_params(dict.fromkeys(given), _check=False)
    writers = {name: _writer(bind.type, dialect) for name, bind in compiled.binds.items()}
    if compiled.post_compile_params:  # the values of an IN are the statement's own: write them out
        expanded = compiled.construct_expanded_state(values)
        sql, names, values = expanded.statement, expanded.positiontup, expanded.parameters
        for name, parts in expanded.parameter_expansion.items():
            writers |= dict.fromkeys(parts, writers[name])
    else:
        sql, names = str(compiled), compiled.positiontup
    order = (names or ()) if compiled.positional else tuple(values)
    columns = list(statement.exported_columns)
    return _Compiled(
        sql,
        tuple(_bind(name, writers[name], name in given, values[name]) for name in order),
        compiled.positional,
        _row_of([column.key or "value" for column in columns]),
        tuple(column.type for column in columns),
    )


def _writer(kind: Any, dialect: Dialect) -> Processor | None:
    writer: Processor | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return writer


def _bind(name: str, write: Processor | None, is_given: bool, value: Any) -> _Bind:
    if is_given:
        return _Bind(name, write, is_given)
    return _Bind(name, None, is_given, write(value) if write else value)


def _row_of(keys: list[str]) -> Processor:
    kind: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]  # the statement's names
    make: Processor = kind._make
    return make
