"""gunicorn's thread worker, with two differences: no thread waits for a client, none for a page.

Requests are read, and answers written out, in the poller. A connection that is open and silent, or
slow, costs a place among a thousand; the telephone keeps its threads. Pages have their own.
"""

import errno
import resource
import selectors
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from app.domain.message_refs import ref
from app.serving.connection import HEAD_TOO_LARGE, Connection, HeadTooLarge
from app.serving.page_threads import BUSY, PageThreads, is_of_page
from app.settings import read_serving_settings
from app.voice_prompts import print_to_operator

ANSWER_SECONDS: Final = 30.0  # until the client has read it
GOODBYE_SECONDS: Final = 2.0  # a client that still writes must not lose the answer (RFC 9112, 9.6)
SWEEP_SECONDS: Final = 0.5
MOST_UNREAD: Final = 64 * 1024 * 1024  # bytes of requests that are not whole yet, of all clients
MOST_UNSENT: Final = 64 * 1024 * 1024  # bytes of answers that clients are slow to read
FILES: Final = 8192
NONE_LEFT: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
NOBODY: Final = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Reads the whole request before it takes a thread, and sends the answer after it."""

    request_seconds = 10.0  # from the connection, or the first byte, to the last

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watched: dict[Connection, None] = {}
        self._next_sweep = 0.0
        self._page_threads: PageThreads | None = None  # made after the fork

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse what this worker does not do."""
        super().check_config(cfg, log)
        if cfg.is_ssl:
            print_to_operator(ref("settings.no_tls_here"))
            raise SystemExit(1)

    def init_process(self) -> None:
        """Allow as many connections as there are places; systemd's own limit is 1024 files."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
        self._page_threads = PageThreads(read_serving_settings().web_page_threads)
        super().init_process()

    def run(self) -> None:
        """Serve; who still waits for a page when the time to stop is over gets none."""
        try:
            super().run()
        finally:
            if self._page_threads:
                self._page_threads.close()

    # From the connection to the request ----------------------------------------------------

    def accept(self, listener: Any) -> None:
        """Take a connection; the last place goes to the newest, whoever is silent longest goes."""
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        try:
            sock, client = listener.accept()
        except OSError as refused:
            if refused.errno in NONE_LEFT:
                self._make_room()
            elif refused.errno not in NOBODY:
                raise
            return
        self.nr_conns += 1
        self._await_request(Connection(self.cfg, sock, client, listener.getsockname()))

    def _await_request(self, conn: Connection) -> None:
        is_idle = conn.requests and not conn.has_begun
        seconds = self.cfg.keepalive if is_idle else self.request_seconds
        if not self.alive:
            seconds = min(seconds, STOP_KEEPALIVE_LINGER)
        self._watch(conn, selectors.EVENT_READ, self._read, seconds)

    def _read(self, conn: Connection) -> None:
        had_begun = conn.has_begun
        if not conn.receive():
            self._drop(conn)
        elif self._begin(conn):
            return
        elif conn in self._watched and not had_begun:
            conn.deadline = time.monotonic() + self.request_seconds

    def _begin(self, conn: Connection) -> bool:
        """Give a whole request to a thread; tell whether there was one."""
        try:
            if not conn.take_request():
                return False
        except HeadTooLarge:
            conn.refuse(HEAD_TOO_LARGE)
            self._say_goodbye(conn)
            return True
        self._leave(conn)
        self.enqueue_req(conn)
        return True

    def enqueue_req(self, conn: Connection) -> None:
        """Give a whole request to a thread of its kind; refuse one too many of the pages'."""
        if not self._page_threads or not is_of_page(conn.path):
            super().enqueue_req(conn)
            return
        future = self._page_threads.submit(self.handle, conn)
        if future is None:
            conn.refuse(BUSY)
            self._say_goodbye(conn)
            return
        future.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    # From the answer to the next request ---------------------------------------------------

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Send what is left of the answer; then wait for the next request, or close."""
        try:
            goes_on = not fs.cancelled() and bool(fs.result()) and conn.can_go_on
            if conn.sock.fileno() < 0:
                self._drop(conn)
            elif conn.sock.unsent:
                self._send_rest(conn, goes_on)
            else:
                self._answered(conn, goes_on)
        except Exception:
            self.log.exception("Error after a request")
            self._drop(conn)

    def _send_rest(self, conn: Connection, goes_on: bool) -> None:
        unsent = sum(len(each.sock.unsent) for each in self._watched)
        if unsent + len(conn.sock.unsent) > MOST_UNSENT:
            self._drop(conn)
            return
        send = partial(self._send, goes_on=goes_on)
        self._watch(conn, selectors.EVENT_WRITE, send, ANSWER_SECONDS)

    def _send(self, conn: Connection, *, goes_on: bool) -> None:
        try:
            has_gone = conn.sock.send_rest()
        except OSError:
            self._drop(conn)
            return
        if has_gone:
            self._answered(conn, goes_on)

    def _answered(self, conn: Connection, goes_on: bool) -> None:
        if not goes_on:
            self._say_goodbye(conn)
        elif not self._begin(conn):  # a request may have come in behind the last one
            self._await_request(conn)

    def _say_goodbye(self, conn: Connection) -> None:
        """Close our side, and read on for a moment: closing on unread bytes cuts the answer off."""
        try:
            conn.raw.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        self._watch(conn, selectors.EVENT_READ, self._ignore, GOODBYE_SECONDS)

    def _ignore(self, conn: Connection) -> None:
        if not conn.ignore():
            self._drop(conn)

    # Whom we watch, and for how long -------------------------------------------------------

    def _watch(
        self, conn: Connection, event: int, then: Callable[[Connection], None], seconds: float
    ) -> None:
        self._leave(conn)
        conn.deadline = time.monotonic() + seconds
        self._watched[conn] = None
        self.poller.register(conn.raw, event, partial(self._happened, conn, then))

    def _happened(self, conn: Connection, then: Callable[[Connection], None], _sock: Any) -> None:
        """Go on with a connection, unless another event of the same moment has closed it."""
        if conn in self._watched:
            then(conn)

    def _leave(self, conn: Connection) -> None:
        if conn in self._watched:
            del self._watched[conn]
            self.poller.unregister(conn.raw)

    def _drop(self, conn: Connection) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()

    def _make_room(self) -> None:
        """Close the connection that has been waited for longest."""
        if self._watched:
            self._drop(next(iter(self._watched)))

    def murder_keepalived(self, force: bool = False) -> None:
        """Close what has taken too long (gunicorn asks at each turn of its loop)."""
        now = time.monotonic()
        if now < self._next_sweep and not force:
            return
        self._next_sweep = now + SWEEP_SECONDS
        for conn in [each for each in self._watched if force or each.deadline <= now]:
            self._drop(conn)
        self._let_go_of_the_largest()

    def _let_go_of_the_largest(self) -> None:
        """Keep unfinished requests from filling the memory: nobody has checked a signature yet."""
        buffered = sum(each.buffered for each in self._watched)
        for conn in sorted(self._watched, key=lambda each: each.buffered, reverse=True):
            if buffered <= MOST_UNREAD:
                return
            buffered -= conn.buffered
            self._drop(conn)

    def murder_pending(self) -> None:
        """Do nothing: gunicorn's own list of silent connections stays empty."""

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping worker waits for nobody's request longer than this."""
        for conn in self._watched:
            if not conn.sock.unsent:
                conn.deadline = min(conn.deadline, deadline)
