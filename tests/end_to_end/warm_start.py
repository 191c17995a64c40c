"""Starts `python -m …` as a process of its own that has read the product's modules already.

Reading them takes seconds of processor time, and the stories start a hundred processes. One process
reads them once, for all forks of a test run, and each that is started is a fork of it, as
gunicorn's are of theirs: with its own signals, session, settings and log. tests/serving,
tests/worker, tests/test_wheel.py and the demo start the commands from nothing.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

from app.serving.shared_counters import COUNTERS

ROOT = Path(__file__).parents[2]
READ_BEFORE: Final = "tests.end_to_end.read_before"
SERVES: Final = f"from {__name__} import serve; serve(%d)"
PR_SET_PDEATHSIG: Final = 1
NUMBER: Final = struct.Struct("=i")
UNKNOWN: Final = -signal.SIGKILL  # the exit code where nobody is left who knows it
_addresses: list[bytes] = []  # of the one that starts them; known to the forks of whoever began it


@dataclass
class WarmProcess:
    """A process that was started, for whoever has started it."""

    pid: int
    exitcode: int | None = None
    _end: socket.socket = field(kw_only=True, repr=False)  # its exit code comes here
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def is_alive(self) -> bool:
        self.join(0)
        return self.exitcode is None

    def terminate(self) -> None:
        if self.is_alive():
            os.kill(self.pid, signal.SIGTERM)

    def join(self, seconds: float | None = None) -> None:
        """Waits until it has ended, for so long at most."""
        with self._lock:
            if self.exitcode is not None:
                return
            self._end.settimeout(seconds)
            try:
                told = self._end.recv(NUMBER.size)
            except (BlockingIOError, TimeoutError):
                return
            except ConnectionError:
                told = b""
            self.exitcode = NUMBER.unpack(told)[0] if told else UNKNOWN
            self._end.close()


def start_warm(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> WarmProcess:
    """Starts `python -m MODULE WORDS…`, given as ("-m", MODULE, *WORDS), in the checkout."""
    flag, *words = command
    assert flag == "-m"
    begin_reading()
    asked = {"words": words, "settings": {**os.environ, **environment}, "log": str(log)}
    end = socket.socket(socket.AF_UNIX)
    end.connect(_addresses[0])
    end.sendall(json.dumps(asked).encode() + b"\n")
    return WarmProcess(NUMBER.unpack(end.recv(NUMBER.size))[0], _end=end)


def begin_reading() -> None:
    """Begins the process that reads the product, if none has been begun; waits for nothing."""
    if _addresses:
        return
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("")  # a name that nobody else has, and no file
        listener.listen()
        number = listener.fileno()
        command = [sys.executable, "-c", SERVES % number]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=(number,), start_new_session=True
        )
        _addresses.append(listener.getsockname())
    atexit.register(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def serve(number: int) -> None:
    """Forks whoever is asked for at this socket, and tells what became of each."""
    _goes_down_with_its_parent(signal.SIGKILL)
    import_module(READ_BEFORE)
    Starter(socket.socket(fileno=number)).run()


class Starter:
    """Has read the product, and forks."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._clients: dict[int, socket.socket] = {}  # by the process of each
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ, self._start)
        self._ended, wakes = socket.socketpair()
        wakes.setblocking(False)
        self._wakes = wakes
        self._selector.register(self._ended, selectors.EVENT_READ, self._tell_ended)

    def run(self) -> NoReturn:
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _start(self) -> None:
        client, _ = self._listener.accept()
        with client.makefile("rb") as lines:
            asked = json.loads(lines.readline())
        pid = os.fork()
        if not pid:
            self._forget_all(client)
            _run(**asked)
        self._clients[pid] = client
        self._selector.register(client, selectors.EVENT_READ, lambda: self._is_left(pid))
        client.sendall(NUMBER.pack(pid))

    def _forget_all(self, client: socket.socket) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for each in (self._listener, self._ended, self._wakes, client, *self._clients.values()):
            each.close()

    def _is_left(self, pid: int) -> None:
        """Its test process has gone, however that one ended: so does it."""
        self._selector.unregister(self._clients[pid])
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def _tell_ended(self) -> None:
        self._ended.recv(4096)
        while self._clients:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            client = self._clients.pop(pid)
            with suppress(KeyError):  # it is left already
                self._selector.unregister(client)
            with client, suppress(OSError):
                client.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _run(words: list[str], settings: dict[str, str], log: str) -> NoReturn:
    code: Any = 1
    try:
        _become(words, settings, log)
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # as an interpreter does that ends
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(words: list[str], settings: dict[str, str], log: str) -> None:
    _goes_down_with_its_parent(signal.SIGTERM)
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    # Its counters begin anew, but stay of the kind that read_before.py has made them.
    os.environ[COUNTERS] = tempfile.mkdtemp(prefix="counters-", dir=Path(log).parent)
    os.environ.update(settings)
    time.tzset()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.close(written)
    module, *_ = sys.argv = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _goes_down_with_its_parent(by: signal.Signals) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)
