"""Passkeys by the pages' forms: which answers count, and for which login."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.domain.access.users import User
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import HTTPS, Browser, a_browser, database_of
from tests.support.soft_passkey import SoftPasskey
from tests.support.users import PASSWORD, a_user, with_password

RIGHT = {"email": "kari@kommune.example", "password": PASSWORD}
NEW = "/account/passkeys/new"
USE = "/login/passkey"


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path), moved_in=False) as app:
        yield app


@pytest.fixture
def kari(app: Flask) -> User:
    return with_password(database_of(app), a_user(database_of(app)))


def question(page: str) -> dict[str, Any]:
    found = re.search('data-question="([^"]*)"', page)
    assert found
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


def with_passkey(app: Flask, user: User, key: SoftPasskey, name: str = "Telefonen") -> Browser:
    browser = a_browser(app, user)
    credential = key.made(question(browser.get(NEW).text))
    done = browser.post(NEW, {"name": name, "credential": credential})
    assert done.status_code in (200, 303), done.text
    return browser


def half(app: Flask) -> tuple[Browser, dict[str, Any]]:
    browser = Browser(app)
    return browser, question(browser.post("/login", RIGHT).text)


def is_refused(browser: Browser, credential: str) -> None:
    answer = browser.post(USE, {"credential": credential})
    assert (answer.status_code, "Passnøkkelen passer ikke" in answer.text) == (422, True)
    assert browser.cookie() is None


def test_a_key_logs_in_and_its_answer_counts_once(app: Flask, kari: User) -> None:
    key = SoftPasskey(HTTPS)
    with_passkey(app, kari, key)
    browser, asked = half(app)
    assert [each["type"] for each in asked["allowCredentials"]] == ["public-key"]
    answer = key.signed(asked)
    other, _ = half(app)
    is_refused(other, answer)
    assert browser.post(USE, {"credential": answer}).status_code == 303
    account = browser.get("/account").text
    assert "Telefonen" in account
    assert "ikke brukt" not in account
    over = browser.post(USE, {"credential": answer})
    assert (over.status_code, "Det gikk for lang tid" in over.text) == (422, True)


def test_what_is_no_answer_of_this_key_to_us_is_refused(app: Flask, kari: User) -> None:
    key = SoftPasskey(HTTPS)
    with_passkey(app, kari, key)
    browser, asked = half(app)
    elsewhere = SoftPasskey("https://vakt.evil.example", key=key.key)
    another = SoftPasskey(HTTPS)
    for lie in ("", "x", "{}", "[]", elsewhere.signed(asked), another.signed(asked)):
        is_refused(browser, lie)
    assert browser.post(USE, {"credential": key.signed(asked)}).status_code == 303


def test_a_copy_of_a_key_is_refused_once_the_key_was_used(app: Flask, kari: User) -> None:
    key = SoftPasskey(HTTPS)
    with_passkey(app, kari, key)
    copy = SoftPasskey(HTTPS, key=key.key)
    browser, asked = half(app)
    key.sign_count = 5
    assert browser.post(USE, {"credential": key.signed(asked)}).status_code == 303
    thief, asked = half(app)
    is_refused(thief, copy.signed(asked))


def test_the_first_key_brings_recovery_codes_and_the_last_takes_them(
    app: Flask, kari: User
) -> None:
    keys = [SoftPasskey(HTTPS, bytes([each]) * 16) for each in (1, 2)]
    browser = a_browser(app, kari)
    first = keys[0].made(question(browser.get(NEW).text))
    shown = browser.post(NEW, {"name": "Telefonen", "credential": first})
    assert "Reservekodene dine" in shown.text
    assert question(browser.get(NEW).text)["excludeCredentials"]
    second = keys[1].made(question(browser.get(NEW).text))
    assert browser.post(NEW, {"name": "Nøkkelknippet", "credential": second}).status_code == 303
    again = browser.post(NEW, {"name": "Igjen", "credential": second})
    assert (again.status_code, "er lagt til fra før" in again.text) == (422, True)
    for number in (1, 2):
        assert question(half(app)[0].get("/login/code").text)
        browser.post(f"/account/passkeys/{number}/remove")
    assert Browser(app).post("/login", RIGHT).status_code == 303


def test_a_key_is_removed_by_its_owner_alone(app: Flask, kari: User) -> None:
    key = SoftPasskey(HTTPS)
    with_passkey(app, kari, key)
    a_browser(app, a_user(database_of(app), "ola")).post("/account/passkeys/1/remove")
    browser, asked = half(app)
    assert browser.post(USE, {"credential": key.signed(asked)}).status_code == 303


def test_a_key_needs_a_name_and_an_answer_to_this_login(app: Flask, kari: User) -> None:
    key, browser = SoftPasskey(HTTPS), a_browser(app, kari)
    other = question(a_browser(app, kari).get(NEW).text)
    nameless = browser.post(NEW, {"name": " ", "credential": "x"})
    assert (nameless.status_code, "Fyll ut" in nameless.text or "navn" in nameless.text) == (
        422, True,
    )  # fmt: skip
    for credential in ("", "{}", key.made(other)):
        refused = browser.post(NEW, {"name": "Telefonen", "credential": credential})
        assert (refused.status_code, "Passnøkkelen passer ikke" in refused.text) == (422, True)
