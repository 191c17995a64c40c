"""Who is rung while the desk is open, changed on a page: seen first, saved, and undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.actions.desks.import_desks import ImportRefused
from app.domain.config.diagnostics import errors
from app.domain.config.first_line_writing import write_first_line
from app.domain.desks.desk import FirstLinePhone
from app.store.desks import desk_texts
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DESK_TOML, SUPPORT, folder, import_sample_desks
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/first-line"
ONE = ("1", "First line 1", "49 00 92 01", "nb")
TWO = ("2", "First line 2", "+47 49 00 92 02", "nb")
NEW = ("1", "Skranken", "49009203", "nn")
NOBODY = ("3", "", "", "nb")


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app)))


def rows(*typed: tuple[str, str, str, str]) -> dict[str, str]:
    named = {
        f"{part}-{at}": text
        for at, row in enumerate(typed, 1)
        for part, text in zip(("place", "name", "number", "language"), row, strict=True)
    }
    return {"rows": str(len(typed)), **named}


def save(browser: Browser, checked: TestResponse) -> TestResponse:
    fields = re.findall(r'<input type="hidden" name="([a-z0-9_-]+)" value="([^"]*)">', checked.text)
    return browser.post(ADDRESS, {**dict(fields), "step": "save"})


def text_of(app: Flask) -> str:
    with database_of(app).read() as connection:
        found = desk_texts(connection, DESK)
    assert found
    return found[0]


def test_a_telephone_is_put_first_and_taken_away_again(app: Flask, browser: Browser) -> None:
    checked = browser.post(ADDRESS, rows(TWO, NEW, NOBODY))
    assert "Skranken, +47 49 00 92 03" in checked.text
    assert "tas bort" in checked.text
    assert text_of(app) == DESK_TOML
    saved = save(browser, checked)
    assert saved.status_code == 303, saved.text
    first, second = re.findall(r'\[\[first_line.phones\]\]\nname = "([^"]*)"', text_of(app))
    assert (first, second) == ("Skranken", "First line 2")
    [version] = re.findall(r'name="version" value="(\d+)"', browser.get(saved.location).text)
    assert browser.post(f"{ADDRESS}/undo", {"version": version}).status_code == 303
    assert 'name = "First line 1"' in text_of(app)
    assert "Skranken" not in text_of(app)
    assert browser.post(f"{ADDRESS}/undo", {"version": version}).status_code == 409


def test_what_is_wrong_stands_at_its_row(app: Flask, browser: Browser) -> None:
    wrong = ("x", "", "113", "nb")
    told = browser.post(ADDRESS, rows(ONE, wrong))
    assert told.status_code == 422
    for part in ("place-2", "name-2", "number-2"):
        assert f'href="#field-{part}"' in told.text
    assert "Noen må svare" in browser.post(ADDRESS, rows(NOBODY)).text
    itself = browser.post(ADDRESS, rows(("1", "Linja", SUPPORT, "nb")))
    assert itself.status_code == 422, "a desk does not ring itself"
    assert text_of(app) == DESK_TOML


def test_whoever_saves_second_sees_who_is_rung_now(app: Flask, browser: Browser) -> None:
    mine = browser.post(ADDRESS, rows(TWO, ONE))
    colleague = a_browser(app, a_user(database_of(app), "ola"))
    assert save(colleague, colleague.post(ADDRESS, rows(NEW, TWO))).status_code == 303
    second = save(browser, mine)
    assert second.status_code == 409
    assert "Ola Vik endret tjenesten" in second.text
    assert "Skranken" in second.text


def test_an_older_file_does_not_bring_the_old_first_line_back(app: Flask, browser: Browser) -> None:
    save(browser, browser.post(ADDRESS, rows(NEW, TWO)))
    with pytest.raises(ImportRefused) as refused:
        import_sample_desks(database_of(app))
    assert [each.code for each in errors(refused.value.diagnostics)] == ["changed_on_page"]
    import_sample_desks(database_of(app), folder(desk=text_of(app) + "# the export\n"))


def test_whoever_stays_keeps_lines_and_comments() -> None:
    text = DESK_TOML.replace('name = "First line 2"', 'name = "First line 2"  # the counter')
    desk = folder(desk=text).desk
    assert desk
    one, two = desk.first_line.phones
    swapped, after = write_first_line(text, desk, (two, one))
    assert "# the counter" in swapped
    assert after.first_line.phones == (two, one)
    assert write_first_line(swapped, after, (one, two))[0].split() == text.split()
    new = FirstLinePhone('Vakt "A"', "+4749009203", "nn")
    assert write_first_line(text, desk, (new,))[1].first_line.phones == (new,)
