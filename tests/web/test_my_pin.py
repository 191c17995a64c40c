"""The page of one's own PIN: set, changed and removed, by whoever has just shown who they are."""

from __future__ import annotations

from flask import Flask

from app.actions.access.pins import pin_of
from app.domain.access.users import PersonLink
from tests.support.logged_in import Browser, database_of
from tests.support.sample_desk import DESK
from tests.web.test_my_duty import of_person

HERE, WHOSE = "/my-duty/pin", PersonLink(DESK, "duty-1")


def choose(browser: Browser, pin: str, again: str | None = None) -> int:
    form = {"pin_code": pin, "pin_code_again": pin if again is None else again}
    return browser.post(HERE, form).status_code


def test_it_is_set_and_removed_and_never_shown(app: Flask) -> None:
    browser = of_person(app, "kari", "duty-1")
    assert "Du har ingen PIN-kode" in browser.get(HERE).text
    assert choose(browser, "7294") == 303
    shown = browser.get(HERE).text
    assert "Du har en PIN-kode" in shown
    assert "7294" not in shown
    assert pin_of(database_of(app), WHOSE)
    for _ in range(2):  # a double click
        assert browser.post(f"{HERE}/remove").status_code == 303
    assert pin_of(database_of(app), WHOSE) is None


def test_what_is_wrong_is_told_and_what_was_typed_is_not_shown_again(app: Flask) -> None:
    browser = of_person(app, "kari", "duty-1")
    for pin, again in (("1234", "1234"), ("7294", "7295"), ("", ""), ("x" * 300, "x" * 300)):
        told = browser.post(HERE, {"pin_code": pin, "pin_code_again": again})
        assert told.status_code == 422
        assert 'value="7294"' not in told.text
    assert pin_of(database_of(app), WHOSE) is None
