"""A limit on how long one transaction may last, whatever the database does.

A statement has a limit of its own, kept by the server; a server that hangs, or has
vanished from the network, keeps none. Then the connection is cut from this side.
"""

import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from app import clock
from app.store.database import Database

LOOK_EVERY: Final = 0.25  # seconds

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class TransactionTimeout:
    """Cuts connections that are out for longer than `seconds`.

    It costs a turn two entries in a dictionary; a thread of its own looks at them.
    """

    seconds: float
    _out: dict[int, tuple[float, Any]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def stop(self) -> None:
        """Stop the thread."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def began(self, connection: Any) -> None:
        """Note that a transaction began. A process that was forked starts its own thread."""
        self._out[id(connection)] = (clock.seconds(), connection)
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def ended(self, connection: Any) -> None:
        """Note that it has ended."""
        self._out.pop(id(connection), None)

    def _start(self) -> None:
        with self._starting:
            if self._stop.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(
                target=self._look, name="transaction_timeout", daemon=True
            )
            self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            too_old = clock.seconds() - self.seconds
            for key, (since, connection) in list(self._out.items()):
                if since < too_old and self._out.get(key) == (since, connection):
                    self._out.pop(key, (0.0, None))
                    log.error("transaction_cut", seconds=self.seconds)
                    interrupt_connection(connection)


def limit_transactions(database: Database, seconds: float) -> TransactionTimeout:
    """Cut this database's transactions after so many seconds: they end as unavailable."""
    watch = TransactionTimeout(seconds)
    database.watches.append(watch)
    return watch


def interrupt_connection(connection: Any) -> None:
    """Make whoever waits for this connection stop waiting, from another thread."""
    with suppress(Exception):  # it may have ended by itself
        if hasattr(connection, "interrupt"):  # SQLite
            connection.interrupt()
            return
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
