"""A coordinator closes a day with the keyboard alone, and imports customers without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from app import clock
from tests.domain.time.wall_clock import OSLO
from tests.pages import checks
from tests.pages.all_pages import COORDINATOR
from tests.pages.hands import Hands
from tests.support.sample_desk import CUSTOMERS_CSV, DESK

OpenPage = Callable[..., Page]


def a_wednesday() -> str:
    """One from the second to the eighth of a month, on which no public holiday ever falls."""
    day = (clock.now() + timedelta(days=60)).astimezone(OSLO).date().replace(day=2)
    return f"{day + timedelta(days=(2 - day.weekday()) % 7):%d.%m.%Y}"


def test_a_day_is_closed_and_opened_again_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(f"/desks/{DESK}/hours", COORDINATOR)
    go = Hands(page, by_keyboard=True)
    go.press("link", "Steng dager")
    go.write("Første dag", a_wednesday())
    go.write("Hvorfor", "Flytting")
    go.press("button", "Se hva det endrer")
    expect(page.get_by_text("Vakttid som kommer til")).to_be_visible()
    expect(page.get_by_text("Duty 1, hovedvakt: 8,0 timer")).to_be_visible()
    assert checks.axe_violations(page) == []
    go.press("button", "Lagre")
    expect(page.get_by_text("Dette er lagret")).to_be_visible()
    expect(page.get_by_role("cell", name="Stengt denne dagen: Flytting")).to_be_visible()
    assert checks.axe_violations(page) == []
    go.press("button", "Angre")
    expect(page.get_by_text("Dette er lagret")).to_be_visible()
    expect(page.get_by_text("som ellers")).to_be_visible()


def test_customers_are_imported_without_javascript_after_a_look(open_page: OpenPage) -> None:
    page = open_page(f"/desks/{DESK}/customers", COORDINATOR, java_script_enabled=False)
    go = Hands(page, by_keyboard=False)
    go.press("link", "Les inn fra fil")
    text = CUSTOMERS_CSV.replace("Teknisk eining", "Teknisk drift")
    file = {"name": "kunder.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Fil").set_input_files([file])  # type: ignore[list-item]
    go.press("button", "Se hva det endrer")
    expect(page.get_by_text("0 legges til, 1 endres, 0 fjernes, 1 er som før.")).to_be_visible()
    go.press("button", "Lagre kundene")
    expect(page.get_by_text("0 lagt til, 1 endret, 0 fjernet.")).to_be_visible()
    go.write("Navn eller nummer", "DRIFT")
    go.press("button", "Søk")
    go.press("link", "Teknisk drift")
    go.write("Navn", "Teknisk eining")
    go.press("button", "Lagre")
    expect(page.get_by_text("Dette er lagret")).to_be_visible()
