"""Holds the listening socket, and starts gunicorn again whenever it ends.

Who calls meanwhile waits in line instead of being refused. Where systemd runs, its socket unit
does the same (deploy/systemd); this is for a container, or for what reads the Procfile.
"""

import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType
from typing import Final

import structlog

from app.serving import WILL_NOT_START
from app.serving.shared_counters import make_own_folder
from app.settings import read_serving_settings

# Callers wait in line while processes are started anew, instead of being refused.
BACKLOG: Final = 1024


def host_and_port() -> tuple[str, str]:
    """Read both; an empty setting is none. SettingsError where they cannot be used."""
    settings = read_serving_settings()
    return settings.web_host, str(settings.port)


def written(host: str, port: str) -> str:
    """Write an address as gunicorn reads it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


CONFIG: Final = "python:app.serving.gunicorn_config"
# gunicorn's codes for settings or an application that it cannot use
CANNOT_START: Final = (1, WILL_NOT_START, 4)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds, before it is started again
LIVES_WELL_AFTER: Final = 10.0  # seconds
PASSED_ON: Final = (signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1)
PR_SET_PDEATHSIG: Final = 1  # prctl.h

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Supervisor:
    """One listening socket, and the gunicorn that serves it."""

    listener: socket.socket
    _gunicorn: subprocess.Popen[bytes] | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; return gunicorn's exit code.

        A gunicorn that cannot start at all ends it too: somebody must mend the settings.
        """
        self._listen_to_signals()
        pause, has_lived = SHORTEST_PAUSE, False
        while not self._stopped.is_set():
            began = monotonic()
            code = self._serve()
            if self._stopped.is_set() or (not has_lived and code in CANNOT_START):
                return code
            lived = monotonic() - began >= LIVES_WELL_AFTER
            has_lived = has_lived or lived
            pause = SHORTEST_PAUSE if lived else min(2 * pause, LONGEST_PAUSE)
            log.error("web_ended", code=code, again_in_seconds=pause)
            self._stopped.wait(pause)
        return 0

    def _serve(self) -> int:
        fd = self.listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "--config", CONFIG, "--bind", f"fd://{fd}"]
        # A group of its own: a terminal's Ctrl-C comes to us alone, and is passed on once.
        self._gunicorn = subprocess.Popen(
            command,
            pass_fds=(fd,),
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 # there is one thread here
        )
        if self._stopped.is_set():  # the signal came before there was anybody to tell
            self._gunicorn.terminate()
        return self._gunicorn.wait()

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for number in PASSED_ON:
            signal.signal(number, self._pass_on)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()
        if self._gunicorn:
            self._gunicorn.terminate()

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if self._gunicorn:
            self._gunicorn.send_signal(number)


def serve() -> int:
    """Listen where the environment says, and serve there until told to stop."""
    host, port = host_and_port()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    own_counters = make_own_folder()  # so that counts go on when gunicorn is started again
    try:
        with socket.create_server(
            (host, int(port)),
            family=family,
            backlog=BACKLOG,
            dualstack_ipv6=family == socket.AF_INET6 and socket.has_dualstack_ipv6(),
        ) as listener:
            return Supervisor(listener).run()
    finally:
        if own_counters:
            shutil.rmtree(own_counters, ignore_errors=True)


def _end_with_parent() -> None:
    """Let gunicorn end politely when its supervisor is killed: nobody else looks after it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
