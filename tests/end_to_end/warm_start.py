"""Starts `python -m …` as a process of its own that has read the product's modules already.

Reading them takes seconds of processor time, and the stories start a hundred processes. One process
reads them once, and each that is started is a fork of it, as gunicorn's are of theirs: with its own
signals, session, settings and log. tests/serving, tests/worker, tests/test_wheel.py and the demo
start the commands from nothing.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from app.serving.shared_counters import COUNTERS

ROOT = Path(__file__).parents[2]
READ_BEFORE = ["tests.end_to_end.read_before", __name__]
PR_SET_PDEATHSIG = 1


def start_warm(
    command: tuple[str, ...], environment: Mapping[str, str], log: Path
) -> ForkServerProcess:
    """Starts `python -m MODULE WORDS…`, given as ("-m", MODULE, *WORDS), in the checkout."""
    flag, *words = command
    assert flag == "-m"
    settings = {**os.environ, **environment}
    process = _forks().Process(target=_become, args=(words, settings, str(log)))
    process.start()
    return process


def _forks() -> ForkServerContext:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(READ_BEFORE)
    return forks


def _become(words: list[str], settings: dict[str, str], log: str) -> None:
    # It goes down with its test process, however that one ends.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
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
