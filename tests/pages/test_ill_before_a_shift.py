"""Ill at 15:25 with a shift at 15:30: the absence, the gap that it opens, and who takes the shift.

Once with the keyboard alone, and once without JavaScript, in a real browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages import checks
from tests.pages.all_pages import COORDINATOR
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK_TOML, ROSTER_TOML, edit, folder

OpenPage = Callable[..., Page]
# The desk closes at 15:30 every day, when the duty's shift of the night begins.
OFFICE = 'monday-friday = ["08:00-16:00"]'
TURNS = """
[[rotations]]
id = "nights"
role = "primary"
kind = "daily"
handover = "15:30"
start = 2026-01-05
members = ["duty-1"]
"""


def a_desk(site: Site, name: str) -> None:
    """A desk of its own with two people, of whom only one takes turns."""
    desk = DESK_TOML.replace("+47200009", "+47200008" if name == "kyst" else "+47200007")
    desk = desk.replace("fjordhjelp", name).replace("Fjordhjelp", name.title())
    desk = desk.replace(OFFICE, 'monday-sunday = ["08:00-15:30"]')
    plan = ROSTER_TOML.replace('"fjordhjelp"', f'"{name}"').split("[[rotations]]")[0] + TURNS
    customers = "number,name,agreement,phones,shared_phones,class\n"
    put_desks(site.database, (folder(name, desk=desk, roster=plan, customers=customers),), edit())


@pytest.mark.parametrize("how", ["keyboard", "no_javascript"])
def test_ill_at_15_25_with_a_shift_at_15_30(how: str, site: Site, open_page: OpenPage) -> None:
    name = "kyst" if how == "keyboard" else "fjell"
    a_desk(site, name)
    page = open_page(
        f"/rosters/{name}?view=week", COORDINATOR, java_script_enabled=how == "keyboard"
    )
    go = Hands(page, by_keyboard=how == "keyboard")
    expect(page.get_by_text("Ingen hull: noen kan ringes i hver vakttime.")).to_be_visible()

    go.press("link", "Endre vakten")
    go.press("link", "Noen er borte")
    go.choose("Duty 1")
    go.write("Fra", "i morgen 15.25")
    go.write("Til", "i overmorgen 8")
    go.write("Hvorfor", "Syk")
    go.press("button", "Se hva det endrer")
    expect(page.get_by_text("Åpner hull: ingen kan ringes")).to_be_visible()
    if how == "keyboard":
        assert checks.axe_violations(page) == []
    go.press("button", "Lagre")

    expect(page.get_by_text("Dette er lagret")).to_be_visible()
    expect(page.get_by_role("heading", name="Hull de neste 90 dagene")).to_be_visible()
    go.press("link", "Finn noen")
    go.choose(re.compile("Duty 2"))
    go.press("button", "Se hva det endrer")
    expect(page.get_by_text("Lukker hull")).to_be_visible()
    expect(page.get_by_text("noen kan ringes i hele vakttiden")).to_be_visible()
    go.press("button", "Lagre")

    expect(page.get_by_text("Dette er lagret")).to_be_visible()
    expect(page.get_by_text("Ingen hull: noen kan ringes i hver vakttime.")).to_be_visible()
