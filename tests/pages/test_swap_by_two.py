"""Two people swap a shift: one offers it, the other sees the difference and says yes; then undone.

Once with the keyboard alone, and once without JavaScript, in a real browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from tests.pages import checks
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.duty_requests import plan_text
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK_TOML, edit, folder
from tests.support.users import a_user

OpenPage = Callable[..., Page]


def a_desk(site: Site, name: str) -> tuple[str, str]:
    """A desk of its own with three people who take turns, two of whom log in."""
    desk = DESK_TOML.replace("+47200009", "+47200006" if name == "sund" else "+47200005")
    desk = desk.replace("fjordhjelp", name).replace("Fjordhjelp", name.title())
    plan = plan_text().replace('"fjordhjelp"', f'"{name}"')
    customers = "number,name,agreement,phones,shared_phones,class\n"
    put_desks(site.database, (folder(name, desk=desk, roster=plan, customers=customers),), edit())
    role, scope = AccessRole.DUTY_PERSON, Scope(roster=name)
    one, other = (
        a_user(site.database, f"{name}-{number}", role, scope, PersonLink(name, f"duty-{number}"))
        for number in (1, 2)
    )
    return one.email, other.email


@pytest.mark.parametrize("how", ["keyboard", "no_javascript"])
def test_two_people_swap_a_shift(how: str, site: Site, open_page: OpenPage) -> None:
    by_keyboard = how == "keyboard"
    one, other = a_desk(site, "sund" if by_keyboard else "vik")

    def opened(user: str) -> Hands:
        page = open_page("/my-duty", user, java_script_enabled=by_keyboard)
        return Hands(page, by_keyboard=by_keyboard)

    go = opened(one)
    unfold(go, "Vaktene dine")
    shifts = go.page.get_by_role("table", name="Vaktene dine de neste 90 dagene")
    go.press_it(shifts.get_by_role("link", name=re.compile("Tilby bytte")).last)
    go.choose(re.compile("Duty 2"))
    go.write("Hvorfor", "Bryllup")
    go.press("button", "Tilby byttet")
    expect(go.page.get_by_text("Spørsmålet er sendt")).to_be_visible()

    go = opened(other)
    expect(go.page.get_by_role("heading", name="Venter på svar fra deg")).to_be_visible()
    go.press_it(go.page.get_by_role("link", name=re.compile("Se og svar")))
    expect(go.page.get_by_role("heading", name="Dette endrer et ja fra Duty 2")).to_be_visible()
    expect(go.page.get_by_text("Bryllup")).to_be_visible()
    expect(go.page.get_by_text("noen kan ringes i hele vakttiden")).to_be_visible()
    if by_keyboard:
        assert checks.axe_violations(go.page) == []
    go.press("button", "Ja")
    expect(go.page.get_by_text("Du har sagt ja")).to_be_visible()
    expect(go.page.get_by_text("Avtalt")).to_be_visible()
    go.press("link", "Min vakt")
    unfold(go, "Vaktene dine")
    expect(go.page.get_by_text("i stedet for Duty 1").first).to_be_visible()

    go = opened(one)
    unfold(go, "Vaktene dine")
    expect(go.page.get_by_text("i stedet for Duty 2").first).to_be_visible()
    unfold(go, "Avløsning og bytter")
    requests = go.page.get_by_role("link", name=re.compile(r"^Se\W"))
    go.press_it(requests)
    go.press("button", "Gjør om")
    expect(go.page.get_by_text("Det er gjort om")).to_be_visible()
    go.press("link", "Min vakt")
    expect(go.page.get_by_text("i stedet for")).to_have_count(0)


def unfold(go: Hands, what: str) -> None:
    """Opens a list that is folded."""
    go.press_it(go.page.locator("summary", has_text=what))
