"""Parts of pages that were drawn for somebody, kept for everybody who sees the same."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from markupsafe import Markup

DRAWN_KEPT: Final = 32  # of each process


class DrawnParts:
    """The parts that were drawn last, by their etags: the same for everybody who sees the same."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[str, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str, draw: Callable[[], Markup]) -> Markup:
        """Return a part; it is drawn only where it has not been drawn before."""
        with self._lock:
            if (found := self._drawn.get(etag)) is None:
                found = self._drawn[etag] = draw()
            self._drawn.move_to_end(etag)
            while len(self._drawn) > DRAWN_KEPT:
                self._drawn.popitem(last=False)
            return found
