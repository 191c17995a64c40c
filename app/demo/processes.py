"""Processes that belong to the demo: started together, watched, and none left behind."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from app.domain.message_refs import MessageError, MessageRef, ref

# The kernel ends a process when we are killed and cannot; where there is no such program, not.
END_WITH_US: Final = ("setpriv", "--pdeathsig", "TERM", "--")
POLITE_SECONDS: Final = 8.0
LOG_LINES: Final = 12


class ProcessDied(MessageError):
    """One of the processes ended by itself, or never began; `log` is the end of what it said."""

    def __init__(self, message: MessageRef, log: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.log = tuple(log)


@dataclass(slots=True)
class Processes:
    """The processes of one demo, each with a log of its own in the folder."""

    folder: Path
    home: Path
    _commands: dict[str, tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _logs: list[IO[str]] = field(default_factory=list)

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        """Start one in a group of its own, so that Ctrl-C reaches only us."""
        log = (self.folder / f"{name}.log").open("a", encoding="utf-8")
        self._logs.append(log)
        process = subprocess.Popen(
            [*(END_WITH_US if shutil.which(END_WITH_US[0]) else ()), *command],
            cwd=self.home,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if name == "exchange" else log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        self._commands[name] = (command, environment)
        self._running[name] = process
        return process

    def kill(self, name: str) -> None:
        """End one on the spot: it finishes nothing."""
        process = self._running.pop(name)
        _signal(process, signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        """Start one that was killed, as it was started before."""
        self.start(name, *self._commands[name])

    def check(self) -> None:
        """Raise ProcessDied when one of them has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                log = (self.folder / f"{name}.log").read_text("utf-8", errors="replace")
                ended = ref("demo.process_ended", name=name, code=process.returncode)
                raise ProcessDied(ended, log.splitlines()[-LOG_LINES:])

    def stop(self) -> None:
        """End all of them, politely first."""
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLITE_SECONDS)
            _signal(process, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()
        self._running.clear()
        for log in self._logs:
            log.close()


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Reach the whole group: gunicorn's own processes too."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
