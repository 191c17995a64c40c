"""The wheel is the whole product: it runs where there is no checkout and no development package."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from importlib.metadata import distribution
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.end_to_end.processes import wait_until

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds the wheel as `make wheel` does."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "--wheel-dir",
            str(folder),
            str(ROOT),
        ],
        check=True,
    )
    [built] = folder.glob("vaktlinje-*.whl")
    return built


@pytest.fixture(scope="module")
def root(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty virtual environment that gets the production lock and the wheel, nothing else.

    The locked packages are links to those of the tests: just the names that the lock tells, so a
    package that only development has is missing here.
    """
    place = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    [packages] = place.glob("lib/python*/site-packages")
    for name in re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.M):
        link_distribution(name, packages)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    for top in ("app", "exchange"):
        take_what_is_compiled(packages, ROOT / top)
    return place


def take_what_is_compiled(packages: Path, checkout: Path) -> None:
    """Compiled files of the checkout, for sources that are byte for byte its own: compiling them
    anew is a third of what these tests do.
    """
    for source in checkout.rglob("*.py"):
        same, compiled = packages / source.relative_to(ROOT), Path(cache_from_source(str(source)))
        if compiled.exists() and same.read_bytes() == source.read_bytes():
            shutil.copystat(source, same)
            beside = Path(cache_from_source(str(same)))
            beside.parent.mkdir(exist_ok=True)
            shutil.copy(compiled, beside)


def link_distribution(name: str, packages: Path) -> None:
    try:
        found = distribution(name)
    except ModuleNotFoundError:
        return  # locked for another kind of machine
    site = Path(str(found.locate_file("")))
    tops = {Path(str(file)).parts[0] for file in found.files or () if ".." not in str(file)}
    for top in tops - {"__pycache__"}:
        link = packages / top
        if not link.exists():
            link.symlink_to(site / top)


def run(root: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / "bin" / "python"), "-I", *words],
        cwd=root.parent,
        env=settings(root, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def settings(root: Path, **more: str) -> dict[str, str]:
    state = root.parent / "state"
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(root.parent),
        "XDG_STATE_HOME": str(state),
        "DATABASE_URL": f"sqlite:///{root.parent}/vakt.db",
        "VAKT_LIFELINE": str(root.parent / "lifeline.json"),
        "SECRET_KEY": "of the test",
        **more,
    }


def vakt(root: Path, *words: str, **more: str) -> str:
    done = run(root, "-m", "app.cli", *words, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_everything_that_the_product_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    tracked = subprocess.run(
        [
            "git",
            "ls-files",
            "app",
            "exchange",
            "docs",
            "rosters",
            "voice_prompts",
            "gunicorn.conf.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for file in tracked:
        assert (file if file.startswith(("app/", "exchange/")) else f"app/shipped/{file}") in names
    manifest = "app/web/static/manifest.json"  # built, so not in git
    with zipfile.ZipFile(wheel) as archive:
        built = json.loads(archive.read(manifest)).values()
    assert {f"app/web/static/{name}" for name in built} < names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "bench/")) for name in names)


def test_it_runs_from_the_wheel_alone(root: Path) -> None:
    where = run(root, "-c", "import app; print(app.__file__)").stdout
    assert str(ROOT) not in where
    assert run(root, "-c", "import pytest").returncode != 0, "only the production lock is there"

    assert vakt(root, "--version") == "vakt 0.1.0\n"
    assert "has the newest schema" in vakt(root, "db", "upgrade")
    [rosters] = root.glob("lib/python*/site-packages/app/shipped/rosters")
    assert "brukarstotte" in vakt(root, "desk", "import", str(rosters))
    assert "Vakt 1" in vakt(root, "duty", "brukarstotte", "--at", "2026-11-21T23:10")


def test_the_demo_plays_a_night_from_the_wheel_and_leaves_nothing_behind(root: Path) -> None:
    before, port = sorted(root.rglob("*.db")), free_port()

    # Not faster: of a ticket that is taken nobody gets an SMS any more, and two must have gone out.
    answers: list[int] = []
    told = until_interrupted(
        root,
        "demo",
        "--speed",
        "4",
        meanwhile=lambda: answers.extend(map(status_of, pages_at(port))),
        PORT=port,
        WEB_WORKERS="1",
    )

    assert answers == [200, 200]
    assert f"http://localhost:{port} is up, with 5 desks" in told
    first, _, second = told.partition("no key: asleep, or a voicemail")
    assert "rings: Vakt" in first
    assert "they talk" in second
    assert re.search(r"ends +connected", told)
    assert re.search(r"ticket +1001, critical, customer 2001, acknowledged", told)
    assert told.count("sak 1001") == 2, "one SMS for each person on duty"
    assert "nummer 1001" in told, "and one for the caller"
    assert "critical wakes the duty" in told
    assert len(re.findall(r"\bcall --line|\bexplain --line|\bduty ", told.partition("Try")[2])) == 3
    assert sorted(root.rglob("*.db")) == before
    wait_until(lambda: not processes_of(root), "all of its processes are gone")
    assert list((root.parent / "state").rglob("*.db")) == []


def pages_at(port: str) -> list[str]:
    """What the web of the wheel draws from files of its own."""
    return [f"http://localhost:{port}{path}" for path in ("/healthz", "/about")]


def status_of(address: str) -> int:
    with urllib.request.urlopen(address, timeout=120) as answer:
        return int(answer.status)


def until_interrupted(root: Path, *words: str, meanwhile: Callable[[], None], **more: str) -> str:
    """What the command prints until it says that it runs, and somebody presses Ctrl-C."""
    # Who runs the tests in the background of a shell lets Ctrl-C be ignored by all of them.
    heeds = ["env", "--default-signal=INT"]
    command = [*heeds, str(root / "bin" / "python"), "-I", "-m", "app.cli", *words]
    told = []
    with subprocess.Popen(
        command, cwd=root.parent, env=settings(root, **more), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            told.append(line)
            if "Running until Ctrl-C" in line:
                try:
                    meanwhile()
                finally:
                    process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    return "".join(told)


def processes_of(root: Path) -> list[str]:
    """The commands of processes that run what is installed there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            found.append((process / "cmdline").read_text())
    return [command for command in found if command.startswith(str(root))]


def free_port() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return str(listener.getsockname()[1])
