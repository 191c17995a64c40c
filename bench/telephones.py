"""A client that sends posts over connections that stay open, and times every answer.

One thread and no library between: on a small machine the client competes with the server.
"""

import selectors
import socket
from collections import deque
from dataclasses import dataclass, field
from random import Random
from time import perf_counter, sleep

from bench.calls import Call, Post

PATIENCE = 20.0  # seconds without any answer, after which the rest counts as lost
NO_CONTENT = b"HTTP/1.1 204"
GOOD = (b"HTTP/1.1 200", NO_CONTENT)


@dataclass(slots=True)
class Heard:
    """What came back: seconds per answer, and what was wrong with the others."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


class Connection:
    """One connection: at most one request under way."""

    def __init__(self, port: int, watch: selectors.BaseSelector) -> None:
        self._port, self._watch = port, watch
        self._read = b""
        self.post: Post | None = None
        self.since = 0.0
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._watch.register(self._socket, selectors.EVENT_READ, self)

    def open_again(self) -> None:
        self.close()
        self._open()

    def send(self, post: Post, since: float) -> None:
        self.post, self.since, self._read = post, since, b""
        self._socket.sendall(post.request)

    def answer(self) -> bytes | None:
        """The whole answer, or None while it is still coming. ConnectionError when cut off."""
        some = self._socket.recv(65536)
        if not some:
            raise ConnectionError("cut off")
        self._read += some
        return self._read if is_whole(self._read) else None

    def close(self) -> None:
        self._watch.unregister(self._socket)
        self._socket.close()


def is_whole(read: bytes) -> bool:
    """Whether these bytes are an answer from its first line to its last byte."""
    head, blank, body = read.partition(b"\r\n\r\n")
    if not blank:
        return False
    at = head.lower().find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return head.startswith(NO_CONTENT) or len(body) >= length


def is_expected(answer: bytes, post: Post) -> bool:
    """Whether this is the answer that the post must get."""
    return answer.startswith(GOOD) and (post.answer in answer if post.answer else True)


class Telephones:
    """So many callers at once on one server."""

    def __init__(self, port: int, at_once: int) -> None:
        self._port, self._at_once = port, at_once
        self._watch = selectors.DefaultSelector()
        self._idle: list[Connection] = []
        self._heard = Heard()
        self._any_answer = True

    def close(self) -> None:
        for key in [*self._watch.get_map().values()]:
            key.data.close()
        self._watch.close()

    def one_after_the_other(self, calls: list[Call]) -> Heard:
        """Make all calls as fast as the answers come, each connection one call at a time."""
        heard = self._heard = Heard(sent=sum(len(call.posts) for call in calls))
        waiting = deque(deque(call.posts) for call in calls)
        under_way: dict[Connection, deque[Post]] = {}
        started = perf_counter()
        while waiting or under_way:
            while waiting and len(under_way) < self._at_once:
                connection, posts = self._any_idle(), waiting.popleft()
                under_way[connection] = posts
                connection.send(posts.popleft(), perf_counter())
            for connection in self._answered(PATIENCE):
                if posts := under_way[connection]:
                    connection.send(posts.popleft(), perf_counter())
                else:
                    del under_way[connection]
                    self._idle.append(connection)
            if heard.wrong and not self._any_answer:
                break
        heard.seconds = perf_counter() - started
        return heard

    def on_schedule(self, plan: list[tuple[float, Post]]) -> Heard:
        """Send every post at its second, whatever became of earlier ones; late counts as late.

        A post waits for the answer to the post before it in its own call, as the network does.
        """
        heard = self._heard = Heard(sent=len(plan))
        due = deque(plan)
        busy: set[int] = set()
        held: dict[int, deque[tuple[float, Post]]] = {}
        started = perf_counter()
        while due or busy:
            now = perf_counter() - started
            while due and due[0][0] <= now:
                at, post = due.popleft()
                if id(post.call) in busy:
                    held.setdefault(id(post.call), deque()).append((at, post))
                else:
                    busy.add(id(post.call))
                    self._any_idle().send(post, started + at)
            wait = max(0.0, due[0][0] - (perf_counter() - started)) if due else PATIENCE
            for connection in self._answered(wait):
                call = id(connection.post.call) if connection.post else 0
                if next_ones := held.get(call):
                    at, post = next_ones.popleft()
                    connection.send(post, started + at)
                else:
                    busy.discard(call)
                    self._idle.append(connection)
            if not due and not self._any_answer:
                break
        heard.seconds = perf_counter() - started
        return heard

    def _any_idle(self) -> Connection:
        # Opened only when there is something to send: a silent one holds a thread of the server.
        return self._idle.pop() if self._idle else Connection(self._port, self._watch)

    def _answered(self, wait: float) -> list[Connection]:
        """Note what has come in, and give the connections that are free again."""
        ready = self._watch.select(wait)
        self._any_answer = bool(ready)
        free: list[Connection] = []
        for key, _ in ready:
            connection: Connection = key.data
            try:
                answer = connection.answer()
            except OSError as error:
                self._heard.wrong.append(f"cut off: {error}")
                connection.open_again()
                free.append(connection)
                continue
            if answer is not None and connection.post:
                self._note(answer, connection.post, perf_counter() - connection.since)
                free.append(connection)
        return free

    def _note(self, answer: bytes, post: Post, seconds: float) -> None:
        if is_expected(answer, post):
            self._heard.latencies.append(seconds)
        else:
            first_line = post.request.split(b"\r\n", 1)[0]
            self._heard.wrong.append(f"{first_line.decode()} → {answer[:400]!r}")


def schedule(
    calls: list[Call], per_second: float, at_once: int, seed: int
) -> list[tuple[float, Post]]:
    """When each post is sent: so many a second on average, at random as calls come in.

    So many calls are under way at any time, and take turns.
    """
    random, at = Random(seed), 0.0
    waiting = deque(deque(call.posts) for call in calls)
    active: deque[deque[Post]] = deque()
    plan: list[tuple[float, Post]] = []
    while waiting or active:
        while waiting and len(active) < at_once:
            active.append(waiting.popleft())
        posts = active.popleft()
        at += random.expovariate(per_second)
        plan.append((at, posts.popleft()))
        if posts:
            active.append(posts)
    return plan


def wait_until_it_answers(port: int, seconds: float = 30) -> None:
    """Wait for a server; TimeoutError when it does not come."""
    give_up = perf_counter() + seconds
    while perf_counter() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            sleep(0.05)
    raise TimeoutError(f"nothing answers on port {port}")
