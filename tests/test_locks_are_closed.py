"""The lock files are whole: what every locked package asks for is met inside the lock.

Set-up installs them without resolving, so what is published tomorrow changes nothing. That is only
right while nothing is missing, on every Python that is promised.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "aarch64")

Environment = dict[str, str]
Lock = dict[str, Version]


def environment(python: str, machine: str) -> Environment:
    here = {name: str(value) for name, value in default_environment().items()}
    return here | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
    }


def locked(name: str, where: Environment) -> Lock:
    """What this lock file installs there."""
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)(?: ; (.+?))? \\$", text(name), re.M)
    assert pins
    return {
        canonicalize_name(package): Version(version)
        for package, version, marker in pins
        if not marker or Marker(marker).evaluate(where)
    }


def text(name: str) -> str:
    return (ROOT / name).read_text()


def asked_for(package: str, extra: str, where: Environment) -> Iterator[Requirement]:
    """What a locked package asks for there, with one of its extras or ("") without."""
    try:
        requires = distribution(package).requires or []
    except PackageNotFoundError:
        pytest.fail(f"{package} is locked for {where['python_version']} but is not installed here")
    for line in requires:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or marker.evaluate({**where, "extra": extra}):
            yield requirement


def unmet(lock: Lock, roots: list[str], where: Environment) -> list[str]:
    """What is asked for, from the project on, and is not in the lock; and what nobody asks for."""
    faults: list[str] = []
    seen: set[tuple[str, str]] = set()
    waiting = [("the project", Requirement(line)) for line in roots]
    while waiting:
        by, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        version = lock.get(name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{by} asks for {requirement}: locked is {version}")
            continue
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(name, each) for each in asked_for(name, extra, where)]
    reached = {name for name, _ in seen}
    return faults + [f"{name} is locked, and nobody asks for it" for name in set(lock) - reached]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_nothing_that_runs_in_production_is_looked_for_outside_the_lock(
    python: str, machine: str
) -> None:
    where = environment(python, machine)
    lock = locked("requirements.lock", where)

    assert unmet(lock, PROJECT["dependencies"], where) == []


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_nothing_that_the_tests_need_is_looked_for_outside_the_lock(
    python: str, machine: str
) -> None:
    where = environment(python, machine)
    lock = locked("requirements-dev.lock", where)
    roots = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]

    assert unmet(lock, roots, where) == []


def test_a_package_that_is_missing_or_too_old_is_found() -> None:
    where = environment("3.12", "x86_64")
    lock = locked("requirements.lock", where)
    lock["pydantic"] = Version("1.0")
    del lock["jinja2"]

    told = "\n".join(unmet(lock, PROJECT["dependencies"], where))

    assert "apiflask asks for pydantic[email]" in told
    assert "flask asks for jinja2" in told


def test_a_requirement_of_an_extra_counts_where_the_extra_is_asked_for() -> None:
    where = environment("3.12", "x86_64")
    lock = locked("requirements.lock", where)
    del lock["email-validator"]  # only `pydantic[email]` asks for it

    assert any(
        "pydantic asks for email-validator" in each
        for each in unmet(lock, PROJECT["dependencies"], where)
    )


def test_what_builds_the_package_is_locked_too() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    where = environment("3.12", "x86_64")
    lock = locked("requirements-dev.lock", where)

    assert all(Requirement(line).specifier.contains(lock[Requirement(line).name]) for line in build)


def test_every_command_that_installs_a_lock_installs_just_the_lock() -> None:
    """Wherever a lock is installed, by us or by a reader, pip must not resolve."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")[:-1]
    installs = [
        (file, line.strip())
        for file in files
        if Path(file).suffix in {"", ".md", ".sh", ".yaml", ".yml", ".service", ".toml"}
        for line in (ROOT / file)
        .read_text("utf-8", errors="replace")
        .replace("\\\n", " ")
        .splitlines()
        if re.search(r"pip3? install\b", line) and re.search(r"requirements\S*\.lock|\$LOCK", line)
    ]

    assert installs
    for file, line in installs:
        assert "--require-hashes" in line, (file, line)
        assert "--no-deps" in line, (file, line)


def test_pip_finds_that_all_fits_together() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
