"""The page of now in a real browser: it follows what happens, and keeps what was opened."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app import clock
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry, withdraw_entry
from app.domain.access.actor import command_line
from app.domain.roster.entries import EntryKind
from app.web.session import BY_ITSELF
from tests.pages.all_pages import ADMINISTRATOR
from tests.pages.site import Site
from tests.support.sample_desk import DESK

OpenPage = Callable[..., Page]
SOON = 30_000  # milliseconds, on a machine that is busy
ME = command_line("Teamleiar")
AS_IT_IS = "warning"  # both are away for some hours of next week


def away(site: Site, person: str) -> int:
    values = {"person": person, "from": "2026-01-01 00:00Z", "to": "2036-01-01 00:00Z"}
    added = add_entry(site.database, EntryRequest(DESK, EntryKind.ABSENCE, values, ME), clock.now())
    assert isinstance(added, EntryResult)
    assert added.entry
    return added.entry.id


def test_a_page_that_stays_open_shows_that_nobody_is_left_and_that_somebody_is_again(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page("/", user=ADMINISTRATOR)
    asked: set[bool] = set()
    page.on("request", lambda each: asked.add(BY_ITSELF.lower() in each.headers))
    desk = page.locator(f"#desk-{DESK}")
    expect(desk).to_have_attribute("data-severity", AS_IT_IS)
    desk.get_by_text("Vis telefonnumre").click()
    expect(desk.get_by_role("link").first).to_be_visible()

    entries = [away(site, person) for person in ("duty-1", "duty-2")]
    expect(desk).to_have_attribute("data-severity", "acute", timeout=SOON)
    expect(desk.get_by_role("link").first).to_be_visible()  # what was opened stays open
    expect(page.locator("[data-live-news]")).to_contain_text("Fjordhjelp: Ingen")

    for entry in entries:
        withdraw_entry(site.database, DESK, entry, ME, clock.now())
    expect(desk).to_have_attribute("data-severity", AS_IT_IS, timeout=SOON)
    assert asked == {True}, "no use of the login"


def test_the_page_works_without_javascript(site: Site, open_page: OpenPage) -> None:
    page = open_page("/", user=ADMINISTRATOR, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Fjordhjelp")).to_be_visible()
    page.get_by_role("link", name="Hent på nytt").click()
    expect(page.get_by_role("heading", name="Fjordhjelp")).to_be_visible()
