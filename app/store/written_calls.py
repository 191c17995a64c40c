"""Calls as this process wrote or read them last, by their text.

The next look at a call mostly finds the very text of the last one, and need not read it again. What
another process has written since is another text.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from app.domain.calls.call import Call

MOST_KEPT: Final = 256  # calls: a process has far fewer on their way at once


@dataclass(frozen=True, slots=True)
class WrittenCalls:
    """The calls that this process wrote or read last; threads use it together."""

    most: int = MOST_KEPT
    _kept: OrderedDict[str, tuple[str, Call]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, call: Call, text: str) -> None:
        """Keep a call with its text, in place of what it was."""
        with self._lock:
            self._kept.pop(call.sid, None)
            self._kept[call.sid] = (text, call)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def find(self, sid: str, text: str) -> Call | None:
        """Return the call of this text; None where it was neither written nor read here."""
        written, call = self._kept.get(sid, ("", None))
        return call if written == text else None
