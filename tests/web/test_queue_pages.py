"""Somebody at the desk opens the queue: what is theirs, what they look for, several at once."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote_plus

import pytest
from flask import Flask

from app.actions.tickets.move_ticket import Assign, MoveRequest, move_ticket
from app.domain.access.actor import command_line
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.tickets.ticket import Assignee, Ticket, Work
from app.store import Database
from app.store.ticket_lists import find_ticket
from tests.support.desk_documents import GROUPS
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.queued_tickets import a_ticket, put_tickets
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    another_desk,
    folder,
    import_sample_desks,
    later,
)
from tests.support.users import a_user


@pytest.fixture
def database(app: Flask) -> Database:
    """The sample desk, with a group of which the coordinator is one."""
    database = database_of(app)
    import_sample_desks(database, folder(desk=DESK_TOML + GROUPS))
    return database


def ticket(database: Database, number: int) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, number)
    assert found
    return found


def numbers(browser: Browser, query: str) -> list[int]:
    shown = browser.get(f"/tickets?{query}")
    assert shown.status_code == 200
    return [int(each) for each in re.findall(r'href="/tickets/(\d+)\?from=', shown.text)]


def test_an_empty_queue_says_what_there_is_to_do(browser: Browser, database: Database) -> None:
    put_tickets(database, [a_ticket("Skriveren"), a_ticket("Passordet")])
    mine = browser.get("/tickets").text
    assert "Ingenting venter på deg." in mine
    assert "2 saker er ikke tildelt noen" in mine
    assert "Ingen saker passer." in browser.get("/tickets?q=noe+annet").text
    assert numbers(browser, "q=SKRIVER") == [1001]


def test_a_row_leads_to_the_ticket_and_says_from_where(
    browser: Browser, database: Database
) -> None:
    put_tickets(database, [a_ticket("Skriveren", work=Work(group="second_line"))])
    shown = unescape(browser.get("/tickets?view=group&priority=high").text)
    assert "/tickets/1001?from=view%3Dgroup%26priority%3Dhigh%26after%3D-1001" in shown
    assert "Andre linje" in shown


def test_the_next_ticket_is_one_press_away_also_after_this_one_has_left_the_list(
    browser: Browser, database: Database
) -> None:
    put_tickets(database, [a_ticket("En", due_in=1), a_ticket("To", due_in=2), a_ticket("Tre")])
    shown = browser.get("/tickets?view=unassigned").text
    second = unescape(re.findall(r'href="(/tickets/1002\?from=[^"]*)"', shown)[0])
    before = browser.get(second).text
    assert (beside(before, "prev"), beside(before, "next")) == ("1001", "1003")
    came_from = second.partition("?from=")[2]
    taken = browser.post("/tickets/1002/take", {"from": unquote_plus(came_from)})
    after = browser.get(taken.headers["Location"]).text
    assert (beside(after, "prev"), beside(after, "next")) == ("1001", "1003")
    assert 'href="/tickets?view=unassigned"' in after
    assert browser.get("/tickets/1002?from=%00x").status_code == 200
    assert 'rel="next"' not in browser.get("/tickets/1002").text


def beside(text: str, rel: str) -> str:
    """The number of the ticket to which a page leads on."""
    return re.findall(rf'rel="{rel}" href="/tickets/(\d+)\?', text)[0]


def test_whatever_stands_in_an_address_is_answered(browser: Browser, database: Database) -> None:
    put_tickets(database, [a_ticket("Skriveren")])
    for query in (
        "view=x&after=y&before=z",
        "desk=nowhere&group=x",
        "priority=%00",
        "q=%F0%9F%98%80",
    ):
        assert browser.get(f"/tickets?{query}").status_code == 200
    left_out = browser.get("/tickets?view=open&desk=nowhere").text
    assert "Det er utelatt" in left_out
    assert browser.get("/tickets/bulk?ticket=x&ticket=1.&ticket=99999.1").status_code == 200


def form(text: str, **more: str) -> list[tuple[str, str]]:
    """What the page's own form sends, with what somebody fills in."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    return [*((name, unescape(value)) for name, value in hidden), *more.items()]


def sent(browser: Browser, path: str, fields: list[tuple[str, str]]) -> str:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    answer = browser.post(path, data)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_several_are_looked_at_done_and_undone_and_one_that_somebody_changed_is_not(
    browser: Browser, database: Database
) -> None:
    put_tickets(database, [a_ticket("Skriveren"), a_ticket("Passordet"), a_ticket("Nettet")])
    chosen = browser.get("/tickets/bulk?ticket=1001.1&ticket=1002.1&ticket=1003.1").text
    other = Assign(Assignee("Ola", "77"))
    move_ticket(database, MoveRequest(1002, other, command_line("Ola")), later(0))
    looked_at = sent(browser, "/tickets/bulk/preview", form(chosen, what="take"))
    assert "2 saker endres" in looked_at
    assert "Ola har endret saken" in looked_at
    assert ticket(database, 1001).work.assignee is None, "nothing is done yet"

    asked = form(looked_at)
    done = sent(browser, "/tickets/bulk", asked)
    assert "Gjort med 2. Ikke gjort med 0." in done
    assert numbers(browser, "view=mine") == [1003, 1001]
    again = sent(browser, "/tickets/bulk", asked)
    assert "Gjort med 0. Ikke gjort med 2." in again
    assert again.count("Det er slik allerede.") == 2
    assert "Gjort med 2." in sent(browser, "/tickets/bulk/undo", form(done))
    assert numbers(browser, "view=mine") == []
    assert ticket(database, 1002).work.assignee == Assignee("Ola", "77")


