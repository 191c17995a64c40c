"""The product's own processes under a storm, and who starts them again, as systemd would.

The web is `vakt web`: its supervisor holds the listening socket, as a systemd socket unit does, and
starts gunicorn again. Who calls while nobody is there waits in line, and is answered by the next.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.end_to_end.processes import SUPERVISED_WEB, WORKER, Process, children_of
from tests.tools.storm.databases import Killable
from tests.tools.storm.plan import Victim

PARTS = {
    Victim.WEB_PROCESS: (Victim.WEB,),
    Victim.MASTER: (Victim.WEB,),
    Victim.EVERYTHING: (Victim.WEB, Victim.WORKER, Victim.DATABASE),
}
PATIENT = 20.0  # seconds; all threads may be taken
UP_WITHIN = 180.0  # seconds; a shared machine may take long to start a process
WEB_PROCESSES = 2


def parts(victim: Victim) -> tuple[Victim, ...]:
    """What of the system must be there for this victim to be killed."""
    return PARTS.get(victim, (victim,))


@dataclass
class StormProduct:
    """Web, worker and database of one storm."""

    url: str
    database: Killable
    web: Process
    worker: Process
    fell_alone: list[str] = field(default_factory=list)
    masters_killed: int = 0
    _down: dict[Victim, float] = field(default_factory=dict)  # until when
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _said: dict[Victim, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def fall(self, victim: Victim, away: float = 0.0, dice: int = 0) -> None:
        """Kills it with -9, now; so many seconds later it is started again."""
        with self._lock:
            match victim:
                case Victim.WEB_PROCESS:
                    self._kill_one(dice)  # gunicorn itself starts another one
                case Victim.MASTER:
                    self._kill_masters(os.kill)
                case _:
                    for part in parts(victim):
                        self._fall(part, away)

    def is_up(self, victim: Victim) -> bool:
        """Whether there is something to kill: it is there, and has begun its work."""
        return all(self._is_up(part) for part in parts(victim))

    def comes_up(self, victim: Victim) -> bool:
        """Waits until there is something to kill, as long as any machine may take."""
        give_up = time.monotonic() + UP_WITHIN
        while not (is_up := self.is_up(victim)) and time.monotonic() < give_up:
            pause(0.1)
        return is_up

    def await_all(self) -> None:
        if not self.comes_up(Victim.EVERYTHING):
            raise TimeoutError(f"the system is not up within {UP_WITHIN:.0f} s\n{self.said()}")

    def supervise(self) -> None:
        """Starts again what is down for long enough; and what has ended though nobody killed it,
        which is remembered.

        In one thread as long as the system stands: what it starts ends with the thread.
        """
        while not self._over.wait(0.05):
            with self._lock:
                if self._over.is_set():  # while we waited for the lock
                    return
                for part in [each for each, due in self._down.items() if time.monotonic() >= due]:
                    self._rise(part)
                    del self._down[part]
                for part, process in ((Victim.WEB, self.web), (Victim.WORKER, self.worker)):
                    if part not in self._down and not process.is_running:
                        self.fell_alone.append(f"{part} ended by itself")
                        self._rise(part)

    def close(self) -> None:
        """Ends web and worker politely."""
        self._over.set()
        with self._lock:
            self.web.stop()
            self.worker.stop()

    def offline_turns(self) -> int:
        """How many turns were taken without the database, by all processes that have lived."""
        lines = requests.get(f"{self.url}/metrics", timeout=30).text.splitlines()
        found = [line for line in lines if line.startswith("vakt_offline_turns_total")]
        return round(sum(float(line.split()[-1]) for line in found))

    def ended_by_itself(self) -> tuple[str, ...]:
        """What nobody has killed, and what ended all the same."""
        ends = self.web.said().count('"event": "web_ended"')
        own = [f"gunicorn ended {ends} times"] if ends > self.masters_killed else []
        return (*self.fell_alone, *own)

    def said(self) -> str:
        return self.web.said() + self.worker.said()

    def _kill_one(self, dice: int) -> None:
        processes = self._web_processes()
        if processes:
            os.kill(processes[dice % len(processes)], signal.SIGKILL)

    def _kill_masters(self, kill: Callable[[int, int], None]) -> None:
        """Its supervisor starts another one; `os.killpg` takes the processes with it."""
        for master in self.web.children:
            kill(master, signal.SIGKILL)
            self.masters_killed += 1

    def _web_processes(self) -> list[int]:
        return [process for master in self.web.children for process in children_of(master)]

    def _fall(self, part: Victim, away: float) -> None:
        match part:
            case Victim.WEB:
                self._kill_masters(os.killpg)
            case Victim.WORKER:
                self._down[part] = time.monotonic() + away
                self.worker.kill()
            case _:
                self._down[part] = time.monotonic() + away
                self.database.fall()

    def _rise(self, part: Victim) -> None:
        match part:
            case Victim.WEB:  # its supervisor ended by itself
                self.web.start()
            case Victim.WORKER:
                self._said[part] = len(self.worker.said())
                self.worker.start()
            case _:
                self.database.rise()

    def _is_up(self, part: Victim) -> bool:
        with self._lock:
            if part in self._down:
                return False
        match part:
            case Victim.WEB:
                return len(self._web_processes()) >= WEB_PROCESSES and self._answers()
            case Victim.WORKER:
                said = self.worker.said()[self._said.get(part, 0) :]
                return self.worker.is_running and "worker_started" in said
            case _:
                return self.database.is_up

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=PATIENT).status_code == 200
        except requests.RequestException:
            return False


@contextmanager
def storm_product(
    database: Killable, environment: Mapping[str, str], folder: Path, port: int
) -> Iterator[StormProduct]:
    """The product as `vakt web` and `vakt worker` run it; ends politely."""
    url = address(port)
    settings = {
        **environment,
        "PORT": str(port),
        "DATABASE_URL": database.url,
        "PUBLIC_URL": url,
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "SECRET_KEY": "of the storm",
        "WEB_WORKERS": str(WEB_PROCESSES),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }
    web = Process(SUPERVISED_WEB, settings, folder / "web.log")
    product = StormProduct(url, database, web, Process(WORKER, settings, folder / "worker.log"))
    supervisor = threading.Thread(target=product.supervise, name="supervisor", daemon=True)
    try:
        web.start()
        product.worker.start()
        supervisor.start()
        product.await_all()
        yield product
    finally:
        product.close()
        supervisor.join()


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def pause(seconds: float) -> None:
    """The storm's own delays: nothing is waited for by them."""
    time.sleep(seconds)
