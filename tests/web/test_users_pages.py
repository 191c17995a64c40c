"""An administrator looks after users, and reads what was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.domain.access.permissions import AccessRole
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.access.users import Grant, PersonLink, User
from app.store.pagination import PAGE
from app.store.users import find_user_by_email
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

OLA = {
    "email": "Ola@Kommune.example",
    "name": "Ola Lie",
    "language": "nn",
    "person": f"{DESK}/duty-1",
    "role": "coordinator",
    "where": f"roster/{DESK}",
}


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def kari(app: Flask) -> User:
    return a_user(database_of(app), role=AccessRole.ADMINISTRATOR)


@pytest.fixture
def browser(app: Flask, kari: User) -> Browser:
    return a_browser(app, kari)


def ola(app: Flask) -> User:
    with database_of(app).read() as connection:
        found = find_user_by_email(connection, "ola@kommune.example")
    assert found
    return found


def test_a_colleague_is_added_with_a_role_on_a_roster(app: Flask, browser: Browser) -> None:
    form = browser.get("/users/new").text
    assert f'<option value="{DESK}/duty-1">Duty 1 ({DESK})</option>' in form
    done = browser.post("/users/new", OLA)
    assert "Ola Lie er lagt til" in browser.get(done.headers["Location"]).text
    added = ola(app)
    assert added.grants == (Grant(AccessRole.COORDINATOR, Scope(roster=DESK)),)
    assert added.person == PersonLink(DESK, "duty-1")
    listed = browser.get("/users").text
    assert "ola@kommune.example" in listed
    assert f"Koordinator, vaktlisten {DESK}" in listed


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"email": "ola"}, "er ingen e-postadresse"),
        ({"email": "kari@kommune.example"}, "finnes allerede en bruker"),
        ({"name": " "}, "Navn"),
        ({"role": "administrator"}, "gjelder hele systemet"),
        ({"role": "boss"}, "Rolle"),
        ({"where": "desk/elsewhere"}, "Gjelder"),
        ({"person": f"{DESK}/nobody"}, "Person"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(
    browser: Browser, wrong: dict[str, str], told: str
) -> None:
    answer = browser.post("/users/new", {**OLA, **wrong})
    assert answer.status_code == 422
    summary = re.search(r"data-error-summary.*?</ul>", answer.text, re.S)
    assert summary
    assert told in summary[0]
    if "name" not in wrong:
        assert 'value="Ola Lie"' in answer.text


def test_roles_are_given_and_taken_on_the_users_page(app: Flask, browser: Browser) -> None:
    browser.post("/users/new", OLA)
    path = f"/users/{ola(app).id}"
    browser.post(f"{path}/roles", {"role": "reader", "where": "everything"})
    assert Grant(AccessRole.READER, EVERYTHING) in ola(app).grants
    browser.post(f"{path}/roles/take", {"role": "coordinator", "where": f"roster/{DESK}"})
    assert ola(app).grants == (Grant(AccessRole.READER, EVERYTHING),)


def test_a_colleague_who_leaves_is_disabled_and_out_at_once(app: Flask, browser: Browser) -> None:
    browser.post("/users/new", OLA)
    theirs, path = a_browser(app, ola(app)), f"/users/{ola(app).id}"
    assert theirs.get("/account").status_code == 200
    browser.post(f"{path}/disable")
    assert theirs.get("/account").status_code == 303
    assert "Brukeren er sperret" in browser.get(path).text
    browser.post(f"{path}/enable")
    assert not ola(app).is_disabled


def test_the_last_administrator_stays_one(app: Flask, browser: Browser, kari: User) -> None:
    for what in ("disable", "roles/take"):
        refused = browser.post(
            f"/users/{kari.id}/{what}", {"role": "administrator", "where": "everything"}
        )
        assert refused.status_code == 422
        assert "er den siste som kan administrere brukere" in refused.text


def test_a_link_for_a_new_password_is_shown_once(app: Flask, browser: Browser) -> None:
    browser.post("/users/new", OLA)
    shown = browser.post(f"/users/{ola(app).id}/password-link")
    found = re.search(r"https://vakt.example.org(/login/password/[\w-]+)", shown.text)
    assert found
    assert "ola@kommune.example" in Browser(app).get(found[1]).text
    assert found[1] not in browser.get("/audit").text


def test_a_user_who_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/users/99999").status_code == 404
    assert browser.post("/users/99999/disable").status_code == 404


def test_the_trail_tells_who_changed_what_from_what_and_to_what(
    app: Flask, browser: Browser
) -> None:
    browser.post("/users/new", OLA)
    path = f"/users/{ola(app).id}"
    browser.post(f"{path}/details", {**OLA, "name": "Ola Berg", "language": "nb"})
    shown = browser.get("/audit").text
    assert "Navn: Ola Lie → Ola Berg" in shown
    assert "Språk: Nynorsk → Bokmål" in shown
    assert "Kari Vik" in shown
    assert "Driftsansvarleg (kommando, root)" in shown
    assert "127.0.0.1" in shown
    about_ola = browser.get(f"/audit?user={ola(app).id}").text
    assert about_ola.count("<tr>") == 1 + 3
    assert "Bruker endret" in browser.get("/audit?kind=user_changed&who=Kari").text
    assert "Ingen endringer passer" in browser.get("/audit?who=nobody").text


def test_a_long_trail_comes_in_pages_and_odd_questions_are_answered(
    app: Flask, browser: Browser
) -> None:
    for number in range(PAGE // 2 + 1):
        a_user(database_of(app), f"u{number}", AccessRole.READER)
    first = browser.get("/audit").text
    assert first.count("<tr>") == 1 + PAGE
    (older,) = re.findall(r'href="(/audit\?[^"]*below=\d+)"', first)
    assert browser.get(older).text.count("<tr>") == 1 + 5
    for odd in ("below=x", "below=-1", "below=²", "kind=nothing", "user=x", "who=%25", "who='"):
        assert browser.get(f"/audit?{odd}").status_code == 200, odd
