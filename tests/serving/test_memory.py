"""Threads share one heap: what one frees another uses, and a web process does not grow."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.end_to_end.processes import ROOT

# Threads that all hold memory at the same moment; then malloc tells how many heaps there are.
HEAPS = """
import ctypes, threading
from app.serving.memory import share_one_heap

{first}
together = threading.Barrier(8)

def work():
    held = [bytes(4000) for _ in range(200)]
    together.wait()
    del held

threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.parametrize(("first", "is_one"), [("share_one_heap()", True), ("", False)])
def test_threads_share_one_heap(first: str, is_one: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS.format(first=first)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    heaps = done.stdout.count("<heap nr")
    assert heaps >= 1
    assert (heaps == 1) is is_one
