"""People and rotations of a roster on a page: nothing of others is lost, and nothing done twice."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.actions.roster.shown_rosters import show_roster
from app.domain.access.permissions import AccessRole
from app.domain.roster.plan import Person, Roster
from app.store.audit import AuditFilter, list_audit_events
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DUTY_2, ROSTER_TOML, folder, import_sample_desks
from tests.support.users import a_user

PLAN = f"/rosters/{DESK}"
DUTY_2_NEW = "+4749009177"
KARI = {"name": "Kari", "numbers": "490 09 178"}


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), role=AccessRole.COORDINATOR))


def sent(answer: TestResponse) -> dict[str, str]:
    """What the page sends once more: every field as it is filled in, hidden ones too."""
    text = answer.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    typed = re.findall(
        r'<input class="ds-input" type="text"[^>]*name="([^"]+)" value="([^"]*)"', text
    )
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', text)
    return {name: html.unescape(value) for name, value in (*hidden, *typed, *areas)}


def plan(app: Flask) -> Roster:
    shown = show_roster(database_of(app), DESK)
    assert shown
    return shown.roster.plan


def person(app: Flask, person: str) -> Person:
    found = plan(app).person(person)
    assert found
    return found


def saves(browser: Browser, address: str, form: dict[str, str]) -> TestResponse:
    """Check, then save what the check shows."""
    checked = browser.post(address, {**form, "step": "check"})
    assert checked.status_code == 200, checked.text
    return browser.post(address, {**sent(checked), "step": "save"})


def test_a_number_that_a_colleague_changes_meanwhile_is_kept(app: Flask, browser: Browser) -> None:
    address = f"{PLAN}/people/duty-2"
    mine, theirs = sent(browser.get(address)), sent(browser.get(address))
    assert saves(browser, address, {**theirs, "numbers": DUTY_2_NEW}).status_code == 303
    checked = browser.post(address, {**mine, "name": "Duty Two", "step": "check"})
    assert "Dette er endret imens, og beholdes: Numre" in checked.text
    assert browser.post(address, {**sent(checked), "step": "save"}).status_code == 303
    both = person(app, "duty-2")
    assert (both.name, both.numbers) == ("Duty Two", (DUTY_2_NEW,))


def test_what_both_have_changed_is_said_and_counts_as_it_is_saved_last(
    app: Flask, browser: Browser
) -> None:
    address = f"{PLAN}/people/duty-2"
    mine = sent(browser.get(address))
    checked = browser.post(address, {**mine, "numbers": "+4749009179", "step": "check"})
    theirs = {**mine, "numbers": DUTY_2_NEW}
    assert saves(browser, address, theirs).status_code == 303
    late = browser.post(address, {**sent(checked), "step": "save"})
    assert late.status_code == 409
    assert "Dette har dere begge endret. Lagrer du, gjelder din endring: Numre" in late.text
    assert person(app, "duty-2").numbers == (DUTY_2_NEW,), "nothing is saved before it is seen"
    assert browser.post(address, {**sent(late), "step": "save"}).status_code == 303
    assert person(app, "duty-2").numbers == ("+4749009179",)


def test_a_button_that_is_pressed_twice_adds_one_person(app: Flask, browser: Browser) -> None:
    address = f"{PLAN}/people/new"
    checked = sent(browser.post(address, {**KARI, "step": "check"}))
    answers = [browser.post(address, {**checked, "step": "save"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert [each.id for each in plan(app).people] == ["duty-1", "duty-2", "kari"]
    another = saves(browser, address, {**KARI, "numbers": "490 09 180"})
    assert another.status_code == 303
    assert plan(app).people[-1].id == "kari-2", "somebody else of that name"


def test_a_button_that_is_pressed_twice_adds_one_rotation(app: Flask, browser: Browser) -> None:
    address = f"{PLAN}/rotations/new"
    form = sent(browser.get(address)) | {
        "name": "New",
        "role": "shadow",
        "kind": "daily",
        "handover_day": "",
        "start": "4.1.2027",
        "member-1": "duty-1",
    }
    checked = sent(browser.post(address, {**form, "step": "check"}))
    answers = [browser.post(address, {**checked, "step": "save"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert [each.id for each in plan(app).layers][2:] == ["new-2"], "new is the page's own"
    form["percent-1"] = "00600"
    assert "Skriv en prosent" in browser.post(address, {**form, "step": "check"}).text


def test_a_mistake_is_undone_and_noted(app: Flask, browser: Browser) -> None:
    done = saves(browser, f"{PLAN}/people/new", KARI)
    [version] = re.findall(r"done=(\d+)", done.location or "")
    assert browser.post(f"{PLAN}/plan/undo", {"version": version}).status_code == 303
    assert plan(app).person("kari") is None
    assert browser.post(f"{PLAN}/plan/undo", {"version": version}).status_code == 303, "twice"
    assert saves(browser, f"{PLAN}/people/new", KARI).status_code == 303
    late = browser.post(f"{PLAN}/plan/undo", {"version": version})
    assert (late.status_code, bool(plan(app).person("kari"))) == (409, True)
    with database_of(app).read() as connection:
        kinds = [str(each.event.kind) for each in list_audit_events(connection, AuditFilter())]
    assert kinds.count("document_changed") == 3


def test_whoever_takes_turns_is_not_taken_off(app: Flask, browser: Browser) -> None:
    refused = browser.post(f"{PLAN}/people/duty-1", {"step": "remove"})
    assert refused.status_code == 409
    assert "Ingenting er lagret" in refused.text
    assert person(app, "duty-1")


def test_links_of_a_roster_that_is_called_like_the_page(app: Flask, browser: Browser) -> None:
    named = ROSTER_TOML.replace('id = "fjordhjelp"', 'id = "planb"')
    desk = folder().text("desk.toml").replace('roster = "fjordhjelp"', 'roster = "planb"')
    import_sample_desks(database_of(app), folder(roster=named, desk=desk))
    page = browser.get("/rosters/planb/plan").text
    links = set(re.findall(r'href="(/rosters/planb/(?:people|rotations)/[^"]+)"', page))
    assert len(links) == 6
    assert {browser.get(each).status_code for each in links} == {200}
    assert DUTY_2[-2:] in browser.get("/rosters/planb/people/duty-2").text
