"""The second factor on pages: set up, asked for at the login, switched off. Without a script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.access.users import User
from app.web.session import HALF_LOGIN
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.second_factors import shown, with_authenticator
from tests.support.users import PASSWORD, a_user, with_password

RIGHT = {"email": "kari@kommune.example", "password": PASSWORD}


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def kari(app: Flask) -> User:
    database = database_of(app)
    return with_password(database, a_user(database, role=AccessRole.ADMINISTRATOR))


def hidden(page: str) -> dict[str, str]:
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>", page)


def test_somebody_sets_an_app_up_and_is_asked_for_its_code_from_then_on(
    app: Flask, kari: User
) -> None:
    browser = a_browser(app, kari)
    assert "Sett opp en autentiseringsapp" in browser.get("/account").text
    begun = browser.post("/account/authenticator/begin")
    enrolment = browser.get(begun.headers["Location"])
    assert 'href="otpauth://totp/Vaktlinje:kari%40kommune.example?secret=' in enrolment.text
    assert "style=" not in enrolment.text
    assert "data:" not in enrolment.text
    wrong = browser.post("/account/authenticator", {"code": "000 000"})
    assert (wrong.status_code, "Koden er feil" in wrong.text) == (422, True)
    done = browser.post(
        "/account/authenticator", {"code": shown(database_of(app), kari, clock.now())}
    )
    kept = codes_on(done.text)
    assert len(kept) == 10
    assert done.headers["Cache-Control"] == "no-store"
    assert "Du har 10 reservekoder igjen" in browser.get("/account").text

    other = Browser(app)
    asked = other.post("/login", {**RIGHT, "next": "/users"})
    assert (asked.status_code, "Ett steg til" in asked.text) == (200, True)
    assert other.cookie() is None
    assert other.get("/account").status_code == 303
    assert "Ett steg til" in other.get("/login/code").text, "opened anew, it asks again"
    tried = other.post("/login/code", {**hidden(asked.text), "code": "abcd"})
    assert (tried.status_code, "Koden er feil" in tried.text) == (422, True)
    inside = other.post("/login/code", {**hidden(tried.text), "code": kept[0]})
    assert (inside.status_code, inside.headers["Location"]) == (303, "/users")
    assert other.cookie(HALF_LOGIN) is None
    assert other.get("/account").status_code == 200


def test_what_was_sent_before_the_login_is_kept_past_both_halves(app: Flask, kari: User) -> None:
    codes = with_authenticator(database_of(app), kari, clock.now())
    browser = Browser(app)
    new = {"email": "ola@kommune.example", "name": "Ola «Vakta» Lie", "language": "nn"}
    login = browser.post("/users/new", new)
    half = browser.post("/login", {**hidden(login.text), **RIGHT})
    again = browser.post("/login/code", {**hidden(half.text), "code": codes[0]})
    assert "Ola «Vakta» Lie" in again.text


def test_whoever_comes_too_late_begins_anew(app: Flask, kari: User) -> None:
    browser = Browser(app)
    late = browser.post("/login/code", {"code": "123456", "next": "/users"})
    assert (late.status_code, "Det gikk for lang tid" in late.text) == (422, True)
    assert hidden(late.text)["next"] == "/users"
    browser.keep("of an attacker", HALF_LOGIN)
    assert browser.get("/login/code").headers["Location"] == "/login?next=/"


def test_new_codes_are_made_and_the_factor_is_switched_off(app: Flask, kari: User) -> None:
    with_authenticator(database_of(app), kari, clock.now())
    browser = a_browser(app, kari)
    assert len(codes_on(browser.post("/account/recovery-codes").text)) == 10
    assert browser.get("/account/authenticator").status_code == 303, "its secret is shown no more"
    browser.post("/account/authenticator/remove")
    assert "Sett opp en autentiseringsapp" in browser.get("/account").text
    assert Browser(app).post("/login", RIGHT).status_code == 303


def test_an_administrator_lets_somebody_in_who_has_lost_the_telephone(
    app: Flask, kari: User
) -> None:
    ola = a_user(database_of(app), "ola", AccessRole.READER)
    with_authenticator(database_of(app), ola, clock.now())
    browser, path = a_browser(app, kari), f"/users/{ola.id}"
    assert "Brukeren har totrinnsinnlogging" in browser.get(path).text
    assert browser.post(f"{path}/second-factor/remove").status_code == 303
    assert "Brukeren har totrinnsinnlogging" not in browser.get(path).text
    trail = browser.get("/audit").text
    assert "Totrinnsinnlogging slått av" in trail
    assert "kode fra app" in trail
