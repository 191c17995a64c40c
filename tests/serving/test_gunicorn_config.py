"""What gunicorn is told: which address it listens on, and nothing of processes that are gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.serving.shared_counters import forget_dead_processes
from tests.end_to_end.processes import ROOT

ADDRESSES = {
    "unless told otherwise, this machine only": ({}, "127.0.0.1:8000"),
    "an empty setting is none": ({"WEB_HOST": "", "PORT": ""}, "127.0.0.1:8000"),
    "a port": ({"PORT": "8123"}, "127.0.0.1:8123"),
    "everywhere": ({"WEB_HOST": "0.0.0.0", "PORT": "80"}, "0.0.0.0:80"),
    "everywhere, IPv6 too": ({"WEB_HOST": "::"}, "[::]:8000"),
}


@pytest.mark.parametrize(("environment", "address"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_gunicorn_listens_where_it_is_told(environment: dict[str, str], address: str) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in ("PORT", "WEB_HOST")}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "tests.serving.nothing:app"],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )

    told = [line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("bind ")]
    assert [value.strip() for _, value in told] == [f"['{address}']"], done.stderr


def test_gauges_of_processes_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = ["counter_1.db", f"counter_{gone.pid}.db", f"gauge_livesum_{os.getpid()}.db"]
    dead = [f"gauge_livesum_{gone.pid}.db", f"gauge_liveall_{gone.pid}.db"]
    for name in (*kept, *dead):
        (tmp_path / name).touch()

    forget_dead_processes(tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(kept)


WRONG = {
    "WEB_WORKERS": "two",
    "WEB_THREADS": "0",
    "PORT": "80000",
    "WEB_HOST": "http://127.0.0.1",
    "WEB_ACCESS_LOG": "perhaps",
}


def test_sizes_that_make_no_sense_are_told_all_at_once_and_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "tests.serving.nothing:app"],
        cwd=ROOT,
        env=os.environ | WRONG,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == [
        "WEB_HOST",
        "PORT",
        "WEB_WORKERS",
        "WEB_THREADS",
        "WEB_ACCESS_LOG",
    ]


def test_white_space_round_a_size_is_not_meant() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "tests.serving.nothing:app"],
        cwd=ROOT,
        env=os.environ | {"WEB_WORKERS": " 3\n", "PORT": "8123 "},
        capture_output=True,
        text=True,
        check=False,
    )

    told = {
        line.split("=")[0].strip(): line.split("=", 1)[1].strip()
        for line in done.stdout.splitlines()
        if "=" in line
    }
    assert (told["workers"], told["bind"]) == ("3", "['127.0.0.1:8123']")


def test_a_thread_that_draws_a_page_gives_way_to_one_that_answers_a_call() -> None:
    """What that is worth is measured by the bench of open pages."""
    program = (
        "import sys; from app.serving import gunicorn_config as told; "
        "told.post_fork(None, None); print(sys.getswitchinterval())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) <= 0.001, "Python's own are 5 ms, for which each statement waits"
