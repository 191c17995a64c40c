"""docs/preflight.md shows lines as `vakt preflight` writes them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BLOCKS = re.findall(
    r"^```\n(.*?)^```$", (ROOT / "docs" / "preflight.md").read_text("utf-8"), re.S | re.M
)
TEXTS = tomllib.loads((ROOT / "voice_prompts" / "preflight.toml").read_text("utf-8"))


def sentences(table: object) -> Iterator[str]:
    """Every English sentence of a table and of those in it."""
    if isinstance(table, dict):
        yield from ([table["en"]] if isinstance(table.get("en"), str) else [])
        for inner in table.values():
            yield from sentences(inner)


def is_told_apart(sentence: str) -> bool:
    """Whether it has words of its own: what only joins others would match any line."""
    words = re.sub(r"\{[^}]*\}", "", sentence)
    return words == sentence or len(words) > 9


def pattern(sentence: str) -> str:
    """What a sentence looks like whatever fills it."""
    return ".+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", sentence))


def test_every_line_of_the_example_is_one_that_the_command_writes() -> None:
    known = re.compile(
        "|".join(f"(?:{pattern(each)})" for each in sentences(TEXTS) if is_told_apart(each))
    )
    shown = [
        re.sub(r"^  (?:ok     |warning|error  ) |^ +| \[y/N\]: y$", "", line)
        for block in BLOCKS[1:]
        for line in block.splitlines()
        if line and not re.match(r"[$…]|\d error", line)
    ]

    assert len(shown) > 25
    assert [line for line in shown if not known.fullmatch(line)] == []
