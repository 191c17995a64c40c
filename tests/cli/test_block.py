"""`vakt block`: a robot's number is put on the list, holds until it expires, and comes off."""

from collections.abc import Callable

import pytest
from click.testing import Result

from app import clock
from app.domain.calls.call import Step
from tests.cli.a_command import vakt
from tests.support.sample_desk import CALLER, DESK, STRANGER, SUPPORT, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night

Vakt = Callable[..., Result]


@pytest.fixture
def block(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Vakt:
    with sample_database(migrated_sqlite_url):
        pass
    return lambda *words: vakt(monkeypatch, migrated_sqlite_url, "block", *words)


def step_of_a_call(url: str, sid: str, caller: str = STRANGER) -> Step:
    with sample_database(url) as database:
        return DrivenCall(database, sid, SUPPORT, caller, start=clock.now()).arrives().held.step


def test_a_number_is_blocked_listed_and_answered_again(
    block: Vakt, migrated_sqlite_url: str
) -> None:
    done = block("add", STRANGER, "--desk", DESK, "--reason", "a robot", "--as", "Teamleiar")
    assert done.exit_code == 0, done.output
    assert step_of_a_call(migrated_sqlite_url, "CA1") is Step.SCREENED

    listed = block("list", "--desk", DESK).output
    for words in ("+47 49 00 90 99", "a robot", "Teamleiar", "until it is removed"):
        assert words in listed

    assert block("remove", STRANGER, "--desk", DESK).exit_code == 0
    assert step_of_a_call(migrated_sqlite_url, "CA2") is not Step.SCREENED
    again = block("remove", STRANGER, "--desk", DESK)
    assert again.exit_code == 1
    assert "is not blocked" in again.output


def test_blocking_again_gives_the_new_reason_and_expiry(block: Vakt) -> None:
    words = (STRANGER, "--desk", DESK, "--reason")
    block("add", *words, "a robot")
    block("add", *words, "a pocket", "--until", "2099-01-01T12:00")
    listed = block("list").output
    assert len(listed.splitlines()) == 1
    assert "a pocket" in listed
    assert "Thu 1 Jan 2099 12:00" in listed, "the desk's wall time"


def test_an_expired_block_is_shown_as_such_and_cannot_be_made(block: Vakt) -> None:
    words = ("add", STRANGER, "--desk", DESK, "--reason", "a robot", "--until")
    done = block(*words, "2020-01-01T12:00")
    assert done.exit_code == 1
    assert "already have expired" in done.output
    assert block(*words, "tomorrow").exit_code == 2


@pytest.mark.parametrize("nobody", ["anonymous", "withheld", "x"])
def test_a_withheld_number_cannot_be_blocked(block: Vakt, nobody: str) -> None:
    done = block("add", nobody, "--desk", DESK, "--reason", "a robot")
    assert done.exit_code == 1
    assert "cannot be blocked" in done.output


def test_an_unknown_desk_is_refused_with_those_that_are_there(block: Vakt) -> None:
    for words in (
        ("add", STRANGER, "--desk", "other", "--reason", "x"),
        ("list", "--desk", "other"),
        ("remove", STRANGER, "--desk", "other"),
    ):
        done = block(*words)
        assert done.exit_code == 1
        assert DESK in done.output


def test_a_reason_is_needed(block: Vakt) -> None:
    assert block("add", STRANGER, "--desk", DESK, "--reason", "  ").exit_code == 1
    assert block("add", STRANGER, "--desk", DESK).exit_code == 2


def test_who_blocks_a_customer_with_an_open_critical_ticket_is_told_what_that_means(
    block: Vakt, migrated_sqlite_url: str
) -> None:
    with sample_database(migrated_sqlite_url) as database:
        critical_at_night(database)
    done = block("add", CALLER, "--desk", DESK, "--reason", "rings all day")
    assert done.exit_code == 0
    assert "a number of Skogli skule" in done.output
    assert "open critical ticket" in done.output
    assert step_of_a_call(migrated_sqlite_url, "CA9", CALLER) is not Step.SCREENED


def test_a_desk_is_closed_to_withheld_numbers_for_a_while_and_opened_again(
    block: Vakt, migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = block("withheld", "--desk", DESK, "--minutes", "30", "--as", "Teamleiar")
    assert done.exit_code == 0, done.output
    assert "is closed to withheld numbers until" in done.output
    closed = step_of_a_call(migrated_sqlite_url, "CA1", "anonymous")
    assert closed is Step.CLOSED_TO_CALLER
    others = step_of_a_call(migrated_sqlite_url, "CA2", STRANGER)
    assert others is not Step.CLOSED_TO_CALLER
    assert "closed to withheld numbers" in block("list").output
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    assert ": stengt for skjulte numre" in block("list").output
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    assert "is open to withheld" in block("withheld", "--desk", DESK, "--open").output
    assert step_of_a_call(migrated_sqlite_url, "CA3", "anonymous") is not Step.CLOSED_TO_CALLER


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("+47490027021", "has 8 digits, this one has 9"),
        ("+474900270", "has 8 digits, this one has 7"),
    ],
)
def test_a_number_that_cannot_exist_is_not_blocked_but_can_be_looked_up(
    block: Vakt, migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, wrong: str, said: str
) -> None:
    done = block("add", wrong, "--desk", DESK, "--reason", "a robot")
    assert (done.exit_code, said in done.output) == (1, True)
    assert "is not blocked" in block("remove", wrong, "--desk", DESK).output

    asked = ("explain", "--line", SUPPORT, "--from", wrong, "--at", "2026-11-18T10:00")
    assert vakt(monkeypatch, migrated_sqlite_url, *asked).exit_code == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("+47490027021", "cannot exist"),
        ("+881612345678", "satellite"),
        ("+4782000000", "premium-rate number"),
    ],
)
def test_preflight_rings_no_number_that_cannot_exist_or_is_dear(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, wrong: str, said: str
) -> None:
    done = vakt(monkeypatch, migrated_sqlite_url, "preflight", "--live", wrong)
    assert (done.exit_code, said in done.output) == (2, True)
