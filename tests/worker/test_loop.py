"""A worker's loop: when it works, how long it waits, and what wakes it. Nothing sleeps here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.store import DatabaseUnavailable
from app.worker.loop import AFTER_TROUBLE_SECONDS, Loop, Wakeups, run_loop


@dataclass
class Noted(Wakeups):
    """Notes how long would have been waited, and waits for nothing."""

    waits: list[tuple[str, float]] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.waits.append(("woken or", seconds))

    def rest(self, seconds: float) -> None:
        self.waits.append(("rest", seconds))


@dataclass
class Work:
    """Does what it is told, one after another, and stops its loop at the end."""

    wakeups: Noted
    answers: Iterator[object]

    def __call__(self) -> object:
        answer = next(self.answers, self)
        if answer is self:
            self.wakeups.stop()
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer


def waits(*answers: object, **more: float) -> list[tuple[str, float]]:
    """What a loop waits after each of these answers of its work."""
    wakeups = Noted()
    work = Work(wakeups, iter(answers))
    run_loop(Loop("x", 5.0, work, wakeups, **more))  # type: ignore[arg-type]
    return wakeups.waits[: 2 * len(answers) + bool(more.get("waits_first"))]


def test_what_has_nothing_more_to_do_waits_to_be_woken_or_for_its_time() -> None:
    assert waits(0, None) == [("rest", 0.0), ("woken or", 5.0)] * 2


def test_what_may_have_more_to_do_does_not_wait() -> None:
    assert waits(True) == [("rest", 0.0), ("woken or", 0.0)]
    assert waits(True, again=0.5) == [("rest", 0.5), ("woken or", 0.0)]


def test_however_often_it_is_woken_it_rests_first() -> None:
    assert waits(False, rest=2.0) == [("rest", 2.0), ("woken or", 5.0)]


def test_what_waits_first_does_so_once() -> None:
    assert waits(None, waits_first=True) == [
        ("woken or", 5.0),
        ("rest", 0.0),
        ("woken or", 5.0),
    ]


def test_neither_a_database_that_is_away_nor_a_fault_of_ours_ends_it() -> None:
    troubles = (DatabaseUnavailable("away"), ZeroDivisionError("ours"))
    assert waits(*troubles, None) == [
        *[("rest", AFTER_TROUBLE_SECONDS), ("woken or", 5.0)] * 2,
        *[("rest", 0.0), ("woken or", 5.0)],
    ]


def ended(thread: threading.Thread) -> bool:
    thread.join(60)
    return not thread.is_alive()


def waiting(wakeups: Wakeups) -> threading.Thread:
    thread = threading.Thread(target=wakeups.wait, args=(3600.0,), daemon=True)
    thread.start()
    return thread


def test_as_many_are_woken_as_there_is_work_for() -> None:
    wakeups = Wakeups()
    threads = [waiting(wakeups) for _ in range(3)]
    wakeups.wake(2)
    woken = [thread for thread in threads if ended_soon(threads, 2) and not thread.is_alive()]
    assert len(woken) == 2
    wakeups.stop()
    assert all(ended(thread) for thread in threads)


def ended_soon(threads: list[threading.Thread], count: int) -> bool:
    for thread in threads * 600:
        thread.join(0.1)
        if sum(not each.is_alive() for each in threads) == count:
            return True
    return False


def test_who_works_while_it_is_woken_looks_again_afterwards() -> None:
    wakeups = Wakeups()
    wakeups.wake()
    assert ended(waiting(wakeups))


def test_when_all_stops_nobody_waits_any_more() -> None:
    wakeups = Wakeups()
    threads = [waiting(wakeups) for _ in range(3)]
    wakeups.stop()
    assert all(ended(thread) for thread in threads)
    assert ended(waiting(wakeups))
    wakeups.rest(3600.0)
