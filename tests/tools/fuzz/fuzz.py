"""`make fuzz`: 100,000 mutated webhook forms, on both databases, with and without them, over HTTP.

The seed is printed; the same seed tells the same stories. Ends with 1 and the smallest
failing story in a file when a rule does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.store import migrate
from tests.end_to_end.processes import WEB, Process, free_port, wait_until
from tests.support import fake_twilio, postgres_server
from tests.tools.fuzz.posts import OverHttp, Post
from tests.tools.fuzz.rules import HIDDEN, Faults
from tests.tools.fuzz.stories import Stage, a_stage, tell_many

STORIES_A_BATCH: Final = 100
BROKEN: Final = 3  # the exit code of a process that has found a broken rule
FOUND: Final = Path("var/fuzz")


@dataclass(frozen=True)
class Share:
    """A part of all forms: how the system is, and how much of the whole it gets."""

    name: str
    of_all: float
    away: str = ""
    over_http: bool = False


SHARES: Final[dict[str, tuple[Share, ...]]] = {
    "sqlite": (
        Share("there", 0.44),
        Share("refused", 0.04, away="refused"),
        Share("read-only", 0.02, away="read-only"),
    ),
    "postgresql": (
        Share("over HTTP", 0.04, over_http=True),
        Share("there", 0.40),
        Share("refused", 0.04, away="refused"),
        Share("read-only", 0.02, away="read-only"),
    ),
}


@dataclass
class Run:
    """One database's part of it all, in a process of its own."""

    backend: str
    forms: int
    seed: int
    only: str

    def go(self) -> None:
        """Tell stories until all forms are posted; exit with 1 at the first broken rule."""
        logging.disable(logging.INFO)
        with (
            a_folder() as folder,
            a_database(self.backend, folder) as url,
            a_stage(url, folder) as stage,
        ):
            _be_quiet(stage.faults)
            for share in SHARES[self.backend]:
                with _as_share(stage, share, url, folder):
                    self._tell(stage, share)

    def _tell(self, stage: Stage, share: Share) -> None:
        start, before, batch = time.monotonic(), stage.told, 0
        wanted = self.forms * share.of_all
        while (told := stage.told - before) < wanted:
            name = f"{self.backend}, {share.name}, {batch}"
            if not self.only or self.only == name:
                self._batch(stage, share, batch, name)
            elif batch > wanted:
                return
            batch += 1
            if stage.told - before > told:
                rate = (time.monotonic() - start) / (stage.told - before) * 1000
                done = f"{stage.told - before:6} of {wanted:.0f} forms"
                print(
                    f"{name}: {done}, {rate:.1f} ms each, {stage.rows.tickets} tickets", flush=True
                )

    def _batch(self, stage: Stage, share: Share, batch: int, name: str) -> None:
        try:
            tell_many(stage, STORIES_A_BATCH, self.seed, self.backend, share.name, batch)
        except Exception as broken:
            file = _write_down(stage.failing, broken, f"{self.seed}-{name}")
            print(f"\n{name}: {_reason(broken)}\nwritten to {file}", flush=True)
            print(f'again: make fuzz SEED={self.seed} ONLY="{name}"', flush=True)
            sys.exit(BROKEN)


@contextmanager
def _as_share(stage: Stage, share: Share, url: str, folder: Path) -> Iterator[None]:
    away: AbstractContextManager[None] = stage.away(share.away) if share.away else nullcontext()
    web = _web(stage, url, folder) if share.over_http else nullcontext()
    with away, web:
        yield


