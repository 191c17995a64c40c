"""Statements that wait for the next one of their connection, or for its commit: on PostgreSQL.

A turn asks nothing of the result of most that it writes. These go out together, with what is asked
next or before the commit: one way to the server and back in place of one for each.
"""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

CURSOR: Final = "vakt_cursor"  # in the information that SQLAlchemy keeps of a connection


def keep_in_order(engine: Engine) -> None:
    """Let no statement of SQLAlchemy's own overtake what waits, and no commit forget it."""
    event.listen(engine, "before_cursor_execute", _send_first)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _forget)


def database_error(
    connection: Connection, sql: str, parameters: Any, error: Exception, cursor: Any
) -> Exception:
    """Say it as SQLAlchemy does, and let go of a connection that is lost."""
    dialect, driver = connection.dialect, connection.connection.dbapi_connection
    is_lost = dialect.is_disconnect(error, driver, cursor)  # type: ignore[arg-type]
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        parameters,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_lost,
        dialect=dialect,
    )


def _send_first(connection: Connection, cursor: Any, sql: str, *_: object) -> None:
    ours = connection.connection.info.get(CURSOR)
    if ours is None or ours is cursor or not ours.has_queued:
        return
    try:
        ours.send_queued()
    except connection.dialect.loaded_dbapi.Error as error:
        raise database_error(connection, sql, None, error, ours) from error


def _commit(connection: Connection) -> None:
    """Commit what our own cursor has begun; SQLAlchemy then finds nothing left to commit."""
    ours = connection.connection.info.get(CURSOR)
    if ours is None:
        return
    try:
        ours.commit()
    except connection.dialect.loaded_dbapi.Error as error:
        raise database_error(connection, "COMMIT", None, error, ours) from error


def _forget(connection: Connection) -> None:
    ours = None if connection.invalidated else connection.connection.info.get(CURSOR)
    if ours is not None:
        ours.forget_queued()
