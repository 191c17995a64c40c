"""Where tests put what need not outlast them: in memory, if there is room.

A commit then waits for no disk, which is no part of any test, and a file costs next to nothing.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3  # bytes; a run takes a quarter of it


@cache
def memory_folder() -> Path | None:
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if is_roomy else None
