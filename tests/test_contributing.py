"""CONTRIBUTING names files and commands that exist; a recipe that lies is worse than none."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

# Written by tests while they run.
MADE_ELSEWHERE = {"/tiny.py", "/test_one.py", "/test_other.py"}


def test_every_file_and_folder_that_the_guide_names_exists() -> None:
    named = set(re.findall(r"`((?:app|docs|tests|voice_prompts|scripts)/[\w./-]*)`", GUIDE))

    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_file_that_a_comment_or_a_page_names_exists() -> None:
    """Whoever follows a name from one file to the next must get there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    there = {f"/{file}" for file in listed if file.endswith(".py")} | MADE_ELSEWHERE
    told = [file for file in listed if file.endswith((".py", ".md", ".toml"))]

    named = [
        (file, name)
        for file in told
        for name in re.findall(r"(?<![\w.])[\w/]*\w\.py\b", (ROOT / file).read_text("utf-8"))
    ]

    assert len(named) > 100
    assert [
        each
        for each in named
        if not any(file.endswith("/" + each[1].lstrip("/")) for file in there)
    ] == []


def test_every_make_target_that_the_guide_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", GUIDE))

    assert named
    assert named <= targets


def test_the_guide_tells_every_layer_in_its_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    rows = contracts["contracts"][0]["layers"]
    told = re.search(r"^`cli` → .*?`domain`$", GUIDE, re.M | re.S)

    assert told
    assert [re.findall(r"`(\w+)`", row) for row in told[0].split("→")] == [
        row.split(" | ") for row in rows
    ]


def test_nothing_stands_at_the_top_that_a_trial_left_there() -> None:
    """A command that was tried by hand may write folders, and `git add` takes them all."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    folders = {file.split("/")[0] for file in done.stdout.split("\0") if "/" in file}
    known = {
        "app",
        "bench",
        "exchange",
        "deploy",
        "docs",
        "rosters",
        "scripts",
        "tests",
        "voice_prompts",
    }
    assert folders == known | {".ci"}
