"""What a prepared statement needs of a PostgreSQL cursor, straight on libpq.

psycopg's own cursor parses, converts and waits in Python for every statement, which takes three
times as long as libpq itself. Values are written and read by psycopg's adapters all the same.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
# A table has changed its columns, or somebody between us and the server has let go of it.
NO_LONGER_PREPARED: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)


class LibpqCursor:
    """A cursor of one connection: each statement is prepared there once, by its first execution.

    A transaction begins with the first statement, as it does with psycopg's own cursors.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        """Have nothing prepared yet."""
        self.connection = connection
        self._pgconn = connection.pgconn
        self._adapters = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._numbers = count(1)
        self._result: PGresult | None = None
        self._keep_what_is_prepared()

    @property
    def rowcount(self) -> int:
        """Return how many rows the last statement has met."""
        return (self._result.command_tuples or 0) if self._result else 0

    @property
    def description(self) -> list[tuple[str, int]]:
        """Return the name and the type of each column, as far as a prepared statement asks."""
        result = self._result
        return [("", result.ftype(at)) for at in range(result.nfields)] if result else []

    def execute(self, statement: str, parameters: Sequence[Any]) -> None:
        """Execute a statement with its values in the order of $1, $2 …"""
        self._begin()
        name = self._names.get(statement) or self._prepared(statement)
        values = self._adapters.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters))
        self._result = self._done(self._pgconn.exec_prepared(name, values))  # type: ignore[arg-type]  # its type forgets NULL

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return every row of the last statement."""
        result = self._result
        if result is None or not result.ntuples:
            return []
        self._adapters.set_pgresult(result)
        return self._adapters.load_rows(0, result.ntuples, tuple)

    def _begin(self) -> None:
        if self._pgconn.transaction_status == TransactionStatus.IDLE:
            self._done(self._pgconn.exec_(b"BEGIN"))

    def _prepared(self, statement: str) -> bytes:
        name = b"vakt_%d" % next(self._numbers)
        self._done(self._pgconn.prepare(name, statement.encode()))
        self._names[statement] = name
        return name

    def _done(self, result: PGresult) -> PGresult:
        if result.status in DONE:
            return result
        if self._pgconn.status == ConnStatus.BAD:
            raise OperationalError(result.get_error_message())
        error = errors.error_from_result(result)
        if isinstance(error, NO_LONGER_PREPARED):
            self._names.clear()
        raise error

    def _keep_what_is_prepared(self) -> None:
        """Have the driver prepare nothing by itself: it lets go of all when it rolls back.

        It must hear first that what it has prepared so far is gone.
        """
        self.connection.execute("DEALLOCATE ALL")
        self.connection.prepare_threshold = None
