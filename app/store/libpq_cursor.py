"""What a prepared statement needs of a PostgreSQL cursor, straight on libpq.

psycopg's own cursor parses, converts and waits in Python for every statement, which takes three
times as long as libpq itself. Values are written and read by psycopg's adapters all the same.
"""

import select
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from types import NoneType
from typing import Any, Final

from psycopg import Connection, DataError, Error, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
# A table has changed its columns, or somebody between us and the server has let go of it.
NO_LONGER_PREPARED: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)


def _text(value: str) -> bytes:
    if "\0" in value:  # libpq would take it for the end
        raise DataError("nul_in_text")
    return value.encode()


# What turns write, as psycopg's adapters write it, in a tenth of their time.
AS_TEXT: Final[dict[type, Callable[[Any], bytes | None]]] = {
    str: _text,
    int: b"%d".__mod__,
    bool: lambda value: b"t" if value else b"f",
    float: lambda value: repr(value).encode(),
    datetime: lambda value: value.isoformat().encode(),
    NoneType: lambda _: None,
}
Message = tuple[bytes, Sequence[Any] | None]  # the name of what is prepared, and its values
BEGIN: Final[Message] = (b"BEGIN", None)
COMMIT: Final = b"COMMIT"  # what is asked, and what the server says it has done


class LibpqCursor:
    """A cursor of one connection: each statement is prepared there once, by its first execution.

    A transaction begins with the first statement, as it does with psycopg's own cursors. What is
    queued goes out with the next one, or before the commit.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        """Have nothing prepared yet."""
        self.connection = connection
        self._pgconn = connection.pgconn
        self._adapters = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._numbers = count(1)
        self._result: PGresult | None = None
        self._queued: list[Message] = []
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

    @property
    def has_queued(self) -> bool:
        """Tell whether statements wait to be sent."""
        return bool(self._queued)

    def queue(self, statement: str, parameters: Sequence[Any]) -> None:
        """Have a statement executed before the next one, in the order in which they came."""
        self._queued.append(self._message(statement, parameters))

    def forget_queued(self) -> None:
        """Let what waits to be sent never have been asked for."""
        self._queued.clear()

    def execute(self, statement: str, parameters: Sequence[Any]) -> None:
        """Execute a statement with its values in the order of $1, $2 …"""
        self._result = self._send(self._message(statement, parameters))

    def send_queued(self) -> None:
        """Execute what waits."""
        self._result = self._send()

    def commit(self) -> None:
        """Execute what waits, then commit; where anything has failed all is rolled back.

        The commit is sent when all the rest is known to be done: a server whose line was cut before
        would else store it later, beside what the second try stores.
        """
        try:
            if self._queued:
                self.send_queued()
            if self._pgconn.transaction_status == TransactionStatus.IDLE:
                return
            self._result = self._done(self._pgconn.exec_(COMMIT))
        except Error:
            if self._pgconn.transaction_status == TransactionStatus.INERROR:
                self.connection.rollback()
            raise
        # After an error that somebody has caught the server rolls back, and calls that a success.
        if self._result.command_status != COMMIT:
            raise errors.InFailedSqlTransaction("rolled_back")

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return every row of the last statement."""
        result = self._result
        if result is None or not result.ntuples:
            return []
        self._adapters.set_pgresult(result)
        return self._adapters.load_rows(0, result.ntuples, tuple)

    def _message(self, statement: str, parameters: Sequence[Any]) -> Message:
        name = self._names.get(statement) or self._prepared(statement)
        try:
            return name, [AS_TEXT[type(value)](value) for value in parameters]
        except KeyError:
            formats = [PyFormat.TEXT] * len(parameters)
            return name, self._adapters.dump_sequence(parameters, formats)

    def _send(self, *last: Message) -> PGresult:
        """Send what waits and then this, in one transaction; return the result of the last one.

        One alone is sent and waited for without Python's lock; several are sent with it, which pays
        only where they are many: the server, once woken, may take the processor meanwhile.
        """
        messages = [*self._queued, *last]
        self._queued.clear()
        is_begun = self._pgconn.transaction_status != TransactionStatus.IDLE
        if len(messages) > 1:
            return self._sent_together(messages if is_begun else [BEGIN, *messages])
        if not is_begun:
            self._done(self._pgconn.exec_(b"BEGIN"))
        name, values = messages[0]
        return self._done(self._pgconn.exec_prepared(name, values))

    def _sent_together(self, messages: Sequence[Message]) -> PGresult:
        """Send all at once; when one fails the server passes over those that come after it."""
        try:
            results = self._results_of(messages)
        except BaseException:  # nobody knows what has been done, and what is still to be read
            self._pgconn.finish()
            raise
        for result in results:
            self._done(result)
        return results[-1]

    def _results_of(self, messages: Sequence[Message]) -> list[PGresult]:
        self._pgconn.enter_pipeline_mode()
        for name, values in messages:
            if values is None:
                self._pgconn.send_query_params(name, None)
            else:
                self._pgconn.send_query_prepared(name, values)
        self._pgconn.pipeline_sync()
        while self._pgconn.flush():  # it is more than the network takes at once
            self._wait(select.POLLIN | select.POLLOUT)
        results = [self._next_result() for _ in messages]
        self._next_result()  # the end of the pipeline
        self._pgconn.exit_pipeline_mode()
        return results

    def _next_result(self) -> PGresult:
        """Wait for a result without Python's lock: libpq itself would keep it."""
        while True:
            while self._pgconn.is_busy():
                self._wait(select.POLLIN)
            result = self._pgconn.get_result()
            if result is not None:  # what stands between the results of two statements
                return result
            if self._pgconn.status == ConnStatus.BAD:
                raise OperationalError(self._pgconn.get_error_message())

    def _wait(self, events: int) -> None:
        poll = select.poll()
        poll.register(self._pgconn.socket, events)
        poll.poll()
        self._pgconn.consume_input()

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
