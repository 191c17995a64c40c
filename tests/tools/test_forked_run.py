"""What the forks of a test run tell is told as if one process had run it all; nothing gets lost."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

CONFTEST = """
import pytest
from tests.support.forked_run import run_in_forks

@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    files = {}
    for item in session.items:
        files.setdefault(item.path, []).append(item)
    run_in_forks(session, list(files.values()), 2)
    return True
"""
ONE = """
import os, pathlib, signal, time

BEGUN = pathlib.Path(__file__).with_name("begun")

def test_is_right(tmp_path):
    print("not shown")

def test_is_wrong():
    while not BEGUN.exists():
        time.sleep(0.01)
    os.system("echo said by a program")
    print("said by a test")
    assert os.getppid() == 0

def test_is_killed():
    os.kill(os.getpid(), signal.SIGKILL)

def test_would_come_next():
    pass
"""
OTHER = """
import pathlib, pytest

HERE = pathlib.Path(__file__).parent

@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    (HERE / "begun").touch()
    yield tmp_path_factory.mktemp("prepared")
    (HERE / "taken away").touch()
    assert False, "while it is taken away"

def test_is_skipped():
    pytest.skip("here")

@pytest.mark.parametrize("number", range(3))
def test_uses_what_is_prepared(prepared, number):
    assert prepared.is_dir()
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_one.py").write_text(ONE)
    (folder / "test_other.py").write_text(OTHER)
    ours = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--rootdir", str(folder)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", *ours, *words, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_test_is_told_once_whatever_becomes_of_its_process(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert done.returncode == 1
    told = done.stdout
    assert "3 failed, 4 passed, 1 skipped, 1 error" in told
    assert told.count("said by a program\nsaid by a test") == 1
    assert "the process that ran it has ended with code -9" in told
    assert "the process that was to run it has ended before" in told
    assert "ERROR at teardown of test_uses_what_is_prepared[2]" in told
    assert "while it is taken away" in told


def test_where_the_first_fault_ends_the_run_everything_is_taken_away(tmp_path: Path) -> None:
    done = run(tmp_path, "-x")

    assert done.returncode == 1
    assert "stopping after" in done.stdout
    assert (tmp_path / "taken away").exists()
