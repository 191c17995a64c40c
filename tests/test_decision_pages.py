"""Each decision page has a number of its own, which its heading says too."""

from __future__ import annotations

from pathlib import Path

PAGES = sorted((Path(__file__).parent.parent / "docs/decisions").glob("*.md"))


def test_decisions_are_numbered_once_each_and_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in PAGES]

    assert numbers == list(range(1, len(PAGES) + 1))


def test_the_heading_of_a_decision_says_its_number() -> None:
    headings = [page.read_text("utf-8").splitlines()[0] for page in PAGES]

    assert [
        heading
        for number, heading in enumerate(headings, start=1)
        if not heading.startswith(f"# {number}. ")
    ] == []
