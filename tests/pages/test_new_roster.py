"""A new desk's roster from nothing: people, a rotation, part time, a mistake undone.

Once with the keyboard alone, and once without JavaScript, in a real browser.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.actions.roster.shown_rosters import show_roster
from app.domain.roster.turn_order import Weights
from tests.domain.time.wall_clock import OSLO
from tests.pages import checks
from tests.pages.all_pages import COORDINATOR
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK_TOML, edit, folder

OpenPage = Callable[..., Page]
DUTY = DESK_TOML[DESK_TOML.index("[duty]") : DESK_TOML.index("[first_line]")]
DUTY_LINE = '[[lines]]\nnumber = "+4720000902"\nkind = "duty"\nlanguages = ["nb", "en"]\n'


def a_new_desk(site: Site, name: str) -> None:
    """A desk without a duty yet, whose roster has nobody."""
    desk = DESK_TOML.replace(DUTY_LINE, "").replace(
        "+47200009", "+47200011" if name == "holme" else "+47200012"
    )
    desk = desk.replace("fjordhjelp", name).replace("Fjordhjelp", name.title()).replace(DUTY, "")
    desk = desk.replace("includes_duty = true", "includes_duty = false")
    plan = f'id = "{name}"  # to be planned\ntime_zone = "Europe/Oslo"\n'
    customers = "number,name,agreement,phones,shared_phones,class\n"
    put_desks(site.database, (folder(name, desk=desk, roster=plan, customers=customers),), edit())


@pytest.mark.parametrize("how", ["keyboard", "no_javascript"])
def test_a_roster_from_nothing(how: str, site: Site, open_page: OpenPage) -> None:
    name = "holme" if how == "keyboard" else "skjer"
    a_new_desk(site, name)
    page = open_page(f"/rosters/{name}", COORDINATOR, java_script_enabled=how == "keyboard")
    go = Hands(page, by_keyboard=how == "keyboard")
    go.press("link", "Personer og turnuser")
    expect(page.get_by_text("Ingen er på vaktlisten ennå")).to_be_visible()

    def adds(who: str, number: str) -> None:
        go.press("link", "Legg til en person")
        go.write("Navn", who)
        go.write("Numre", number)
        go.press("button", "Se hva det endrer")
        expect(page.get_by_text(f"{who} legges til på vaktlisten")).to_be_visible()
        go.press("button", "Lagre")
        expect(page.get_by_text("Dette er lagret")).to_be_visible()

    adds("Vakt Nord", "490 09 111")
    adds("Vakt Vest", "490 09 112")
    adds("Vakt Feil", "490 09 113")
    go.press("button", "Angre")
    expect(page.get_by_text("Vakt Feil")).to_have_count(0)

    go.press("link", "Legg til en turnus")
    go.write("Navn på turnusen", "Uke")
    go.pick("Hva er det turnus for?", "hovedvakt")
    go.pick("1. plass", "Vakt Nord")
    go.pick("2. plass", "Vakt Vest")
    go.write("Prosent, 2. plass", "50")
    go.pick("Lengden på en vakt regnes i", "Uker")
    go.pick("Ukedag for vaktskifte", "mandag")
    monday = date(clock.now().astimezone(OSLO).year + 1, 1, 4)
    go.write("Fra og med", f"{monday:%d.%m.%Y}")
    go.press("button", "Se hva det endrer")
    expect(page.get_by_text("Ny turnus uke: hovedvakt")).to_be_visible()
    if how == "keyboard":
        assert checks.axe_violations(page) == []
    go.press("button", "Lagre")
    expect(page.get_by_text("Dette er lagret")).to_be_visible()
    expect(page.get_by_text("Vakt Nord, Vakt Vest (50 %)")).to_be_visible()

    shown = show_roster(site.database, name)
    assert shown
    [rotation] = shown.roster.plan.layers
    assert rotation.members == ("vakt-nord", "vakt-vest")
    assert rotation.weights == (Weights((("vakt-vest", 50),)),)
