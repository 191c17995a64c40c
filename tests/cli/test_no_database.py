"""Commands on a database that is not ready: what to type, and nothing is made where one stands."""

from __future__ import annotations

import pytest

from tests.cli.a_terminal import Terminal

READING = [
    ("duty", "brukarstotte"),
    ("explain", "--line", "+4720000210", "--from", "+4749002001", "--at", "2026-11-21T23:10"),
    ("prove", "brukarstotte"),
    ("desk", "export", "brukarstotte", "out"),
    ("token", "list"),
    ("token", "create", "wallboard"),
    ("block", "list"),
    ("person", "export", "+4749002001"),
    ("backup", "vakt.zip"),
    ("worker",),  # as a process: tests/end_to_end/test_not_ready.py
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_makes_no_database_where_there_is_none(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    terminal.database_url = "sqlite:///var/vakt.db"
    before = sorted(file.name for file in terminal.home.iterdir())

    told = terminal.is_refused(*words)

    assert told.startswith("There is no Vaktlinje database yet: sqlite:///var/vakt.db\n")
    assert "Run `vakt db upgrade` first.\nTo try things out instead, run `vakt demo`" in told
    assert sorted(file.name for file in terminal.home.iterdir()) == before
