"""`vakt ticket escalation` and its kin: what somebody at the desk types about targets."""

import pytest

from tests.cli.a_command import vakt
from tests.support.sample_desk import CALLER, DESK, sample_database
from tests.support.target_desk import a_folder


def test_a_desks_escalation_is_foreseen_and_a_tickets_held(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = migrated_sqlite_url
    with sample_database(url, a_folder()):
        pass

    def run(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, url, *words)
        return done.exit_code, done.output

    when = ("--priority", "high", "--opened", "2026-11-18T10:00")
    code, foreseen = run("desk", "escalation", DESK, *when)
    assert code == 0
    assert "from the opening" in foreseen
    assert "Wed 18 Nov 2026 14:00" in foreseen, "by overrun"
    assert run("desk", "escalation", "nowhere", *when)[0] == 1
    assert "Nothing is escalated" in run("desk", "escalation", DESK, "--priority", "low")[1]

    new = ("--priority", "high", "--subject", "x", "--as", "Teamleiar")
    assert run("ticket", "open", "--desk", DESK, *new)[0] == 0
    assert "Teamleiar" in run("ticket", "escalation", "1001")[1]
    why = ("--as", "Teamleiar", "--reason", "kunden vet det")
    assert run("ticket", "hold-escalation", "1001", *why)[0] == 0
    assert "nothing has changed" in run("ticket", "hold-escalation", "1001", *why)[1]
    assert run("ticket", "hold-escalation", "1001", "--as", "Teamleiar", "--reason", " ")[0] == 2
    assert run("ticket", "hold-escalation", "1001", *why, "--until", "2020-01-01T12:00")[0] == 1
    assert run("ticket", "agree-date", "1001", "2099-01-02T12:00", *why)[0] == 1
    assert run("ticket", "agree-date", "1001", *why)[0] == 2
    assert "nothing has changed" in run("ticket", "agree-date", "1001", "--withdrawn", *why)[1]
    assert run("ticket", "agree-date", "1001", "tomorrow", *why)[0] == 2
    assert run("ticket", "workaround", "1001", *why)[0] == 0
    assert run("ticket", "workaround", "7777", *why)[0] == 1


def test_a_customer_is_called_after_somebody_of_the_roster(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url):
        pass

    def run(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, migrated_sqlite_url, *words)
        return done.exit_code, done.output

    new = ("--priority", "low", "--subject", "x", "--as", "Teamleiar", "--number", CALLER)
    assert run("ticket", "open", "--desk", DESK, *new)[0] == 0
    who = ("--as", "Teamleiar", "--outside-hours")
    rung = run("ticket", "call", "1001", "--person", "duty-1", *who)
    assert rung == (0, "+47 49 00 91 01 is rung first. Whoever answers presses 1.\n")
    assert "rings already" in run("ticket", "call", "1001", "--person", "duty-1", *who)[1]
    assert run("ticket", "call", "1001", "--person", "nobody", *who)[0] == 1
    assert run("ticket", "call", "1001", *who)[0] == 1
    assert run("ticket", "call", "7777", "--person", "duty-1", *who)[0] == 1
