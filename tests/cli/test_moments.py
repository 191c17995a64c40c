"""WHEN on the command line: read as people write it, or refused with what to write."""

import pytest

from tests.cli.a_terminal import ROOT, Terminal

EXPLAIN = ("explain", "--line", "+4720000210", "--from", "+4749002001")
COMMANDS = (
    ("duty", "brukarstotte"),
    EXPLAIN,
    ("prove", str(ROOT / "rosters" / "brukarstotte")),
    ("lifeline", "export", "brukarstotte"),
)


def test_a_clock_time_with_a_full_stop_is_the_same_as_with_a_colon(desks: Terminal) -> None:
    told = {
        desks.does("duty", "brukarstotte", "--at", f"2026-11-21{way}")
        for way in ("T23:10", "T23.10", " 2310")
    }

    assert len(told) == 1
    assert "Sat 21 Nov 2026 23:10" in told.pop()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-21", "is a date without a time: write it as 2026-11-21 15:30"),
        ("2027-03-28T02:30", "02:30 on 2027-03-28 does not exist"),
        ("21.11.2026 23.10", "write it as 2026-11-21 15:30"),
        ("", "is not a date and time"),
    ],
)
def test_what_is_no_moment_is_wrong_usage_and_says_what_to_write(
    desks: Terminal, command: tuple[str, ...], when: str, said: str
) -> None:
    assert said in desks.is_wrong(*command, "--at", when)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prove", "x", "--months", "1_2"), "“1_2” is not a whole number"),
        (("prove", "x", "--months", "１２"), "is not a whole number"),
        (("prove", "x", "--months", "61"), "must be from 1 to 60, not 61"),
        (("token", "create", "x", "--days", "1.5"), "“1.5” is not a whole number"),
        (("demo", "--speed", "nan"), "“nan” is not a number: write it like 4 or 0.5"),
    ],
)
def test_a_number_is_written_in_digits_or_refused(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    assert said in terminal.is_wrong(*words)
