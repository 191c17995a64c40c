"""Writers of one SQLite file come one after the other, whichever process they are in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.store.write_gate import GateClosed, WriteGate

HOLDS = """
import sys
from app.store.write_gate import WriteGate
with WriteGate(sys.argv[1]).passed(5):
    print("holds", flush=True)
    sys.stdin.read()
"""


def another_process_holds(file: str) -> subprocess.Popen[str]:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout
    assert other.stdout.readline() == "holds\n"
    return other


def test_another_process_is_waited_for_so_long_and_no_longer(tmp_path: Path) -> None:
    file = str(tmp_path / "vakt.db")
    gate = WriteGate(file)
    with another_process_holds(file) as other:
        with pytest.raises(GateClosed), gate.passed(0.05):
            pass
        other.communicate()
        with gate.passed(5):
            pass


def test_a_process_that_is_killed_lets_the_others_in(tmp_path: Path) -> None:
    file = str(tmp_path / "vakt.db")
    with another_process_holds(file) as other:
        other.kill()
        with WriteGate(file).passed(5):
            pass


def test_a_thread_that_waits_too_long_is_told_so(tmp_path: Path) -> None:
    gate = WriteGate(str(tmp_path / "vakt.db"))
    with gate.passed(5), pytest.raises(GateClosed), gate.passed(0.05):
        pass


def test_where_no_file_can_be_made_writers_are_let_in(tmp_path: Path) -> None:
    with WriteGate(str(tmp_path / "no folder" / "vakt.db")).passed(5):
        pass
