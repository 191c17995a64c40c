"""Every question is asked beside the others and never waited for longer than its time."""

import threading
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from app import clock
from app.domain.message_refs import MessageRef, ref
from app.preflight.facts import Unknown
from app.preflight.finding import Mark

T = TypeVar("T")

SECONDS: Final = 5.0
REQUEST_SECONDS: Final = 4.0  # of one request: it tells more than that nobody answered in time
REPORT: Final = ref("preflight.report")


class NoAnswer(Exception):
    """A question that has no answer, in plain words, and what to do about it."""

    def __init__(
        self, why: MessageRef, do: MessageRef | None = None, mark: Mark = Mark.ERROR
    ) -> None:
        self.unknown = Unknown(why, do, mark)
        super().__init__(why.key)


class BoundedQuery(Generic[T]):
    """A question on its way; it may outlive the wait for its answer, never the process."""

    def __init__(
        self,
        what: MessageRef,
        ask: Callable[[], T],
        too_late: MessageRef,
        seconds: float = SECONDS,
    ) -> None:
        self._what, self._ask, self._too_late = what, ask, too_late
        self._answer: T | Unknown | None = None
        self._seconds, self._until = seconds, clock.seconds() + seconds
        self._thread = threading.Thread(target=self._run, name=what.key, daemon=True)
        self._thread.start()

    def answer(self) -> T | Unknown:
        """Wait for the answer, as long as there is time; Unknown where none came."""
        self._thread.join(max(0.0, self._until - clock.seconds()))
        answer: Any = self._answer
        if answer is None:
            late = ref("preflight.too_late", what=self._what, seconds=f"{self._seconds:g}")
            return Unknown(late, self._too_late)
        found: T | Unknown = answer
        return found

    def _run(self) -> None:
        try:
            self._answer = self._ask()
        except NoAnswer as trouble:
            self._answer = trouble.unknown
        except Exception as fault:  # whatever it is, the other questions still have answers
            self._answer = Unknown(
                ref("preflight.broke", what=self._what, cause=in_short(fault)), REPORT
            )


def in_short(fault: Exception) -> str:
    """Return what a library says, in one line."""
    first = str(fault).partition("\n")[0]
    return f"{type(fault).__name__}: {first[:200]}" if first else type(fault).__name__
