"""The morning after a night on duty: the time is corrected, and notices are chosen.

Once with the keyboard alone, and once without JavaScript, in a real browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from tests.pages import checks
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.sample_desk import DESK, last_evening
from tests.support.stored_call import critical_at_night
from tests.support.users import a_user

OpenPage = Callable[..., Page]
TYPED = "%d.%m.%Y %H.%M"


@pytest.mark.parametrize(("how", "minutes"), [("keyboard", 20), ("no_javascript", 40)])
def test_a_night_is_corrected_and_notices_are_chosen(
    how: str, minutes: int, site: Site, open_page: OpenPage
) -> None:
    by_keyboard = how == "keyboard"
    role, link = AccessRole.DUTY_PERSON, PersonLink(DESK, "duty-1")
    eli = a_user(site.database, f"eli-{how}", role, Scope(roster=DESK), link)
    newest = last_evening(clock.now()) + timedelta(minutes=minutes)
    call = critical_at_night(site.database, f"CA-{how}", start=newest)
    call.somebody_accepts(1)
    call.steps = 25 * 60
    call.talk_ends()

    page = open_page("/my-duty", eli.email, java_script_enabled=by_keyboard)
    go = Hands(page, by_keyboard=by_keyboard)
    go.press_it(page.get_by_role("link", name=re.compile("Hva skjedde i natt")))
    expect(page.get_by_text("Ikke bekreftet").first).to_be_visible()
    go.press("link", "Rett tiden")
    since = page.get_by_role("textbox", name="Utkalt fra")
    measured = datetime.strptime(since.input_value(), TYPED).replace(tzinfo=UTC)
    since.fill("")
    go.write("Utkalt fra", f"{measured - timedelta(minutes=20):{TYPED}}")
    go.press("button", "Lagre tiden")
    expect(page.get_by_text("Skriv hvorfor tiden går utover den målte.").first).to_be_visible()
    if by_keyboard:
        assert checks.axe_violations(page) == []
    go.write("Hvorfor en annen tid", "Ringte først fra egen telefon")
    go.press("button", "Lagre tiden")
    expect(page.get_by_text("Tiden er lagret")).to_be_visible()
    expect(page.get_by_text(re.compile("Målt .*Ringte først")).first).to_be_visible()

    go.press("link", "Min vakt")
    go.press("link", "Varslene mine")
    box = page.get_by_role("checkbox", name=re.compile("i morgen")).first
    if by_keyboard:
        go.tab_to(box.evaluate_handle("each => each"))
        page.keyboard.press("Space")
    else:
        box.check()
    go.press("button", "Lagre")
    expect(page.get_by_text("Valgene dine er lagret")).to_be_visible()
    expect(box).to_be_checked()
