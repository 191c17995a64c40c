"""The page of one's own numbers: added and rung, moved, removed, tried, each by a plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.actions.desks.verify_number import press_on_verification, update_verification
from app.actions.roster.own_numbers import show_own_numbers
from app.actions.roster.ring_numbers import own_verifications
from app.domain.access.users import PersonLink
from app.domain.roster.own_numbers import OwnNumbers
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, database_of
from tests.support.sample_desk import DESK, DUTY_1, DUTY_1_HOME
from tests.web.test_my_duty import of_person

HERE, NEW = "/my-duty/numbers", "+4749009171"
WHOSE = PersonLink(DESK, "duty-1")


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return of_person(app, "kari", "duty-1")


def pressed(browser: Browser, act: str, number: str = "") -> str:
    done = browser.post(HERE, {"act": act, "number": number})
    assert done.status_code == 303, done.text
    return browser.get(done.headers["Location"]).text


def numbers(app: Flask) -> OwnNumbers:
    return show_own_numbers(database_of(app), WHOSE)


def test_a_number_is_added_rung_confirmed_and_moved_to_the_front(
    app: Flask, browser: Browser
) -> None:
    page = pressed(browser, "add", "490 09 171")
    assert "Nummeret er lagt til, og vi ringer det nå" in page
    assert "Venter på bekreftelse" in page
    assert "Ringer opp" in page
    etag = re.search(r"data-etag='([^']*)'", page)
    assert etag
    same = browser.get(f"{HERE}/now", headers={"If-None-Match": etag[1]})
    assert same.status_code == 304
    ring = own_verifications(database_of(app), WHOSE, clock.now())[0]
    press_on_verification(database_of(app), ring.id, "1", 1, clock.now())
    update_verification(database_of(app), ring.id, "completed", clock.now())
    now = browser.get(f"{HERE}/now", headers={"If-None-Match": etag[1]})
    assert "Besvart, 1 trykket" in now.text
    assert "Venter på bekreftelse" not in now.text
    for _ in range(2):
        assert "Rekkefølgen er endret" in pressed(browser, "up", NEW)
    assert numbers(app).ringing == (NEW, DUTY_1, DUTY_1_HOME)


def test_what_may_not_be_is_refused_with_its_reason_and_the_text_stays(
    app: Flask, browser: Browser
) -> None:
    for typed, why in (("tull", "«tull»"), (DUTY_1, "står der fra før"), ("", "error-summary")):
        no = browser.post(HERE, {"act": "add", "number": typed})
        assert no.status_code == 422
        assert why in no.text
        assert f'value="{typed}"' in no.text.replace("&#43;", "+")
    assert "Nummeret er fjernet" in pressed(browser, "remove", DUTY_1)
    last = browser.post(HERE, {"act": "remove", "number": DUTY_1_HOME})
    assert last.status_code == 422
    assert "det eneste nummeret vi kan ringe deg på" in last.text
    assert browser.post(HERE, {"act": "nothing"}).status_code == 422
    assert numbers(app) == OwnNumbers((DUTY_1_HOME,))


def test_ring_me_now_tells_how_it_went(app: Flask, browser: Browser) -> None:
    assert "Svar telefonen og trykk 1." in pressed(browser, "test")
    again = browser.post(HERE, {"act": "test"})
    assert "Vi ringer deg alt" in again.text
    ring = own_verifications(database_of(app), WHOSE, clock.now())[0]
    update_verification(database_of(app), ring.id, "completed", clock.now())
    assert "Det kan være telefonsvareren" in browser.get(HERE).text


def test_only_a_waiting_number_is_rung_again(browser: Browser) -> None:
    no = browser.post(HERE, {"act": "ring", "number": DUTY_1})
    assert no.status_code == 422
    assert "ikke noe nummer å ringe" in no.text


def test_notices_are_chosen_by_boxes(browser: Browser) -> None:
    page = browser.get("/my-duty/notices").text
    assert "checked" not in page
    done = browser.post("/my-duty/notices", {"sms": ["tomorrow", "moved"], "mail": "in_an_hour"})
    assert done.status_code == 303
    page = browser.get(done.headers["Location"]).text
    assert "Valgene dine er lagret" in page
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', page) == [
        ("sms", "tomorrow"),
        ("sms", "moved"),
        ("mail", "in_an_hour"),
    ]
    assert browser.post("/my-duty/notices", {"sms": "never"}).status_code == 422
    browser.post("/my-duty/notices")
    assert "checked" not in browser.get("/my-duty/notices").text
