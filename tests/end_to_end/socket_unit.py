"""The shipped systemd units without systemd: the socket that it holds, the command that it runs.

What counts of the units is read from their files; the program is this checkout's.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.processes import ROOT

UNITS = ROOT / "deploy" / "systemd"
PROGRAMS = "/opt/vaktlinje/bin/"
FIRST_FD = 3  # sd_listen_fds(3)
TAKES_OVER = 'exec {fd}<&{given}; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'


def read_unit(name: str) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    assert unit.read(UNITS / name), f"no unit {name}"
    return unit


@dataclass
class SocketUnit:
    """A listening socket, and the service that is started for it again and again."""

    listener: socket.socket
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    _service: subprocess.Popen[bytes] | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    @property
    def children(self) -> list[int]:
        running = self._service
        return [running.pid] if running and running.poll() is None else []

    def supervise(self) -> None:
        """Restart=always, as systemd does it: what is left of the service is ended first."""
        while not self._over.is_set():
            self._service = self._start()
            self._service.wait()
            end_group(self._service.pid, signal.SIGTERM)

    def _start(self) -> subprocess.Popen[bytes]:
        given = self.listener.fileno()
        takes_over = TAKES_OVER.format(fd=FIRST_FD, given=given)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                ["bash", "-c", takes_over, "-", *self.command],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                pass_fds=(given,),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        self._over.set()
        if self._service:
            end_group(self._service.pid, signal.SIGTERM)


def end_group(group: int, with_signal: signal.Signals) -> None:
    try:
        os.killpg(group, with_signal)
    except ProcessLookupError:
        return


@contextmanager
def socket_unit(name: str, environment: Mapping[str, str], folder: Path) -> Iterator[SocketUnit]:
    """The pair NAME.socket and NAME.service, on a port that is free."""
    service = read_unit(f"{name}.service")["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.startswith(PROGRAMS)
    command = [str(Path(sys.executable).parent / program.removeprefix(PROGRAMS)), *arguments]
    listens = read_unit(f"{name}.socket")["Socket"]
    backlog = int(listens["Backlog"])
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as listener:
        unit = SocketUnit(listener, command, environment, folder / f"{name}.log")
        supervisor = threading.Thread(target=unit.supervise, name=name, daemon=True)
        supervisor.start()
        try:
            yield unit
        finally:
            unit.stop()
            supervisor.join(60)