def test_a_move_is_offered_where_it_is_legal_for_all_and_asks_for_its_words(
    browser: Browser, database: Database
) -> None:
    waiting = a_ticket("Passordet", work=Work("waiting_for_customer"))
    put_tickets(database, [a_ticket("Skriveren"), waiting])
    chosen = browser.get("/tickets/bulk?ticket=1001.1&ticket=1002.1").text
    assert 'value="move:solve"' in chosen
    assert 'value="move:ask"' not in chosen, "one of them waits already"
    silent = browser.post(
        "/tickets/bulk/preview", {"what": "move:solve", "ticket": ["1001.1", "1002.1"]}
    )
    assert silent.status_code == 422
    silent = browser.post("/tickets/bulk/preview", {"what": "priority", "priority": "low"})
    assert silent.status_code == 422
    words = form(chosen, what="move:solve", comment="Rettet i natt.")
    looked_at = sent(browser, "/tickets/bulk/preview", words)
    assert "Kunden leser kommentaren" in looked_at
    sent(browser, "/tickets/bulk", form(looked_at))
    assert {ticket(database, each).work.state for each in (1001, 1002)} == {"solved"}


def test_several_are_routed_and_get_another_priority_with_a_reason(
    browser: Browser, database: Database
) -> None:
    put_tickets(database, [a_ticket("Skriveren"), a_ticket("Passordet")])
    chosen = browser.get("/tickets/bulk?ticket=1001.1&ticket=1002.1").text
    routed = form(chosen, what="route", group="second_line")
    done = sent(browser, "/tickets/bulk", form(sent(browser, "/tickets/bulk/preview", routed)))
    assert "Går til Andre linje" in done
    assert numbers(browser, "view=group") == [1002, 1001]
    chosen = browser.get("/tickets/bulk?ticket=1001.2&ticket=1002.2").text
    lowered = form(chosen, what="priority", priority="low", reason="Natten er over.")
    done = sent(browser, "/tickets/bulk", form(sent(browser, "/tickets/bulk/preview", lowered)))
    assert "Prioritet: fra" in done
    assert "Angre" not in done, "the inbox was told at once"
    assert ticket(database, 1001).priority == "low"


def test_filters_are_saved_renamed_and_deleted_by_whom_they_belong_to(
    app: Flask, browser: Browser, database: Database
) -> None:
    question = {"query": "view=open&priority=low", "name": "Ro"}
    assert browser.post("/tickets/filters", question).status_code == 303
    for name in [f"Filter {each}" for each in range(19)]:
        assert browser.post("/tickets/filters", {**question, "name": name}).status_code == 303
    one_more = browser.post("/tickets/filters", {**question, "name": "For mye"})
    assert one_more.status_code == 409
    assert "Du har 20 filtre" in one_more.text
    assert browser.post("/tickets/filters", question).status_code == 303, "the same name again"
    assert "/tickets?view=open&amp;priority=low" in browser.get("/tickets").text

    other = a_browser(app, a_user(database, "ola", AccessRole.AGENT))
    assert other.post("/tickets/filters/1/rename", {"name": "Min"}).status_code == 404
    assert other.post("/tickets/filters/1/delete").status_code == 404
    taken = browser.post("/tickets/filters/1/rename", {"name": "Filter 3"})
    assert taken.status_code == 409
    assert browser.post("/tickets/filters/1/rename", {"name": "Fred"}).status_code == 303
    assert "Fred" in browser.get("/tickets/filters").text
    assert browser.post("/tickets/filters/1/delete").status_code == 303
    assert browser.post("/tickets/filters/1/delete").status_code == 404
    assert "Fred" not in browser.get("/tickets/filters").text


def test_another_desks_tickets_are_as_if_there_were_none(app: Flask, database: Database) -> None:
    import_sample_desks(database, another_desk(1))
    put_tickets(database, [a_ticket("Skriveren", due_in=1, customer="9001")])
    scope = Scope(desk=f"{DESK}-1")
    elsewhere = a_browser(app, a_user(database, "agent", AccessRole.AGENT, scope))
    for query in ("view=open", "view=unassigned", "view=breaching", "q=skriver", "q=1001"):
        assert numbers(elsewhere, query) == []
        assert numbers(elsewhere, f"{query}&desk={DESK}") == []
    assert not re.search(r"\([1-9]\d*\)", elsewhere.get("/tickets?view=open").text), "no count"
    there, none = (
        elsewhere.post("/tickets/bulk", {"ticket": [f"{each}.1"], "what": "take"}).text
        for each in (1001, 4711)
    )
    assert there.replace("1001", "4711") == none
    assert ticket(database, 1001).work.assignee is None


def test_a_page_that_stays_open_asks_for_what_has_changed_alone(
    browser: Browser, database: Database
) -> None:
    put_tickets(database, [a_ticket("Skriveren")])
    rows = browser.get("/tickets/rows?view=unassigned")
    assert "<html" not in rows.text
    assert 'id="ticket-1001"' in rows.text
    assert rows.headers["ETag"] in browser.get("/tickets?view=unassigned").text
    seen = {"If-None-Match": rows.headers["ETag"]}
    assert browser.get("/tickets/rows?view=unassigned", headers=seen).status_code == 304
    given = MoveRequest(1001, Assign(Assignee("Kari")), command_line("Teamleiar"))
    move_ticket(database, given, later(60))
    after = browser.get("/tickets/rows?view=unassigned", headers=seen)
    assert after.status_code == 200
    assert 'id="ticket-1001"' not in after.text
