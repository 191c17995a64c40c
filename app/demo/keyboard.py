"""The keys of a terminal as the keys of a telephone, one press at a time."""

import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

WAIT_SECONDS: Final = 0.1


@contextmanager
def single_keys() -> Iterator[None]:
    """Take keys as they are pressed, without Enter; Ctrl-C still works."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def next_key() -> str:
    """Return the key that was pressed, or nothing after a short while."""
    ready, _, _ = select.select([sys.stdin], [], [], WAIT_SECONDS)
    return sys.stdin.read(1) if ready else ""
