"""Logging in and out in a browser: what is kept, what is carried on, and what nobody gets."""

from __future__ import annotations

import html
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.actions.access.passwords import make_password_link
from app.actions.access.users import disable_user
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.users import User
from app.domain.access.web_session import CONFIRMED_FOR, IDLE
from app.logs import configure
from app.store import Database
from app.store.tables import WebSessionRow
from app.store.users import find_user, list_users
from app.voice_prompts import texts
from app.web.csrf import VISITOR
from app.web.session import BY_ITSELF
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.users import OPERATOR, PASSWORD, a_user, with_password

KARI = "kari@kommune.example"
NEW_PASSWORD = "fire turre skonrokkar"
MINUTE = timedelta(minutes=1)
RIGHT = {"email": KARI, "password": PASSWORD}


@dataclass(frozen=True)
class Place:
    """The web, and Kari, who manages users there."""

    app: Flask
    kari: User

    @property
    def database(self) -> Database:
        return database_of(self.app)

    @property
    def author(self) -> Author:
        return Author(OPERATOR, clock.now())

    def user(self, user_id: int) -> User:
        with self.database.read() as connection:
            found = find_user(connection, user_id)
        assert found
        return found

    def time_passes(self, time: timedelta) -> None:
        """Every login was begun and used so much earlier."""
        with self.database.read() as connection:
            rows = connection.execute(WebSessionRow.__table__.select()).mappings().all()
        for row in rows:
            names = ("created_at", "last_seen_at", "confirmed_at")
            earlier = {name: row[name] - time for name in names}
            this = update(WebSessionRow).where(WebSessionRow.id == row["id"]).values(earlier)
            self.database.write(lambda connection, this=this: connection.execute(this))


@pytest.fixture
def place(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    how = settings(migrated_sqlite_url, tmp_path, smtp_url="smtp://mail.example:25")
    with a_web(how) as app:
        kari = a_user(database_of(app), role=AccessRole.ADMINISTRATOR)
        yield Place(app, with_password(database_of(app), kari))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page's main part."""
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_somebody_logs_in_and_comes_to_where_they_were_going(place: Place) -> None:
    browser = Browser(place.app)
    asked = browser.get("/users?page=1")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=/users%3Fpage%3D1")
    login = browser.get(asked.headers["Location"])
    done = browser.post("/login", {**RIGHT, **hidden(login.text)})
    assert (done.status_code, done.headers["Location"]) == (303, "/users?page=1")
    assert "Min konto: </span>Kari Vik" in browser.get("/users").text


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example"]
)
def test_a_login_leads_to_no_other_site(place: Place, elsewhere: str) -> None:
    browser = Browser(place.app)
    done = browser.post("/login", {**RIGHT, "next": elsewhere})
    assert done.headers["Location"] == "/"
    again = browser.get("/login", query_string={"next": elsewhere})
    assert again.headers["Location"] == "/", "also for whoever is logged in already"


def test_the_cookie_is_for_this_host_and_for_no_script(place: Place) -> None:
    done = Browser(place.app).post("/login", RIGHT)
    (cookie,) = [c for c in done.headers.getlist("Set-Cookie") if c.startswith("__Host-vakt=")]
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert f"; {part}" in cookie
    assert "Domain" not in cookie
    assert done.headers["Cache-Control"] == "no-store"


