"""`vakt ticket`: what somebody at the desk types to see tickets and to take them."""

import json

import pytest

from app.domain.tickets.events import TicketEventKind
from app.store.tickets import add_event
from tests.cli.a_command import vakt
from tests.support.sample_desk import later, sample_database
from tests.support.stored_call import critical_at_night


@pytest.fixture
def url(migrated_sqlite_url: str) -> str:
    with sample_database(migrated_sqlite_url) as database:
        critical_at_night(database)
        database.write(
            lambda connection: add_event(
                connection,
                1001,
                TicketEventKind.NOTIFICATION_FAILED,
                later(60),
                who="duty-1",
                error="no number",
            )
        )
    return migrated_sqlite_url


def test_what_is_not_closed_is_listed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = vakt(monkeypatch, url, "ticket", "list")
    assert listed.exit_code == 0
    assert "1001  Sat 21 Nov 2026 23:10  fjordhjelp" in listed.output
    assert "+47 49 00 90 01" in listed.output
    assert "1001" in vakt(monkeypatch, url, "ticket", "list", "--not-notified").output
    assert (
        "no such tickets" in vakt(monkeypatch, url, "ticket", "list", "--status", "closed").output
    )
    [ticket] = json.loads(vakt(monkeypatch, url, "ticket", "list", "--json").output)
    assert (ticket["number"], ticket["status"]) == (1001, "open")
    unknown = vakt(monkeypatch, url, "ticket", "list", "--desk", "nowhere")
    assert (unknown.exit_code, "Desks here: fjordhjelp" in unknown.output) == (1, True)


def test_one_is_shown_with_all_that_happened(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = vakt(monkeypatch, url, "ticket", "show", "1001").output
    assert "respond by     not agreed" in shown
    assert "23:10  The case was opened." in shown
    assert "The notification to duty-1 could not be sent: no number." in shown
    nynorsk = vakt(monkeypatch, url, "ticket", "show", "1001", "--language", "nn").output
    assert "Varselet til duty-1 kunne ikkje sendast" in nynorsk
    told = json.loads(vakt(monkeypatch, url, "ticket", "show", "1001", "--json").output)
    assert [event["kind"] for event in told["events"]] == ["opened", "notification_failed"]


def test_the_language_of_what_happened_is_not_that_of_the_command(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    nynorsk = vakt(monkeypatch, url, "ticket", "show", "1001", "--language", "nn").output
    assert "respond by     not agreed" in nynorsk
    assert "Varselet til duty-1 kunne ikkje sendast" in nynorsk
    plain = vakt(monkeypatch, url, "ticket", "show", "7777")
    for words in (("--language", "nn"), ("--language=nn",)):
        other = vakt(monkeypatch, url, "ticket", "show", "7777", *words)
        assert (other.exit_code, other.output) == (1, plain.output)
    by = vakt(monkeypatch, url, "--language", "nn", "ticket", "show", "7777", "--language", "nb")
    assert by.output == vakt(monkeypatch, url, "--language", "nn", "ticket", "show", "7777").output
    assert by.output != plain.output


def test_words_about_a_ticket_choose_no_language(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    note = ("--note", "--language=nb")
    done = vakt(monkeypatch, url, "ticket", "close", "1001", "--as", "Kari", *note)
    assert (done.exit_code, "closed by Kari" in done.output) == (0, True), done.output


def test_it_is_acknowledged_and_closed_by_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = vakt(monkeypatch, url, "ticket", "acknowledge", "1001", "--as", "Teamleiar")
    assert (taken.exit_code, "acknowledged by Teamleiar" in taken.output) == (0, True)
    again = vakt(monkeypatch, url, "ticket", "acknowledge", "1001", "--as", "Teamleiar")
    assert (again.exit_code, "nothing has changed" in again.output) == (0, True)
    late = vakt(monkeypatch, url, "ticket", "acknowledge", "1001", "--as", "Vakt 2")
    assert late.exit_code == 1
    assert late.output.startswith("Ticket 1001 was taken by Teamleiar at ")

    words = ("ticket", "close", "1001", "--as", "Teamleiar", "--note", "løst")
    assert "closed by Teamleiar" in vakt(monkeypatch, url, *words).output
    assert (
        "Teamleiar closed the case: løst."
        in vakt(monkeypatch, url, "ticket", "show", "1001").output
    )
    assert vakt(monkeypatch, url, "ticket", "close", "1001", "--as", "Vakt 2").exit_code == 1


def test_a_priority_is_changed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("ticket", "priority", "1001", "low", "--as", "Teamleiar")
    assert "low" in vakt(monkeypatch, url, *words).output
    assert vakt(monkeypatch, url, "ticket", "priority", "1001", "urgent").exit_code == 2


@pytest.mark.parametrize("words", [("show", "4711"), ("close", "4711", "--as", "Teamleiar")])
def test_no_such_ticket_is_said_so(
    url: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    refused = vakt(monkeypatch, url, "ticket", *words)
    assert refused.exit_code == 1
    assert "There is no ticket 4711" in refused.output


@pytest.mark.parametrize("who", ["", "  ", "x" * 201, "a\nb"])
def test_nobody_does_it_without_a_name(url: str, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    assert vakt(monkeypatch, url, "ticket", "close", "1001", "--as", who).exit_code == 2


OPEN = ("ticket", "open", "--desk", "fjordhjelp", "--as", "Teamleiar")


def test_one_is_opened_without_a_call(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = (*OPEN, "--priority", "critical", "--subject", "Journalen svarer ikke", "--key", "7")
    opened = vakt(monkeypatch, url, *words)
    assert opened.exit_code == 0
    assert "1002" in opened.output
    assert "subject        Journalen svarer ikke" in opened.output
    assert "next call-out" in opened.output, "the duty is called about it"
    again = vakt(monkeypatch, url, *words, "--json")
    assert json.loads(again.output)["number"] == 1002
    shown = vakt(monkeypatch, url, "ticket", "show", "1002").output
    assert "Teamleiar opened the case." in shown


def test_what_is_wrong_with_it_is_told_line_by_line(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--priority", "low", "--subject", "…", "--number", "12", "--customer", "4711")
    refused = vakt(monkeypatch, url, *OPEN, *words)
    assert refused.exit_code == 1
    assert refused.output.splitlines() == [
        "--customer: the desk has no customer with number 4711",
        "--subject: say in a few words what the case is about",
        "--number: 12 is not a possible telephone number",
    ]
    assert vakt(monkeypatch, url, *OPEN, "--priority", "urgent").exit_code == 2
