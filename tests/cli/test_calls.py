"""`vakt calls`: an alarm says "look at the call", and here it is."""

import json

import pytest

from tests.cli.a_command import vakt
from tests.support.sample_desk import sample_database
from tests.support.stored_call import DrivenCall, critical_at_night


@pytest.fixture
def url(migrated_sqlite_url: str) -> str:
    with sample_database(migrated_sqlite_url) as database:
        critical_at_night(database)
        gone = DrivenCall(database, "CA2", caller="+4749009098")
        gone.arrives()
        gone.hangs_up()
    return migrated_sqlite_url


def test_calls_are_listed_by_how_they_ended(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both = vakt(monkeypatch, url, "calls", "list")
    assert both.exit_code == 0, both.output
    assert "CA1  Sat 21 Nov 2026 23:10  fjordhjelp" in both.output
    assert "CA2" in both.output
    still = vakt(monkeypatch, url, "calls", "list", "--open").output
    assert "CA1" in still
    assert "its end was never reported" in still
    assert "CA2" not in still
    over = vakt(monkeypatch, url, "calls", "list", "--outcome", "abandoned").output
    assert "CA2" in over
    assert "CA1" not in over
    assert "no such calls" in vakt(monkeypatch, url, "calls", "list", "--outcome", "failed").output


def test_one_is_told_turn_by_turn(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = vakt(monkeypatch, url, "calls", "show", "CA1")
    assert shown.exit_code == 0, shown.output
    assert "does opens ticket" in shown.output
    assert "sms    to duty-1: waiting" in shown.output
    in_nynorsk = vakt(monkeypatch, url, "--language", "nn", "calls", "show", "CA1").output
    assert "  gjer  opprettar sak" in in_nynorsk
    assert "does" not in in_nynorsk
    told = json.loads(vakt(monkeypatch, url, "calls", "show", "CA1", "--json").output)
    assert (told["sid"], told["ticket"]) == ("CA1", 1001)
    missing = vakt(monkeypatch, url, "calls", "show", "CA9")
    assert (missing.exit_code, "There is no call" in missing.output) == (1, True)
