"""The web's master is killed while calls come in: whoever calls waits, and nobody is refused."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.end_to_end.processes import SUPERVISED_WEB, Process, children_of, free_port, wait_until
from tests.end_to_end.socket_unit import SocketUnit, socket_unit

CALLERS = 6
THE_MASTER, AND_ITS_PROCESSES = os.kill, os.killpg
PATIENT = 60.0  # seconds; the machine may have much else to do


@dataclass(frozen=True, slots=True)
class Web:
    """The web as it is shipped, and whoever holds its socket."""

    url: str
    holder: Process | SocketUnit

    @property
    def masters(self) -> list[int]:
        return self.holder.children

    def is_well(self) -> bool:
        return any(len(children_of(master)) == 1 for master in self.masters)


Kill = Callable[[int, int], None]
Held = Callable[[dict[str, str], Path], AbstractContextManager[Web]]


@pytest.fixture
def settings(tmp_path: Path, migrated_sqlite_file: Path) -> dict[str, str]:
    file = tmp_path / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    return {
        "DATABASE_URL": f"sqlite:///{file}",
        "SECRET_KEY": "of the restarts",
        "VAKT_LIFELINE": str(tmp_path / "lifeline.json"),
        "WEB_WORKERS": "1",  # nobody else answers while it is away
    }


@contextmanager
def held_by_us(settings: dict[str, str], folder: Path) -> Iterator[Web]:
    """`vakt web`, for a container or a Procfile."""
    port = free_port()
    process = Process(SUPERVISED_WEB, settings | {"PORT": str(port)}, folder / "web.log")
    process.start()
    try:
        yield Web(f"http://127.0.0.1:{port}", process)
    finally:
        assert process.stop() == 0, process.said()


@contextmanager
def held_by_systemd(settings: dict[str, str], folder: Path) -> Iterator[Web]:
    """The shipped units, started as systemd starts them."""
    with socket_unit("vaktlinje-web", settings, folder) as unit:
        yield Web(unit.url, unit)


@pytest.mark.parametrize(
    ("held", "kills"),
    [(held_by_us, (THE_MASTER, AND_ITS_PROCESSES)), (held_by_systemd, (AND_ITS_PROCESSES,))],
    ids=["by us", "by systemd"],
)
def test_nobody_is_refused_while_masters_are_killed(
    held: Held, kills: Sequence[Kill], settings: dict[str, str], tmp_path: Path
) -> None:
    with held(settings, tmp_path) as web, ThreadPoolExecutor(CALLERS) as callers:
        wait_until(web.is_well, "the web is up")
        over: list[bool] = []
        heard = [callers.submit(call_until, over, web.url) for _ in range(CALLERS)]
        for kill in kills:
            before = web.masters
            for master in before:
                kill(master, signal.SIGKILL)
            wait_until(lambda: web.is_well() and web.masters != before, "another master is up")  # noqa: B023
        over.append(True)
        answers = [answer for each in heard for answer in each.result()]

    assert answers.count("refused") == 0
    assert answers.count("ok") >= CALLERS


def call_until(over: list[bool], url: str) -> list[str]:
    answers = []
    while not over:
        answers.append(call(url))
    return [*answers, call(url)]


def call(url: str) -> str:
    """What the network would meet: an answer, a lost one (it asks again), or a closed port."""
    try:
        return requests.get(f"{url}/healthz", timeout=PATIENT).text.strip()
    except requests.ConnectionError as error:
        return "refused" if "refused" in str(error) else "lost"


def test_a_web_that_cannot_start_ends_and_says_why(tmp_path: Path) -> None:
    broken = {"PORT": str(free_port()), "DATABASE_URL": "mysql://nothing", "SECRET_KEY": "x"}
    process = Process(SUPERVISED_WEB, broken, tmp_path / "web.log")
    process.start()
    try:
        wait_until(lambda: not process.is_running, "it ends")
    finally:
        code = process.stop()

    assert code != 0
    assert "DATABASE_URL" in process.said()
