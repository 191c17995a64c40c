"""gunicorn's settings: `gunicorn --config python:app.serving.gunicorn_config`.

In a checkout `gunicorn 'app:create_app()'` finds them by itself (gunicorn.conf.py). Sizes come
from the environment; what the product itself needs is set in app/settings.
"""

import gc
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from gunicorn.glogging import Logger

from app.logs import SECRET_PATHS
from app.serving import WILL_NOT_START
from app.serving.memory import share_one_heap
from app.serving.shared_counters import COUNTERS, forget_dead_processes, make_own_folder
from app.serving.supervisor import BACKLOG, written
from app.settings import SettingsError, read_serving_settings
from app.voice_prompts import print_to_operator

try:
    serving = read_serving_settings()
except SettingsError as refusal:  # plain words, where gunicorn would print a traceback
    print_to_operator(*refusal.messages)
    raise SystemExit(WILL_NOT_START) from None

wsgi_app = "app:create_app()"

# A proxy with TLS stands in front (docs/install.md).
bind = written(serving.web_host, str(serving.port))

# A thread gets a whole request, and never waits for a client.
worker_class = "app.serving.worker.BufferingWorker"
workers = serving.web_workers
threads = serving.web_threads
worker_connections = 1000
backlog = BACKLOG
# Answers are small, and go out from memory.
sendfile = False

# Twilio gives up on an answer after 15 s; a process that is silent for twice that is stuck.
timeout = 30
# A turn lasts 8 s at most, so every caller in mid-turn is answered before a restart ends.
graceful_timeout = 20
# Longer than the 60 s after which most load balancers drop an idle connection: they drop first.
keepalive = 65

# The heartbeat file must never wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Nothing here is steered while it runs, and several instances on one machine would share it.
control_socket_disable = True

# Off by default: the product logs its own turns. When on, the path without the query string,
# and no referer, because either may carry a telephone number.
accesslog = "-" if serving.web_access_log else None
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(B)s %(D)sus"


class Lines(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Writes the path as it was asked for: nobody writes a line of their own into the log."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Quotes what gunicorn has unquoted."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        path = quote(str(atoms["U"]).encode("latin-1"))
        for opens in SECRET_PATHS:
            if path.startswith(opens):
                path = f"{opens}…"
        return atoms | {"U": path}


logger_class = Lines


# Without a shared folder /metrics would tell the figures of whichever process answered.
own_counters = make_own_folder() if workers > 1 else None


def on_starting(server: Any) -> None:
    """Makes the folder in which the processes share their counters, where one is asked for.

    Gauges of processes that were killed together with their master are dropped here.
    """
    if folder := os.environ.get(COUNTERS):
        Path(folder).mkdir(parents=True, exist_ok=True)
        forget_dead_processes(Path(folder))


# After so long a thread that draws a page lets one go on that answers a call. With Python's own
# 5 ms a turn, which gives way at each of its statements, waited for that long again and again.
SWITCH_SECONDS: Final = 0.0005


def post_fork(server: Any, worker: Any) -> None:
    """Keeps a new process small, before it starts its threads, and its start short.

    What it loads stays: looking through that for garbage takes a tenth of the time or more.
    """
    share_one_heap()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Takes the loaded application out of what is searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def child_exit(server: Any, worker: Any) -> None:
    """Drops a gone process's gauges, which would otherwise be counted for ever."""
    if os.environ.get(COUNTERS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # it has no types


def on_exit(server: Any) -> None:
    """Takes the folder away again, if it was made here."""
    if own_counters:
        shutil.rmtree(own_counters, ignore_errors=True)
