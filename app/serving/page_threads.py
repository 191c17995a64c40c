"""Pages have threads of their own: whatever they do, telephone, API and health keep theirs."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any, Final

# Below these is what programs ask for; everything else is for somebody's browser.
OF_PROGRAMS: Final = ("/twilio/", "/api/", "/healthz", "/readyz", "/metrics")
MOST_WAITING: Final = 64  # requests of pages; whoever comes then is asked to come again
BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Retry-After: 5\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


def is_of_page(path: str) -> bool:
    """Tell whether a browser shows what this path answers; an unusual spelling counts as that."""
    return not path.startswith(OF_PROGRAMS)


class PageThreads:
    """A few threads, and a line before them that has an end."""

    def __init__(self, threads: int, most_waiting: int = MOST_WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._places = BoundedSemaphore(threads + most_waiting)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any] | None:
        """Let a thread do it, now or later; None where too many wait already."""
        if not self._places.acquire(blocking=False):
            return None
        future = self._pool.submit(work, *arguments)
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
