"""The product's own processes under a storm, and who starts them again, as systemd would.

The door is a listening socket that outlives gunicorn (a systemd socket unit does the same): who
calls while nobody is there waits in line, and is answered by the next process.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.end_to_end.running import WEB, WORKER, Process
from tests.storm.databases import Killable
from tests.storm.plan import Victim

PARTS = {
    Victim.WEB_PROCESS: (Victim.WEB,),
    Victim.EVERYTHING: (Victim.WEB, Victim.WORKER, Victim.DATABASE),
}
PATIENT = 20.0  # seconds; all threads may be taken
UP_WITHIN = 180.0  # seconds; a shared machine may take long to start a process
WEB_PROCESSES = 2


def parts(victim: Victim) -> tuple[Victim, ...]:
    """What of the house must be there for this victim to be killed."""
    return PARTS.get(victim, (victim,))


@dataclass
class House:
    """Web, worker and database of one storm."""

    url: str
    database: Killable
    web: Process
    worker: Process
    fell_alone: list[str] = field(default_factory=list)
    _down: dict[Victim, float] = field(default_factory=dict)  # until when
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _said: dict[Victim, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def fall(self, victim: Victim, away: float = 0.0, dice: int = 0) -> None:
        """Kills it with -9, now; so many seconds later it is started again."""
        with self._lock:
            if victim is Victim.WEB_PROCESS:
                self._kill_one(dice)  # gunicorn itself starts another one
                return
            for part in parts(victim):
                self._down[part] = time.monotonic() + away
                self._fall(part)

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
            raise TimeoutError(f"the house is not up within {UP_WITHIN:.0f} s\n{self.said()}")

    def supervise(self) -> None:
        """Starts again what is down for long enough; and what has ended though nobody killed it,
        which is remembered.

        In one thread as long as the house stands: what it starts ends with the thread.
        """
        while not self._over.wait(0.05):
            with self._lock:
                for part in [each for each, due in self._down.items() if time.monotonic() >= due]:
                    self._rise(part)
                    del self._down[part]
                for part, process in ((Victim.WEB, self.web), (Victim.WORKER, self.worker)):
                    if part not in self._down and not process.is_running:
                        self.fell_alone.append(f"{part} ended by itself")
                        self._rise(part)

    def close(self) -> None:
        """Ends web and worker politely."""
        with self._lock:
            self._over.set()
            self.web.stop()
            self.worker.stop()

    def standby_turns(self) -> int:
        """How many turns were taken without the database, by all processes that have lived."""
        lines = requests.get(f"{self.url}/metrics", timeout=30).text.splitlines()
        found = [line for line in lines if line.startswith("vakt_standby_turns_total")]
        return round(sum(float(line.split()[-1]) for line in found))

    def said(self) -> str:
        return self.web.said() + self.worker.said()

    def _kill_one(self, dice: int) -> None:
        children = self.web.children
        if children:
            os.kill(children[dice % len(children)], signal.SIGKILL)

    def _fall(self, part: Victim) -> None:
        match part:
            case Victim.WEB:
                self.web.kill()
            case Victim.WORKER:
                self.worker.kill()
            case _:
                self.database.fall()

    def _rise(self, part: Victim) -> None:
        match part:
            case Victim.WEB:
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
                return len(self.web.children) >= WEB_PROCESSES and self._answers()
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
def a_house(
    database: Killable, environment: Mapping[str, str], folder: Path, door: socket.socket
) -> Iterator[House]:
    """The product behind a door that stays; ends politely."""
    url = address(door)
    settings = {
        **environment,
        "DATABASE_URL": database.url,
        "PUBLIC_URL": url,
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "SECRET_KEY": "of the storm",
        "WEB_WORKERS": str(WEB_PROCESSES),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }
    command = (*WEB, "--bind", f"fd://{door.fileno()}")
    web = Process(command, settings, folder / "web.log", keeps=(door.fileno(),))
    house = House(url, database, web, Process(WORKER, settings, folder / "worker.log"))
    supervisor = threading.Thread(target=house.supervise, name="supervisor", daemon=True)
    try:
        web.start()
        house.worker.start()
        supervisor.start()
        house.await_all()
        yield house
    finally:
        house.close()
        supervisor.join()


@contextmanager
def a_door() -> Iterator[socket.socket]:
    """A listening socket on this machine that no kill closes."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as door:
        yield door


def address(door: socket.socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"


def pause(seconds: float) -> None:
    """The storm's own delays: nothing is waited for by them."""
    time.sleep(seconds)