def test_on_plain_http_at_home_the_cookie_needs_no_tls(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    how = settings(migrated_sqlite_url, tmp_path, public_url="http://localhost:8000")
    with a_web(how) as app:
        with_password(database_of(app), a_user(database_of(app)))
        client = app.test_client()
        done = client.post("/login", data=RIGHT, headers={"Origin": "http://localhost:8000"})
        (cookie,) = done.headers.getlist("Set-Cookie")
        assert cookie.startswith("vakt=")
        assert "Secure" not in cookie
        assert client.get("/account").status_code == 200


def test_what_was_wrong_is_told_beside_the_form_and_the_address_stays(place: Place) -> None:
    wrong = Browser(place.app).post("/login", {"email": KARI, "password": "feil passord heilt"})
    assert wrong.status_code == 422
    assert "E-postadressen eller passordet er feil." in wrong.text
    assert f'value="{KARI}"' in wrong.text
    assert "feil passord" not in wrong.text
    empty = Browser(place.app).post("/login")
    assert empty.status_code == 422


def test_a_secret_from_before_the_login_is_worth_nothing_after_it(place: Place) -> None:
    browser = Browser(place.app)
    browser.keep("of an attacker")
    browser.post("/login", RIGHT)
    assert browser.cookie() != "of an attacker"
    other = Browser(place.app)
    other.keep("of an attacker")
    assert other.get("/account").status_code == 303


def test_logging_in_again_ends_the_login_from_before(place: Place) -> None:
    browser, before = Browser(place.app), Browser(place.app)
    browser.post("/login", RIGHT)
    before.keep(browser.cookie() or "")
    browser.post("/login", RIGHT)
    assert before.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_logging_out_ends_it_here_and_on_the_server(place: Place) -> None:
    browser, copy = a_browser(place.app, place.kari), Browser(place.app)
    copy.keep(browser.cookie() or "")
    gone = browser.post("/logout")
    assert "Du er logget ut" in gone.text
    assert "Logg ut" not in gone.text
    assert browser.cookie() is None
    assert copy.get("/account").status_code == 303


def test_who_is_disabled_or_idle_is_asked_to_log_in_and_told_why(place: Place) -> None:
    ola = a_user(place.database, "ola", AccessRole.READER)
    browser = a_browser(place.app, ola)
    assert browser.get("/account").status_code == 200
    disable_user(place.database, ola.id, place.author)
    assert browser.get("/account").headers["Location"] == "/login?next=/account&over=1"

    idle = a_browser(place.app, place.kari)
    place.time_passes(IDLE + MINUTE)
    login = idle.get(idle.get("/account").headers["Location"])
    assert "Innloggingen din er avsluttet" in login.text


def test_a_page_that_asks_for_news_by_itself_keeps_nobody_logged_in(place: Place) -> None:
    left_alone, used = (a_browser(place.app, place.kari) for _ in range(2))
    place.time_passes(IDLE - MINUTE)
    news = left_alone.get("/now/desks", headers={BY_ITSELF: "true"})
    assert news.status_code == 200
    assert used.get("/").status_code == 200

    place.time_passes(2 * MINUTE)

    assert left_alone.get("/").headers["Location"] == "/login?next=/&over=1"
    assert used.get("/").status_code == 200


# --- a form that comes too late, or from elsewhere ------------------------------------------

NEW_USER = {
    "email": "ola@kommune.example",
    "name": "Ola «Vakta» Lie & co",
    "language": "nn",
    "role": "coordinator",
    "where": "everything",
}


def emails(place: Place) -> set[str]:
    with place.database.read() as connection:
        return {user.email for user in list_users(connection)}


def test_a_form_sent_after_the_login_has_ended_is_kept_until_after_the_next(place: Place) -> None:
    browser = a_browser(place.app, place.kari)
    place.time_passes(IDLE + MINUTE)
    login = browser.post("/users/new", NEW_USER)
    assert login.status_code == 401
    assert "Det du skrev, er tatt vare på" in login.text
    wrong = browser.post("/login", {**hidden(login.text), "email": KARI, "password": "feil"})
    again = browser.post("/login", {**hidden(wrong.text), **RIGHT})
    assert again.status_code == 200
    assert html.escape(NEW_USER["name"]) in again.text
    assert emails(place) == {KARI}, "it is sent by a person, not by us"
    done = browser.client.post(
        "/users/new", data=hidden(again.text), base_url="https://vakt.example.org"
    )
    assert done.status_code == 303, "the token of the new login is enough"
    assert emails(place) == {KARI, "ola@kommune.example"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {"Origin": "http://vakt.example.org"},
        {"Origin": "https://vakt.example.org.evil.example"},
        {},
    ],
)
def test_a_form_that_may_be_of_another_site_is_shown_again_and_does_nothing(
    place: Place, headers: dict[str, str]
) -> None:
    browser = a_browser(place.app, place.kari)
    shown = browser.post("/users/new", NEW_USER, headers=headers)
    assert shown.status_code == 403
    assert "Ingenting er gjort ennå" in shown.text
    assert html.escape(NEW_USER["name"]) in shown.text
    assert emails(place) == {KARI}
    fields = hidden(shown.text)
    assert browser.post("/users/new", fields, headers=headers).status_code == 303
    assert emails(place) == {KARI, "ola@kommune.example"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://vakt.example.org"},
    ],
)
def test_a_form_of_our_own_page_is_taken(place: Place, headers: dict[str, str]) -> None:
    browser = a_browser(place.app, place.kari)
    assert browser.post("/users/new", NEW_USER, headers=headers).status_code == 303


def test_the_token_of_another_login_opens_nothing(place: Place) -> None:
    ola = a_user(place.database, "ola", AccessRole.ADMINISTRATOR)
    token = hidden(a_browser(place.app, ola).get("/users/new").text)["csrf_token"]
    browser = a_browser(place.app, place.kari)
    for wrong in (token, "", "x", "æøå"):
        shown = browser.post("/users/new", {**NEW_USER, "csrf_token": wrong}, headers={})
        assert shown.status_code == 403, wrong
    assert len(emails(place)) == 2


def test_also_the_login_itself_is_asked_for_by_our_own_page_only(place: Place) -> None:
    """Nobody is logged in to an attacker's account by a page of theirs."""
    browser = Browser(place.app)
    shown = browser.post("/login", RIGHT, headers={"Origin": "https://evil.example.org"})
    assert (shown.status_code, browser.cookie()) == (403, None)
    assert PASSWORD not in shown.text, "a password is typed again"
    browser.get("/login")
    assert browser.cookie(VISITOR)
    fields = hidden(browser.get("/login").text)
    assert browser.post("/login", {**RIGHT, **fields}, headers={}).status_code == 303


