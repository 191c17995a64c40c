"""The first line and the contacts, changed on a page: seen first, saved, and undone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.actions.desks.import_desks import ImportRefused
from app.domain.config.desk_document import read_desk
from app.domain.config.desk_lists_writing import write_list
from app.domain.config.diagnostics import errors
from app.domain.desks.desk import AlarmContact, FirstLinePhone
from app.domain.desks.desk_lists import DeskList
from app.domain.message_refs import MessageError
from app.store.desks import desk_texts
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DESK_TOML, SUPPORT, folder, import_sample_desks
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/lists/first-line"
CONTACTS = f"/desks/{DESK}/lists/contacts"
ROOT = Path(__file__).parents[2]
ONE = ("1", "First line 1", "49 00 92 01", "nb")
TWO = ("2", "First line 2", "+47 49 00 92 02", "nb")
NEW = ("1", "Skranken", "49009203", "nn")
NOBODY = ("3", "", "", "nb")


def rows(*typed: tuple[str, str, str, str]) -> dict[str, str]:
    named = {
        f"{part}-{at}": text
        for at, row in enumerate(typed, 1)
        for part, text in zip(("place", "name", "number", "language"), row, strict=True)
    }
    return {"rows": str(len(typed)), **named}


def save(browser: Browser, checked: TestResponse, address: str = ADDRESS) -> TestResponse:
    fields = re.findall(r'<input type="hidden" name="([a-z0-9_-]+)" value="([^"]*)">', checked.text)
    return browser.post(address, {**dict(fields), "step": "save"})


def text_of(app: Flask) -> str:
    with database_of(app).read() as connection:
        found = desk_texts(connection, DESK)
    assert found
    return found[0]


def test_a_telephone_is_put_first_and_taken_away_again(app: Flask, browser: Browser) -> None:
    checked = browser.post(ADDRESS, rows(TWO, NEW, NOBODY))
    assert "Skranken, +47 49 00 92 03, Nynorsk" in checked.text
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


def test_a_long_list_is_sent_whole_or_not_at_all(browser: Browser) -> None:
    many = [(str(at), f"Skranke {at}", f"4900{at:04}", "nb") for at in range(6000, 6060)]
    assert "Skranke 6059" in browser.post(ADDRESS, rows(*many)).text
    assert browser.post(ADDRESS, {**rows(ONE), "rows": "201"}).status_code == 413


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


def test_what_no_longer_fits_is_not_undone_and_the_page_says_why(
    app: Flask, browser: Browser
) -> None:
    save(browser, browser.post(ADDRESS, rows(NEW, TWO)))
    line = '[[lines]]\nnumber = "+4749009201"\nkind = "support"\nlanguages = ["nb"]\n\n'
    import_sample_desks(
        database_of(app), folder(desk=text_of(app).replace("[[lines]]", f"{line}[[lines]]", 1))
    )
    refused = browser.post(f"{ADDRESS}/undo", {"version": "2"})
    assert refused.status_code == 409
    assert "Noen har endret listen" not in refused.text
    assert "+4749009201" in refused.text


def test_whoever_stays_keeps_lines_and_comments() -> None:
    text = DESK_TOML.replace('name = "First line 2"', 'name = "First line 2"  # the counter')
    desk = folder(desk=text).desk
    assert desk
    one, two = desk.first_line.phones
    swapped, after = write_list(text, desk, DeskList.FIRST_LINE, (two, one))
    assert "# the counter" in swapped
    assert after.first_line.phones == (two, one)
    assert write_list(swapped, after, DeskList.FIRST_LINE, (one, two))[0].split() == text.split()
    new = FirstLinePhone('Vakt "A"', "+4749009203", "nn")
    assert write_list(text, desk, DeskList.FIRST_LINE, (new,))[1].first_line.phones == (new,)
    moved = replace(two, number="+4749009203")
    changed = write_list(text, desk, DeskList.FIRST_LINE, (one, moved))[0]
    assert changed == text.replace(two.number, moved.number), "the comment is about the counter"


def test_contacts_come_and_go(app: Flask, browser: Browser) -> None:
    row = {"rows": "1", "place-1": "1", "role-1": "Driftsleiar", "number-1": "", "email-1": ""}
    nowhere = browser.post(CONTACTS, row)
    assert nowhere.status_code == 422
    assert 'href="#field-number-1"' in nowhere.text
    odd = browser.post(CONTACTS, {**row, "email-1": "drift"})
    assert odd.status_code == 422, "what an import would say of the address"
    checked = browser.post(CONTACTS, {**row, "email-1": "drift@kommune.example"})
    assert save(browser, checked, CONTACTS).status_code == 303
    assert '[[contacts]]\nrole = "Driftsleiar"\nemail = "drift@kommune.example"' in text_of(app)
    none = browser.post(CONTACTS, {**row, "role-1": ""})
    assert "Ingen" in none.text
    assert save(browser, none, CONTACTS).status_code == 303
    assert text_of(app).split() == DESK_TOML.split()


def test_contacts_that_the_document_needs_are_not_taken_away() -> None:
    text = (ROOT / "docs/examples/skjergard/desk.toml").read_text("utf-8")
    desk = read_desk(text, "", "skjergard").value
    assert desk
    more = (*desk.contacts, AlarmContact("Beredskap", "+4749006599", ""))
    changed, after = write_list(text, desk, DeskList.CONTACTS, more)
    assert after.contacts == more
    assert write_list(changed, after, DeskList.CONTACTS, desk.contacts)[0] == text
    with pytest.raises(MessageError):
        write_list(text, desk, DeskList.CONTACTS, ())
