"""Starts the product's own processes on this machine, keeps what they say, and ends them."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.warm_start import WarmProcess, start_warm

ROOT = Path(__file__).parents[2]
WEB = ("-m", "gunicorn", "app:create_app()")
SUPERVISED_WEB = (
    "-m",
    "app.cli",
    "web",
)  # with somebody who holds the socket and starts gunicorn again
WORKER = ("-m", "app.cli", "worker")
ENDS_WITHIN = 90.0  # seconds; both finish what they have begun, on a machine that does much else


@dataclass
class Process:
    """One process of the product: its command, its settings, and the file it writes to."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    _running: WarmProcess | None = field(default=None, init=False)

    @property
    def is_running(self) -> bool:
        return self._running is not None and self._running.is_alive()

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def start(self) -> None:
        self._running = start_warm(self.command, self.environment, self.log)

    @property
    def children(self) -> list[int]:
        """Its processes: those of gunicorn, who do the work."""
        return children_of(self.pid) if self._running else []

    def stop(self) -> int | None:
        """Ends it politely; gives its exit code. Nothing of it is left, polite or not."""
        running, self._running = self._running, None
        if running is None:
            return None
        running.terminate()
        running.join(ENDS_WITHIN)
        if running.exitcode is None:
            _kill_group(running)
        return running.exitcode

    def kill(self) -> None:
        """Ends it as a power cut does, with every process of its own."""
        running, self._running = self._running, None
        assert running is not None
        _kill_group(running)

    def renew(self) -> None:
        """Lets its web processes be followed by new ones, as a deploy does; none is cut off."""
        booted, gone = self._count("Booting worker"), self._count("Worker exiting")
        os.kill(self.pid, signal.SIGHUP)
        wait_until(lambda: self._count("Worker exiting") >= gone + 2, "the old ones leave")
        wait_until(lambda: self._count("Booting worker") >= booted + 2, "new ones come")

    def _count(self, words: str) -> int:
        return self.said().count(words)

    def said(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def _kill_group(running: WarmProcess) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(running.pid, signal.SIGKILL)
    running.join()


def children_of(pid: int) -> list[int]:
    """The processes that this one has started; none where it is gone."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(each) for each in found.split()]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Waits for something that other processes bring about; names it when it never comes."""
    give_up = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)
