"""Two coordinators change the roster at once, beside somebody who takes the duty by SMS.

Whoever saves second sees what the others did, and nothing of it is lost. Once with the keyboard
alone, and once without JavaScript, in a real browser; the SMS comes by the telephone's own door.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from playwright.sync_api import Page, expect
from twilio.request_validator import RequestValidator

from app import clock
from app.actions.roster.entries import EntryScope, list_entries
from app.domain.access.permissions import AccessRole
from tests.domain.time.wall_clock import OSLO
from tests.pages.all_pages import COORDINATOR
from tests.pages.hands import Hands
from tests.pages.site import ACCOUNT, TOKEN, Site
from tests.support.desk_documents import weekly_rotation
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK_TOML, ROSTER_TOML, edit, folder
from tests.support.users import a_user

OpenPage = Callable[..., Page]
DOOR = "/twilio/sms"
NUMBERS = {"bre": ("+4720000202", "+4749009182"), "sjo": ("+4720000102", "+4749009172")}


def a_desk(site: Site, name: str) -> None:
    """A desk of its own with two people, of whom only the first takes turns."""
    line, number = NUMBERS[name]
    desk = DESK_TOML.replace("+47200009", line[:-2])
    desk = desk.replace("fjordhjelp", name).replace("Fjordhjelp", name.title())
    plan = ROSTER_TOML.replace('"fjordhjelp"', f'"{name}"').split("[[rotations]]")[0]
    plan = plan.replace("+4749009102", number) + weekly_rotation("primary", "duty-1")
    customers = "number,name,agreement,phones,shared_phones,class\n"
    put_desks(site.database, (folder(name, desk=desk, roster=plan, customers=customers),), edit())


def sends_sms(site: Site, name: str, text: str) -> None:
    """Duty 2 writes to the duty's number, by Twilio's own signed request."""
    line, number = NUMBERS[name]
    form = {"MessageSid": f"SM{name}", "AccountSid": ACCOUNT, "From": number, "To": line}
    form |= {"Body": text, "NumMedia": "0"}
    signature = RequestValidator(TOKEN).compute_signature(site.address + DOOR, form)
    headers = {"X-Twilio-Signature": str(signature)}
    answer = requests.post(site.address + DOOR, data=form, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    assert "Du har vakten" in answer.text


@pytest.mark.parametrize("how", ["keyboard", "no_javascript"])
def test_two_at_once_and_a_take_over(how: str, site: Site, open_page: OpenPage) -> None:
    name = "bre" if how == "keyboard" else "sjo"
    a_desk(site, name)
    colleague = a_user(site.database, f"{name}-plan", AccessRole.COORDINATOR).email
    day = (clock.now() + timedelta(days=40)).astimezone(OSLO)

    def looks_at(user: str, who: str, after: int, why: str) -> Hands:
        page = open_page(
            f"/rosters/{name}/change?role=primary", user, java_script_enabled=how == "keyboard"
        )
        go = Hands(page, by_keyboard=how == "keyboard")
        go.choose(re.compile(f"^{who}:"))
        go.write("Fra", f"{day + timedelta(days=after):%d.%m.%Y} 8")
        go.write("Til", f"{day + timedelta(days=after + 1):%d.%m.%Y} 8")
        go.write("Hvorfor", why)
        go.press("button", "Se hva det endrer")
        expect(page.get_by_role("button", name="Lagre")).to_be_visible()
        return go

    mine = looks_at(COORDINATOR, "Duty 2", 0, "Kurs")
    theirs = looks_at(colleague, "Duty 2", 3, "Flytting")
    theirs.press("button", "Lagre")
    expect(theirs.page.get_by_text("Dette er lagret")).to_be_visible()
    sends_sms(site, name, "TA VAKT")

    mine.press("button", "Lagre")
    expect(mine.page.get_by_text("Noen andre har endret")).to_be_visible()
    expect(mine.page.get_by_role("heading", name="Dette er endret imens")).to_be_visible()
    expect(mine.page.get_by_text("lagt inn av")).to_have_count(2)
    expect(mine.page.get_by_text("Kurs")).to_be_visible()
    mine.press("button", "Lagre")
    expect(mine.page.get_by_text("Dette er lagret")).to_be_visible()

    kept = list_entries(site.database, name, EntryScope.IN_FORCE, clock.now())
    reasons = sorted(each.dated.note for each in kept.entries)  # type: ignore[union-attr]
    assert reasons[-2:] == ["Flytting", "Kurs"]
    assert len(reasons) == 3
