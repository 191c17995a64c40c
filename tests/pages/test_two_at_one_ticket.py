"""Two work on the same tickets: each sees that the other writes, and the queue follows by itself.

Nothing that is typed or ticked is lost by it.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Response, expect

from app import clock
from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.desks.desk import Priority
from app.domain.tickets.new_ticket_input import TicketAsked
from tests.pages.site import Site
from tests.support.sample_desk import DESK
from tests.support.users import a_user

OpenPage = Callable[..., Page]
BY = Actor(ActorKind.COMMAND, "Teamleiar", via="vakt ticket")
TYPED = "Vi ser på det nå."


def asks_now(page: Page) -> None:
    """The page asks for its live part, as when somebody comes back to it."""
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def is_reported(answer: Response) -> bool:
    """That somebody writes; who else does is asked for at the same address."""
    return answer.url.endswith("/writing") and answer.request.method == "POST"


def test_two_at_one_ticket(site: Site, open_page: OpenPage) -> None:
    asked = TicketAsked(DESK, Priority.LOW, "Skriveren i avdeling 7", BY, customer="9002")
    opened = open_asked_ticket(site.database, OpenRequest(asked, "two", "1"), clock.now())
    assert isinstance(opened, Opened)
    ticket, queue = f"/tickets/{opened.number}", "/tickets?view=open&customer=9002"
    one, other = (
        a_user(site.database, name, AccessRole.AGENT, Scope(desk=DESK)).email
        for name in ("eva", "tor")
    )
    mine, theirs = open_page(ticket, one), open_page(ticket, other, locale="nb")
    mine.fill("#field-reply", TYPED)
    with theirs.expect_response(is_reported) as reported:
        theirs.locator("#field-note").press_sequentially("Ser ut som")
    assert reported.value.status == 204

    asks_now(mine)
    expect(mine.locator("#writers")).to_contain_text("Tor Vik skriver et internt notat")
    expect(mine.locator("#field-reply")).to_have_value(TYPED)
    list_ = open_page(queue, one)
    row = list_.locator(f"#ticket-{opened.number}")
    row.get_by_role("checkbox").check()

    theirs.get_by_role("button", name="Lagre internt notat").click()
    theirs.get_by_role("button", name="Ta saken").click()
    expect(theirs.get_by_text("Du har saken.")).to_be_visible()
    asks_now(mine)
    expect(mine.locator("#writers")).not_to_contain_text("Tor Vik")
    expect(mine.locator("#field-reply")).to_have_value(TYPED)

    list_.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(row).not_to_contain_text("Tor Vik")
    row.get_by_role("checkbox").uncheck()
    asks_now(list_)
    expect(row).to_contain_text("Tor Vik")