@contextmanager
def _web(stage: Stage, url: str, folder: Path) -> Iterator[None]:
    """The real web server answers, on the same database; its log is read after every post."""
    port, before = free_port(), (stage.line, stage.faults)
    environment = {
        "DATABASE_URL": url,
        "PUBLIC_URL": fake_twilio.PUBLIC,
        "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
        "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "SECRET_KEY": "of the tests",
        "VAKT_EXCHANGE": "1",
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
    }
    log = folder / "web.log"
    log.touch()  # read from the beginning, whenever the server has begun to write
    web = Process((*WEB, "--bind", f"127.0.0.1:{port}"), environment, log)
    web.start()
    try:
        stage.line = OverHttp(port, fake_twilio.PUBLIC, fake_twilio.TOKEN)
        stage.faults = Written(log)
        wait_until(lambda: _answers(stage, web), "the web server answers", 60)
        yield
    finally:
        stage.line, stage.faults = before
        web.stop()


def _answers(stage: Stage, web: Process) -> bool:
    assert web.is_running, web.said()
    with contextlib.suppress(OSError):
        return stage.line.send(Post("/twilio/voice", ())).status == 400
    return False


class Written(Faults):
    """The tracebacks in another process's log, as they come."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file.open(errors="replace")

    @property
    def found(self) -> list[str]:  # type: ignore[override]
        lines = self._file.readlines()
        return [line for line in lines if "Traceback" in line or f'"event": "{HIDDEN}"' in line]

    @found.setter
    def found(self, value: list[str]) -> None:
        """Nothing is kept: what was read is read."""


def _be_quiet(faults: Faults) -> None:
    """The screen is for the progress; what the log says is looked at."""
    logging.getLogger().handlers = [faults]


def _write_down(posts: tuple[Post, ...], broken: Exception, name: str) -> Path:
    FOUND.mkdir(parents=True, exist_ok=True)
    file = FOUND / f"{name.replace(', ', '-').replace(' ', '-')}.txt"
    told = [_reason(broken)]
    for post in posts:
        told += ["", f"{post.method} {post.address} ({post.how})"]
        told += [f"  {name}={value!r}" for name, value in post.fields]
    file.write_text("\n".join(told) + "\n", encoding="utf-8", errors="backslashreplace")
    return file


def _reason(broken: BaseException) -> str:
    while isinstance(broken, BaseExceptionGroup):
        broken = broken.exceptions[0]
    return f"{type(broken).__name__}: {broken}"


@contextmanager
def a_folder() -> Iterator[Path]:
    """In memory where there is room: the disk's patience is not what is tried here."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="vakt-fuzz-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_database(backend: str, folder: Path) -> Iterator[str]:
    if backend == "sqlite":
        url = f"sqlite:///{folder}/vakt.db"
        migrate(url)
        yield url
        return
    # Hours of one night's updates: it may clean up after them, as a real one does.
    how = tuple(
        each for each in postgres_server.DATABASE_IN_A_HURRY if not each.startswith("autovacuum")
    )
    with postgres_server.running_server(how) as server, postgres_server.connect(server) as admin:
        admin.execute("create database vakt template template0")
        url = postgres_server.url(server, "vakt")
        migrate(url)
        yield url


def _in_words(codes: set[int | None]) -> str:
    """What was killed, or failed outside a story, has not shown what it was still to show."""
    if BROKEN in codes:
        return "a rule was broken"
    return "every rule held" if codes == {0} else "not finished: a process was killed or failed"


def main() -> int:
    """Run all shares, one process for each database."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--forms", type=int, default=100_000)
    reader.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    reader.add_argument("--only", default="", help='one batch, as it was named: "sqlite, there, 3"')
    asked = reader.parse_args()
    print(f"{asked.forms} forms, seed {asked.seed}", flush=True)
    started, spawn = time.monotonic(), multiprocessing.get_context("spawn")
    backends = [asked.only.split(",")[0]] if asked.only else list(SHARES)
    runs = [Run(backend, asked.forms, asked.seed, asked.only) for backend in backends]
    processes = [spawn.Process(target=run.go) for run in runs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    codes = {process.exitcode for process in processes}
    minutes = (time.monotonic() - started) / 60
    print(f"{_in_words(codes)}, {minutes:.1f} minutes")
    return int(codes != {0})


if __name__ == "__main__":
    sys.exit(main())
