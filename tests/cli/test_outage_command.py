"""`vakt outage`: an operator says that a desk knows of an outage, and that it is over."""

import pytest

from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, sample_database


def test_it_is_marked_listed_changed_and_ended(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_database(migrated_sqlite_url):
        pass

    def outage(*words: str) -> tuple[int, str]:
        done = vakt(monkeypatch, migrated_sqlite_url, "outage", *words)
        return done.exit_code, done.output

    assert outage("list") == (0, "No outage has been marked.\n")
    assert outage("end", "--desk", DESK)[0] == 1
    assert outage("mark", "--desk", DESK, "--nb", "Nede.", "--as", "Teamleiar")[0] == 0
    assert outage("mark", "--desk", DESK, "--nb", "Noko anna.")[0] == 1
    assert outage("mark", "--desk", DESK, "--since", "soon")[0] == 2
    assert outage("change", "--desk", DESK, "--en", "Down.")[0] == 0
    listed = outage("list", "--desk", DESK)[1]
    assert "0 by SMS" in listed
    assert "Down." in listed
    assert "SMS goes to 0" in outage("end", "--desk", DESK, "--as", "Teamleiar")[1]
    assert "over by Teamleiar" in outage("list")[1]
    assert outage("mark", "--desk", "nowhere")[0] == 1
