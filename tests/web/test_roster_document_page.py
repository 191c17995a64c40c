"""A coordinator changes the text behind a roster; two of them at once lose nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.roster import change_document as actions
from app.actions.roster.change_document import (
    DocumentRequest,
    DocumentTrial,
    change_document,
    show_document,
)
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.store import Database
from app.web.pages import roster_document_page
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, ROSTER_TOML
from tests.support.users import a_user

DOCUMENT = f"/rosters/{DESK}/document"
RENAMED = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty B"')
OTHER_NAME = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty C"')
SHORTER = ROSTER_TOML.replace(
    'time_zone = "Europe/Oslo"', 'time_zone = "Europe/Oslo"\nnotice_days = 7'
)


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), role=AccessRole.COORDINATOR))


def send(browser: Browser, text: str, step: str = "check", version: int = 1) -> TestResponse:
    typed = text.replace("\n", "\r\n")  # as a browser sends it
    form = {"text": typed, "remark": "Som avtalt", "step": step, "version": version}
    return browser.post(f"{DOCUMENT}/edit", form)


def text_of(app: Flask) -> str:
    found = show_document(database_of(app), DESK)
    assert found
    return found[1]


def in_box(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*)</textarea>", page, re.S)
    assert found
    return unescape(found[1]).replace("\r\n", "\n")


def test_the_text_is_read_changed_seen_saved_and_brought_back(app: Flask, browser: Browser) -> None:
    read = browser.get(DOCUMENT).text
    assert 'id="line-5"' in read
    assert "Versjon 1, lagret av Teamleiar" in read
    assert in_box(browser.get(f"{DOCUMENT}/edit").text) == ROSTER_TOML
    told = send(browser, RENAMED)
    assert told.status_code == 200
    assert "Alle har de samme vaktene" in told.text
    assert "Lagt til: </span>name = &#34;Duty B&#34;" in told.text
    assert text_of(app) == ROSTER_TOML, "nothing is saved yet"
    back = send(browser, RENAMED, "edit")
    assert in_box(back.text) == RENAMED
    saved = send(browser, RENAMED, "save")
    assert saved.status_code == 303, saved.text
    done = browser.get(saved.headers["Location"]).text
    assert "Versjon 2 er lagret og gjelder fra nå" in done
    assert "Grunn: Som avtalt" in done
    earlier = browser.get(f"{DOCUMENT}/edit?version=1").text
    assert in_box(earlier) == ROSTER_TOML
    assert "Teksten er den fra versjon 1" in earlier
    same = send(browser, RENAMED, version=2).text
    assert "Det er ingenting å lagre" in same


def test_what_is_wrong_stands_at_its_line(app: Flask, browser: Browser) -> None:
    line = ROSTER_TOML.splitlines().index('members = ["duty-1"]') + 1
    wrong = ROSTER_TOML.replace('members = ["duty-1"]', 'members = ["duty-9"]')
    for step in ("check", "save"):
        told = send(browser, wrong, step)
        assert told.status_code == 422
        assert f'href="#line-{line}"' in told.text
        assert "vakt-line-wrong" in told.text
        assert in_box(told.text) == wrong, "what was typed is still there"
    assert text_of(app) == ROSTER_TOML
    assert send(browser, "").status_code == 422
    assert send(browser, "\0").status_code == 422


def test_two_at_once_see_both_changes_and_lose_neither(app: Flask, browser: Browser) -> None:
    assert send(browser, RENAMED, "save").status_code == 303
    second = a_browser(app, a_user(database_of(app), "anne", role=AccessRole.COORDINATOR))
    both = send(second, SHORTER, "save")
    assert both.status_code == 409
    assert "Kari Vik har lagret imens, versjon 2" in both.text
    assert "Ingenting av ditt er borte" in both.text
    assert "notice_days = 7" in both.text
    assert text_of(app) == RENAMED
    sent = dict(re.findall(r'name="(text|version)" value="([^"]*)"', both.text))
    saved = send(second, unescape(sent["text"]), "save", int(sent["version"]))
    assert saved.status_code == 303
    assert text_of(app) == SHORTER.replace('name = "Duty 2"', 'name = "Duty B"')


def test_one_who_saves_while_another_is_told_loses_nothing(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ola = Author(Actor(ActorKind.PERSON, "Ola Berg", "77"), clock.now())

    def slow(database: Database, wanted: DocumentRequest, by: Author) -> DocumentTrial | None:
        change_document(database, DocumentRequest(DESK, SHORTER, 1), ola)
        monkeypatch.undo()
        return actions.try_document(database, wanted, by)

    monkeypatch.setattr(roster_document_page, "try_document", slow)
    told = send(browser, RENAMED)
    assert told.status_code == 409
    assert "Ola Berg har lagret imens, versjon 2" in told.text
    sent = dict(re.findall(r'name="(text|version)" value="([^"]*)"', told.text))
    assert send(browser, unescape(sent["text"]), "save", int(sent["version"])).status_code == 303
    assert text_of(app) == SHORTER.replace('name = "Duty 2"', 'name = "Duty B"')


def test_which_version_was_changed_is_never_guessed(app: Flask, browser: Browser) -> None:
    for step in ("check", "edit", "save"):
        assert send(browser, RENAMED, step, 0).status_code == 422
    assert text_of(app) == ROSTER_TOML


def test_the_same_line_stands_twice_until_somebody_chooses(app: Flask, browser: Browser) -> None:
    send(browser, RENAMED, "save")
    second = a_browser(app, a_user(database_of(app), "anne", role=AccessRole.COORDINATOR))
    both = send(second, OTHER_NAME, "save")
    assert both.status_code == 409
    assert "samme linjene på 1 sted" in both.text
    box = in_box(both.text)
    assert 'name = "Duty B"\n=======\nname = "Duty C"' in box
    assert send(second, box, "save", 2).status_code == 422, "marks are no document"
    chosen = re.sub(r"<<<<<<<.*?=======\n|>>>>>>>.*?\n", "", box, flags=re.S)
    assert send(second, chosen, "save", 2).status_code == 303
    assert text_of(app) == OTHER_NAME
