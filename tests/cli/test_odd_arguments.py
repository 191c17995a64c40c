"""Whatever is typed as an argument, a command does something or says why not."""

import pytest

from tests.cli.a_terminal import Terminal

BRUKARSTOTTE = ("--desk", "brukarstotte")
EXPLAIN = ("explain", "--line", "+4720000210", "--from", "+4749002001")
ODD = (
    *("", " ", "\udce9", "\x00", "٣", "²", "1e9", "-1", "9" * 400, "a\nb", "“x”", "😀", "x" * 5000),
    *("2026-12-24", "0001-01-01T00:00:00Z", "2027-03-28T02:30", "\u200e+4749002001", "/dev/null"),
)
COMMANDS = (
    ("duty", "{}"),
    ("duty", "brukarstotte", "--at", "{}"),
    ("explain", "--line", "{}", "--from", "{}"),
    (*EXPLAIN, "--keys", "{}"),
    ("prove", "{}"),
    ("desk", "check", "{}"),
    ("desk", "export", "{}", "out"),
    ("lifeline", "export", "brukarstotte", "--until", "{}"),
    ("recording", "listen", "{}", "--as", "me", "--out", "x.wav"),
    ("person", "export", "{}"),
    ("block", "add", "{}", *BRUKARSTOTTE, "--reason", "x"),
    ("block", "add", "+4749009998", *BRUKARSTOTTE, "--reason", "{}", "--until", "{}"),
    ("token", "create", "x", "--days", "{}"),
    ("ticket", "show", "{}"),
    ("{}",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_any_argument_is_answered_or_refused(desks: Terminal, command: tuple[str, ...]) -> None:
    for odd in ODD:
        done = desks.vakt(*(word.replace("{}", odd) for word in command))

        assert done.code in (0, 1, 2), (odd, done)
        assert "sqlalche" not in done.err
        assert not done.code or done.err.strip()


def test_a_terminal_that_does_not_speak_utf_8_is_told_so(desks: Terminal) -> None:
    told = desks.is_wrong("duty", "brukarst\udcf8tte")

    assert "“brukarst?tte” is not UTF-8 text: is the terminal set to UTF-8?" in told
