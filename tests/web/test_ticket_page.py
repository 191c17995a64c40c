"""Somebody at the desk works on a ticket: answers, notes, moves, and passes it on."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app import clock
from app.actions.privacy.purge import purge_batch
from app.actions.tickets.move_ticket import MoveRequest, WriteComment, move_ticket
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.writing import OVER_AFTER
from app.store.comments import comments_on
from app.store.ticket_lists import find_ticket
from app.store.ticket_writers import find_writer, writers_on
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    another_desk,
    folder,
    import_sample_desks,
    later,
)
from tests.support.users import a_user

PAGE = "/tickets/1001"


@pytest.fixture
def case(app: Flask) -> Flask:
    """The web, with a ticket that somebody at the desk has opened."""
    asked = TicketAsked(
        desk=DESK,
        priority=Priority.MEDIUM,
        subject="The printer in ward 2",
        by=Actor(ActorKind.COMMAND, "Teamleiar", via="vakt ticket"),
        customer="9001",
        name="Ola Nordmann",
        number="",
        email="",
        note="",
    )
    open_asked_ticket(database_of(app), OpenRequest(asked, "test", "1"), later(0))
    return app


def ticket(app: Flask) -> Ticket:
    with database_of(app).read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def written(app: Flask) -> list[tuple[str, str]]:
    with database_of(app).read() as connection:
        return [
            (each.comment.body, each.comment.visibility) for each in comments_on(connection, 1001)
        ]


def hidden(text: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found
    return found[1]


def sent(browser: Browser, **fields: str) -> dict[str, str]:
    """A form of the page as it is now."""
    text = browser.get(PAGE).text
    return {"version": hidden(text, "version"), "key": hidden(text, "key"), **fields}


def test_an_answer_goes_to_who_is_named_on_the_button_and_a_note_does_not(
    case: Flask, browser: Browser
) -> None:
    shown = browser.get(PAGE).text
    assert "Send til Ola Nordmann" in shown
    assert "Lagre internt notat" in shown
    assert "Nynorsk" in shown, "the page follows its reader's language"
    answer = sent(browser, reply="Which ward?", reply_move="ask")
    done = browser.post(f"{PAGE}/reply", answer)
    assert done.status_code == 303
    assert browser.post(f"{PAGE}/reply", answer).status_code == 303, "a double click"
    assert browser.post(f"{PAGE}/note", sent(browser, note="The proxy?")).status_code == 303
    assert written(case) == [("Which ward?", "public"), ("The proxy?", "internal")]
    assert ticket(case).work.state == "waiting_for_customer"
    assert "Venter på kunden" in browser.get(PAGE).text


def test_of_two_who_answer_at_once_the_second_sees_the_first_and_loses_no_word(
    case: Flask, browser: Browser
) -> None:
    mine = sent(browser, reply="Restart it, please.", reply_move="solve")
    other = a_browser(case, a_user(database_of(case), "ola", role=AccessRole.AGENT))
    assert other.post(f"{PAGE}/reply", sent(other, reply="Which ward?")).status_code == 303
    late = browser.post(f"{PAGE}/reply", mine)
    assert late.status_code == 409
    assert "Restart it, please.</textarea>" in late.text
    assert "Which ward?" in late.text
    assert "mens du skrev" in late.text
    again = mine | {"version": hidden(late.text, "version")}
    assert browser.post(f"{PAGE}/reply", again).status_code == 303
    assert [body for body, _ in written(case)] == ["Which ward?", "Restart it, please."]


def test_what_was_sent_too_soon_is_taken_back(case: Flask, browser: Browser) -> None:
    done = browser.post(f"{PAGE}/reply", sent(browser, reply="Restarting now."))
    assert "Angre" in browser.get(done.headers["Location"]).text
    assert browser.post(f"{PAGE}/undo").status_code == 303
    assert written(case) == []
    assert ticket(case).acknowledged is None
    assert browser.post(f"{PAGE}/undo").status_code == 409


def test_what_a_level_means_to_the_desk_stands_where_it_is_chosen(
    case: Flask, browser: Browser
) -> None:
    choice = re.search(
        r'value="critical" aria-describedby="([^"]+)">\s*<label[^>]*>Kritisk</label>\s*'
        r'<div class="vakt-hint" id="([^"]+)" lang="nb">Liv og helse\.</div>',
        browser.get(PAGE).text,
    )
    assert choice
    assert choice[1] == choice[2]


def test_it_is_taken_passed_on_and_made_urgent_with_a_reason(case: Flask, browser: Browser) -> None:
    assert browser.post(f"{PAGE}/take", sent(browser)).status_code == 303
    assert ticket(case).acknowledged
    nobody = browser.post(f"{PAGE}/assign", sent(browser, to=""))
    assert nobody.status_code == 303
    assert ticket(case).work.assignee is None
    stranger = browser.post(f"{PAGE}/assign", sent(browser, to="4711"))
    assert stranger.status_code == 422
    silent = browser.post(f"{PAGE}/priority", sent(browser, priority="high"))
    assert silent.status_code == 422
    told = sent(browser, priority="high", priority_reason="Three wards.")
    assert browser.post(f"{PAGE}/priority", told).status_code == 303
    assert ticket(case).priority is Priority.HIGH
    assert "Three wards." in browser.get(PAGE).text


def test_only_what_the_workflow_offers_is_a_button(case: Flask, browser: Browser) -> None:
    shown = browser.get(PAGE).text
    assert 'value="start"' in shown
    assert 'value="confirm"' not in shown, "that is the customer's"
    forged = browser.post(f"{PAGE}/move", sent(browser, move="confirm"))
    assert forged.status_code == 409
    assert browser.post(f"{PAGE}/move", sent(browser, move="close")).status_code == 303
    closed = browser.get(PAGE).text
    assert "En lukket sak forblir lukket" in closed
    assert browser.post(f"{PAGE}/take", sent(browser)).status_code == 409


def test_who_may_not_work_on_it_is_answered_as_if_there_were_none(case: Flask) -> None:
    database = database_of(case)
    import_sample_desks(database, folder(), another_desk(1))
    elsewhere = a_browser(
        case, a_user(database, "agent", AccessRole.AGENT, Scope(desk=f"{DESK}-1"))
    )
    reader = a_browser(case, a_user(database, "reader", AccessRole.READER))
    there, none = elsewhere.get(PAGE), elsewhere.get("/tickets/4711")
    assert (there.status_code, none.status_code) == (404, 404)
    assert there.text.replace("1001", "4711") == none.text
    assert elsewhere.post(f"{PAGE}/reply", {"reply": "x"}).status_code == 404
    assert reader.get(PAGE).status_code == 403


def test_the_same_case_twice_is_merged_and_a_part_is_linked(case: Flask, browser: Browser) -> None:
    database = database_of(case)
    for key, subject in (("2", "Printer in ward 2"), ("3", "The network in ward 2")):
        asked = TicketAsked(
            desk=DESK,
            priority=Priority.LOW,
            subject=subject,
            by=Actor(ActorKind.COMMAND, "Teamleiar", via="vakt ticket"),
            customer="9001",
        )
        open_asked_ticket(database, OpenRequest(asked, "test", key), later(60))
    assert "Er dette den samme saken?" in browser.get("/tickets/1002").text
    late = browser.post("/tickets/1002/merge", {"into": "1001", "version": "999"})
    assert late.status_code == 409, "somebody has changed it since it was looked at"
    assert browser.post("/tickets/1002/merge", {"into": "1001"}).status_code == 303
    assert browser.post("/tickets/1002/merge", {"into": "1001"}).status_code == 303, "twice"
    assert "Samme som denne: sak" in browser.get(PAGE).text
    part = {"kind": "child_of", "other": "1001"}
    assert browser.post("/tickets/1003/link", part).status_code == 303
    assert "Deler av saken er ikke løst ennå" in browser.get(PAGE).text
    circle = browser.post(f"{PAGE}/link", {"kind": "child_of", "other": "1003"})
    assert circle.status_code == 409
    nowhere = browser.post(f"{PAGE}/link", {"kind": "related", "other": "4711"})
    assert nowhere.status_code == 422
    assert "Det finnes ingen sak 4711 her" in nowhere.text
    copied = {"key": "form-1"}
    first, second = (browser.post(f"{PAGE}/copy", copied) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert "Kopi av sak" in browser.get(first.headers["Location"]).text


def test_what_is_another_case_becomes_one_and_a_canned_answer_is_put_in(
    case: Flask, browser: Browser
) -> None:
    database = database_of(case)
    answer = (
        '\n[answers.again]\nname = "Prøv igjen"\nwords = { nb = "Prøv igjen.", en = "Again." }\n'
    )
    import_sample_desks(database, folder(desk=DESK_TOML + answer))
    words = "The scanner is broken too.\nSince yesterday."
    said = Comment(words, Side.CUSTOMER)
    ola = Actor(ActorKind.PERSON, "Ola", "ola")
    move_ticket(database, MoveRequest(1001, WriteComment(said), ola), later(60))
    shown = browser.get(f"{PAGE}?answer=again").text
    assert "Prøv igjen.</textarea>" in shown
    with database.read() as connection:
        [comment] = comments_on(connection, 1001)
    done = browser.post(f"{PAGE}/split", {"comment": str(comment.id)})
    again = browser.post(f"{PAGE}/split", {"comment": str(comment.id)})
    assert done.headers["Location"] == again.headers["Location"]
    split = browser.get(done.headers["Location"]).text
    assert "The scanner is broken too." in split
    assert "Skilt ut fra sak" in split


def test_who_writes_at_the_same_time_is_seen_until_they_send_or_stop(
    case: Flask, browser: Browser
) -> None:
    database = database_of(case)
    other = a_browser(case, a_user(database, "ola", role=AccessRole.AGENT))
    part = browser.get(f"{PAGE}/writing")
    unchanged = {"If-None-Match": part.headers["ETag"]}
    assert browser.get(f"{PAGE}/writing", headers=unchanged).status_code == 304
    for _ in range(2):
        assert other.post(f"{PAGE}/writing", {"what": "reply"}).status_code == 204
    assert "Ola Vik skriver et svar til kunden" in browser.get(PAGE).text
    assert "Ola Vik skriver" in browser.get(f"{PAGE}/writing", headers=unchanged).text
    assert "skriver et svar" not in other.get(PAGE).text, "nobody is told of themselves"
    assert other.post(f"{PAGE}/reply", sent(other, reply="Which ward?")).status_code == 303
    assert "skriver et svar" not in browser.get(PAGE).text

    other.post(f"{PAGE}/writing", {"what": "note"})
    with database.read() as connection:
        [writer] = writers_on(connection, 1001, clock.now())
        assert writers_on(connection, 1001, writer.reported_at + OVER_AFTER) == ()
    while purge_batch(database, writer.reported_at + OVER_AFTER):
        pass
    with database.read() as connection:
        assert find_writer(connection, 1001, writer.user) is None, "nothing is left of it"

    assert other.post(f"{PAGE}/writing", {"what": "a novel"}).status_code == 422
    reader = a_browser(case, a_user(database, "reader", AccessRole.READER))
    assert reader.post(f"{PAGE}/writing", {"what": "note"}).status_code == 403
    assert browser.get("/tickets/4711/writing").status_code == 404
    assert browser.post("/tickets/4711/writing", {"what": "note"}).status_code == 404