def test_every_form_that_changes_something_holds_the_token(place: Place) -> None:
    browser = a_browser(place.app, place.kari)
    for path in ("/account", "/account/password", "/account/confirm", "/users", "/users/new",
                 f"/users/{place.kari.id}", "/audit", "/about"):  # fmt: skip
        text = browser.get(path).text
        forms = re.findall(r'<form[^>]* method="post".*?</form>', text, re.S)
        assert forms, path
        assert all('name="csrf_token"' in form for form in forms), path


# --- proving again who one is ---------------------------------------------------------------


def test_what_could_take_an_account_over_asks_who_it_is_and_loses_nothing(place: Place) -> None:
    browser = a_browser(place.app, place.kari)
    place.time_passes(CONFIRMED_FOR + MINUTE)
    assert browser.get("/account/password").headers["Location"] == (
        "/account/confirm?next=/account/password"
    )
    path, form = f"/users/{place.kari.id}/details", {"email": "ny@kommune.example", "name": "Kari"}
    asked = browser.post(path, {**form, "language": "nn"})
    assert asked.status_code == 401
    assert "Bekreft at det er deg" in asked.text
    assert place.user(place.kari.id) == place.kari
    wrong = browser.post("/account/confirm", {**hidden(asked.text), "password": "feil passord"})
    assert wrong.status_code == 422
    shown = browser.post("/account/confirm", {**hidden(wrong.text), "password": PASSWORD})
    assert browser.post(path, hidden(shown.text)).status_code == 303
    assert place.user(place.kari.id).email == "ny@kommune.example"


# --- links ----------------------------------------------------------------------------------


def test_a_link_by_mail_logs_in_by_a_button_and_once(place: Place) -> None:
    browser = Browser(place.app)
    sent = browser.post("/login/mail", {"email": KARI.upper()})
    assert "er en lenke på vei" in sent.text
    gateway = FakeGateway()
    do_next_job(place.database, gateway, texts(), clock.now())
    link = next(word for word in gateway.mails[0][2].split() if "/login/link/" in word)
    path = link.removeprefix("https://vakt.example.org")
    for _ in range(2):
        assert "Du logger inn som Kari Vik" in Browser(place.app).get(path).text
    assert browser.post(path).status_code == 303
    assert browser.get("/account").status_code == 200
    assert Browser(place.app).post(path).status_code == 404


def test_a_new_user_chooses_a_password_by_the_link_from_the_command(place: Place) -> None:
    ola = a_user(place.database, "ola", AccessRole.READER)
    path = f"/login/password/{make_password_link(place.database, ola, place.author)}"
    browser = Browser(place.app)
    assert "ola@kommune.example" in browser.get(path).text
    short = browser.post(path, {"new_password": "kort"})
    assert (short.status_code, "minst 12 tegn" in short.text) == (422, True)
    assert browser.post(path, {"new_password": NEW_PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert browser.post(path, {"new_password": NEW_PASSWORD}).status_code == 404


def test_the_address_of_a_link_stands_in_no_log_of_ours(place: Place) -> None:
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers
    configure(stream)
    Browser(place.app).get("/login/link/s3cr3t-of-a-link")
    Browser(place.app).post("/login/link/s3cr3t-of-a-link", headers={})
    root.handlers = before
    assert "s3cr3t" not in stream.getvalue()


# --- my account -----------------------------------------------------------------------------


def test_somebody_changes_name_and_language_and_sees_it_at_once(place: Place) -> None:
    browser = a_browser(place.app, place.kari)
    done = browser.post("/account/details", {"name": "Kari Lund", "language": "nn"})
    shown = browser.get(done.headers["Location"])
    assert "Endringane er lagra." in shown.text
    assert "Kontoen min: </span>Kari Lund" in shown.text
    browser.get("/language/en?back=/account")
    assert place.user(place.kari.id).language == "en", "the switch in the header is remembered"


def test_somebody_ends_the_login_of_a_telephone_that_was_lost(place: Place) -> None:
    phone, browser = a_browser(place.app, place.kari), a_browser(place.app, place.kari)
    ola = a_user(place.database, "ola", AccessRole.READER)
    listed = browser.get("/account").text
    assert listed.count("Firefox, Linux") == 2
    (end,) = re.findall(r'action="(/account/sessions/\d+/end)"', listed)
    a_browser(place.app, ola).post(end)
    assert phone.get("/account").status_code == 200, "nobody ends the login of another"
    browser.post(end)
    assert phone.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_password_is_changed_and_all_other_logins_end(place: Place) -> None:
    other, browser = a_browser(place.app, place.kari), a_browser(place.app, place.kari)
    done = browser.post("/account/password", {"new_password": NEW_PASSWORD})
    assert "Passordet er lagret" in browser.get(done.headers["Location"]).text
    assert other.get("/account").status_code == 303
    assert Browser(place.app).post("/login", RIGHT).status_code == 422
