"""Christmas is planned: two share the days of whoever has the week, one is changed, none is lost.

Once with the keyboard alone, and once without JavaScript, in a real browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.actions.roster.shown_rosters import show_roster
from app.domain.roles import Role
from app.domain.roster.plan import Roster
from app.domain.roster.shifts import shifts
from tests.domain.time.wall_clock import OSLO
from tests.pages import checks
from tests.pages.all_pages import COORDINATOR
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.desk_documents import weekly_rotation
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK_TOML, ROSTER_TOML, edit, folder

OpenPage = Callable[..., Page]
PEOPLE = ("duty-1", "duty-2", "duty-3")
NEW = '\n[people.duty-3]\nname = "Duty 3"\nphones = ["+4749009103"]\n'


def a_desk(site: Site, name: str) -> None:
    """A desk of its own with three people who take a week each, and no backup."""
    desk = DESK_TOML.replace("+47200009", "+47200004" if name == "fjord" else "+47200003")
    desk = desk.replace("fjordhjelp", name).replace("Fjordhjelp", name.title())
    plan = ROSTER_TOML.replace('"fjordhjelp"', f'"{name}"').split("[[rotations]]")[0]
    plan += NEW + weekly_rotation("primary", *PEOPLE)
    customers = "number,name,agreement,phones,shared_phones,class\n"
    put_desks(site.database, (folder(name, desk=desk, roster=plan, customers=customers),), edit())


def plan_of(site: Site, name: str) -> Roster:
    shown = show_roster(site.database, name)
    assert shown
    return shown.roster.plan


def primaries(plan: Roster, since: datetime, until: datetime) -> list[tuple[str | None, str]]:
    """Who is primary from when, as the wall clock shows it."""
    found = (each for each in shifts(plan, since, until) if each.role is Role.PRIMARY)
    return [(each.person, f"{each.from_.astimezone(OSLO):%d.%m. %H}") for each in found]


@pytest.mark.parametrize("how", ["keyboard", "no_javascript"])
def test_christmas_is_planned(how: str, site: Site, open_page: OpenPage) -> None:
    name, year = ("fjord" if how == "keyboard" else "elv"), clock.now().astimezone(OSLO).year
    if clock.now() > datetime(year, 12, 1, tzinfo=OSLO):
        year += 1
    a_desk(site, name)
    eve, end = datetime(year, 12, 24, 8, tzinfo=OSLO), datetime(year, 12, 27, 8, tzinfo=OSLO)
    [(has_the_week, _), *_] = primaries(plan_of(site, name), eve, eve + timedelta(hours=1))
    one, other = (each for each in PEOPLE if each != has_the_week)
    called = {each: f"Duty {each[-1]}" for each in PEOPLE}

    page = open_page(
        f"/rosters/{name}?view=month&from={year}-12-01",
        COORDINATOR,
        java_script_enabled=how == "keyboard",
    )
    go = Hands(page, by_keyboard=how == "keyboard")
    go.press_it(page.locator("summary", has_text="Vis som tabell"))
    expect(page.get_by_text(re.compile("ørste juledag|1. juledag")).first).to_be_visible()

    def gives(person: str, since: str, until: str, why: str) -> None:
        go.press("link", "Endre vakten")
        go.choose(re.compile(f"^{called[person]}:"))
        go.write("Fra", f"{since}{year} 8")
        go.write("Til", f"{until}{year} 8")
        go.write("Hvorfor", why)
        go.press("button", "Se hva det endrer")
        expect(page.get_by_text("noen kan ringes i hele vakttiden")).to_be_visible()
        go.press("button", "Lagre")
        expect(page.get_by_text("Dette er lagret")).to_be_visible()

    gives(one, "24.12.", "25.12.", "Julaften")
    gives(other, "25.12.", "27.12.", "Juledagene")
    go.press("button", "Angre")
    expect(page.get_by_text("Dette er tatt tilbake")).to_be_visible()
    gives(other, "25.12.", "26.12.", "Første juledag")
    if how == "keyboard":
        assert checks.axe_violations(page) == []

    assert primaries(plan_of(site, name), eve, end) == [
        (one, "24.12. 08"),
        (other, "25.12. 08"),
        (has_the_week, "26.12. 08"),
    ]
