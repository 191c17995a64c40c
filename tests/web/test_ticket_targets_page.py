"""What somebody decides about a ticket's targets on its page, and how it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import AccessRole
from app.domain.desks.desk import Priority
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.ticket import Ticket
from app.store.ticket_lists import find_ticket
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, import_sample_desks
from tests.support.target_desk import a_folder
from tests.support.users import a_user
from tests.web.test_ticket_page import hidden

HIGH, LOW = "/tickets/1001", "/tickets/1002"
BY = Actor(ActorKind.COMMAND, "Teamleiar", via="vakt ticket")


@pytest.fixture
def two(app: Flask) -> Flask:
    """The web of a desk with targets: an urgent ticket, and one for which a date may be agreed."""
    database = database_of(app)
    import_sample_desks(database, a_folder())
    for key, level in (("1", Priority.HIGH), ("2", Priority.LOW)):
        asked = TicketAsked(DESK, level, "The printer", BY, customer="9001")
        open_asked_ticket(database, OpenRequest(asked, "test", key), clock.now())
    return app


def ticket(app: Flask, number: int) -> Ticket:
    with database_of(app).read() as connection:
        found = find_ticket(connection, number)
    assert found
    return found


def seen(browser: Browser, page: str, **fields: str) -> dict[str, str]:
    return {"version": hidden(browser.get(page).text, "version"), **fields}


def test_a_hold_is_made_until_a_moment_undone_made_again_and_released(
    two: Flask, browser: Browser
) -> None:
    shown = browser.get(HIGH).text
    assert "Klokka følger «Kontortid»." in shown
    assert browser.post(f"{HIGH}/hold", seen(browser, HIGH)).status_code == 422, "without a reason"
    for absurd in ("i går 8", "2020-01-01 08:00", "når som helst"):
        refused = browser.post(
            f"{HIGH}/hold", seen(browser, HIGH, hold_reason="De vet det", hold_until=absurd)
        )
        assert refused.status_code == 422
        assert f'value="{absurd}"' in refused.text, "what was typed stays"
    tomorrow = f"{clock.now() + timedelta(days=1):%d.%m.%Y} 8"
    held = seen(browser, HIGH, hold_reason="De vet det", hold_until=tomorrow)
    done = browser.post(f"{HIGH}/hold", held)
    assert done.status_code == 303
    assert browser.post(f"{HIGH}/hold", held).status_code == 303, "a double click"
    told = browser.get(done.headers["Location"]).text
    assert "Eskaleringen er holdt tilbake siden" in told
    assert browser.post(f"{HIGH}/undo").status_code == 303
    assert ticket(two, 1001).escalation_held_at is None
    browser.post(f"{HIGH}/hold", seen(browser, HIGH, hold_reason="De vet det"))
    assert ticket(two, 1001).escalation_held_until is None
    back = seen(browser, HIGH, hold_reason="De spør nå", held="off")
    assert browser.post(f"{HIGH}/hold", back).status_code == 303
    assert ticket(two, 1001).escalation_held_at is None
    assert browser.post(f"{HIGH}/undo").status_code == 409, "somebody may have been told at once"


def test_of_two_who_decide_at_once_the_second_is_told(two: Flask, browser: Browser) -> None:
    other = a_browser(two, a_user(database_of(two), "ola", role=AccessRole.AGENT))
    mine = seen(browser, HIGH, workaround_reason="På papir")
    theirs = seen(other, HIGH, hold_reason="De vet det")
    assert other.post(f"{HIGH}/hold", theirs).status_code == 303
    late = browser.post(f"{HIGH}/workaround", mine)
    assert late.status_code == 409
    assert 'value="På papir"' in late.text
    again = mine | {"version": hidden(late.text, "version")}
    assert browser.post(f"{HIGH}/workaround", again).status_code == 303
    assert "En midlertidig løsning er på plass, og den teller." in browser.get(HIGH).text
    gone = seen(browser, HIGH, workaround_reason="Skriveren stoppet", in_place="off")
    assert browser.post(f"{HIGH}/workaround", gone).status_code == 303
    assert ticket(two, 1001).workaround_at is None


def test_a_date_is_agreed_and_taken_back_where_the_desk_lets_it(
    two: Flask, browser: Browser
) -> None:
    assert "Lagre datoen" not in browser.get(HIGH).text
    assert "Hold eskaleringen tilbake" not in browser.get(LOW).text, "no level is of this priority"
    optional = 'Når saken skal være løst <span class="vakt-optional">'
    assert optional not in browser.get(LOW).text, "without it there is nothing to save"
    due = ticket(two, 1002).due
    for absurd in ("", "2020-01-01 08:00", "2099-01-01 08:00"):
        refused = browser.post(
            f"{LOW}/agreed-date", seen(browser, LOW, agreed_reason="Ferie", agreed_date=absurd)
        )
        assert refused.status_code == 422, absurd
    day = f"{clock.now() + timedelta(days=30):%d.%m.%Y} 12"
    agreed = seen(browser, LOW, agreed_reason="Ferie", agreed_date=day)
    assert browser.post(f"{LOW}/agreed-date", agreed).status_code == 303
    assert "Datoen er avtalt med kunden. Pauser flytter den ikke." in browser.get(LOW).text
    assert optional in browser.get(LOW).text, "it can be taken back"
    back = seen(browser, LOW, agreed_reason="Før likevel", agreed="off")
    assert browser.post(f"{LOW}/agreed-date", back).status_code == 303
    assert ticket(two, 1002).due == due
