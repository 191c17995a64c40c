"""What keeps a web process as small as it is.

glibc gives each thread a heap of its own. What one thread frees there no other one uses, and eight
heaps fill with holes: half a megabyte a minute at ten turns a second. Python's threads take turns
anyhow, so that one heap for all of them costs no time.
"""

import ctypes
from contextlib import suppress
from typing import Final

M_ARENA_MAX: Final = -8  # malloc.h


def share_one_heap() -> None:
    """Let all threads that this process starts from now on use one heap; only glibc has others."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
