"""One client's connection: what came in before a thread is taken, and what has still to go out.

Nothing here waits: a thread gets a whole request, and leaves what the client is slow to read.
"""

import socket
from typing import Any, Final

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn

from app.serving.request_bytes import LARGEST_HEAD, Framing, path_of, read_head

PIECE: Final = 64 * 1024  # bytes read at once
GO_ON: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Connection: close\r\nContent-Length: 0\r\n\r\n"
)


class HeadTooLarge(Exception):
    """No request has a head like this."""


class OneRequest(Unreader):  # type: ignore[misc]  # gunicorn ships no types
    """Gives gunicorn's parser the bytes of one request from memory, and then no more."""

    def __init__(self) -> None:
        super().__init__()
        self._data = b""

    def hold(self, data: bytes) -> None:
        """Put the next request in."""
        self._data = data

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return everything at once; nothing means that the client has said all."""
        data, self._data = self._data, b""
        return data

    @property
    def is_used_up(self) -> bool:
        """Tell whether the parser saw the same end of the request as we did."""
        return not self._data and not self.buf.getvalue()


class Outgoing:
    """The socket as a thread sees it: takes every answer at once, never waits for the client."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.unsent = bytearray()

    def sendall(self, data: bytes) -> None:
        """Send what the network takes now; the rest stays in `unsent`."""
        if not self.unsent:
            data = data[self._try(data) :]
        self.unsent += data

    def send(self, data: bytes) -> int:
        """Take all of it."""
        self.sendall(data)
        return len(data)

    def send_rest(self) -> bool:
        """Send more of what is left; tell whether all has gone."""
        del self.unsent[: self._try(self.unsent)]
        return not self.unsent

    def setblocking(self, _is_blocking: bool) -> None:
        """Stay as it is: gunicorn's threads ask for blocking."""

    def _try(self, data: bytes | bytearray) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A connection of gunicorn's thread worker that is read before a thread has it."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.raw = sock
        self.sock = Outgoing(sock)
        self.data_ready = self.initialized = True
        self.request = OneRequest()
        self.parser = RequestParser(cfg, iter(()), client)
        self.parser.unreader = self.request
        self.requests = 0
        self.path = ""  # of the request that is here whole, as the client wrote it
        self.deadline = 0.0
        self._received = bytearray()
        self._framing: Framing | None = None
        self._is_cut = False

    def receive(self) -> bool:
        """Read what there is; False when the client has gone."""
        try:
            piece = self.raw.recv(PIECE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._received += piece
        return bool(piece)

    def ignore(self) -> bool:
        """Read without keeping; False when the client has gone."""
        is_there = self.receive()
        self._received.clear()
        return is_there

    @property
    def has_begun(self) -> bool:
        """Tell whether a part of a request is here."""
        return bool(self._received)

    @property
    def buffered(self) -> int:
        """Tell how many bytes of requests that are not whole yet it keeps in memory."""
        return len(self._received)

    def take_request(self) -> bool:
        """Hand the next request to the parser when all of it is here; HeadTooLarge refuses."""
        framing = self._framing = self._framing or read_head(self._received)
        if framing is None:
            if len(self._received) > LARGEST_HEAD:
                raise HeadTooLarge
            return False
        end = framing.end_of_request(self._received)
        if end is None:
            self._let_go_on(framing)
            return False
        request = bytes(self._received[:end])
        self.path = path_of(request)
        self.request.hold(request)
        del self._received[:end]
        self._framing, self._is_cut = None, framing.is_cut
        self.requests += 1
        return True

    @property
    def can_go_on(self) -> bool:
        """Tell whether another request can follow: both sides agree where the last one ended."""
        return self.request.is_used_up and not self._is_cut

    def _let_go_on(self, framing: Framing) -> None:
        """Answer a client that sends its body only when it is asked to."""
        if framing.waits_for_100 and len(self._received) == framing.head_end:
            self.sock.sendall(GO_ON)

    def refuse(self, answer: bytes) -> None:
        """Send a last answer, as far as the network takes it."""
        self.sock.sendall(answer)

    def close(self, graceful: bool = False) -> None:
        """Close at once: whoever wants to linger does so in the poller."""
        self.raw.close()
