"""Somebody of the desk says what is down, puts it in words, and says that it is over."""

from __future__ import annotations

import re

from flask import Flask

from app.actions.desks.outages import outage_now
from app.domain.access.permissions import AccessRole
from app.store.outages import StoredOutage
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/outage"


def now_known(app: Flask) -> StoredOutage | None:
    return outage_now(database_of(app), DESK)


def test_it_is_marked_put_in_words_and_over(app: Flask, browser: Browser) -> None:
    done = browser.post(ADDRESS, {"words_nb": "E-posten er nede."})
    assert done.status_code == 303
    assert browser.post(ADDRESS, {"words_nb": "E-posten er nede."}).status_code == 303  # twice
    there = now_known(app)
    assert there
    assert "E-posten er nede." in browser.get(done.headers["Location"]).text
    assert "Driftsforstyrrelse siden" in browser.get("/").text
    number = str(there.known.id)
    changed = {"outage": number, "words_nb": "Nettet er nede.", "words_en": "The net is down."}
    assert browser.post(ADDRESS, changed).status_code == 303
    there = now_known(app)
    assert there
    assert there.known.words.in_language("en") == "The net is down."
    ended = browser.post(f"{ADDRESS}/end", {"outage": number})
    assert ended.status_code == 303
    assert "ingen hører om den lenger" in browser.get(ended.headers["Location"]).text
    assert now_known(app) is None
    assert browser.post(f"{ADDRESS}/end", {"outage": number}).status_code == 303  # a double click


def test_an_old_page_changes_nothing_and_loses_no_words(app: Flask, browser: Browser) -> None:
    """Somebody else has marked another one, or ended this one, in the meantime."""
    browser.post(ADDRESS, {"words_nb": "E-posten er nede."})
    other = browser.post(ADDRESS, {"words_nb": "Nettet er nede."})
    assert other.status_code == 409
    assert 'value="Nettet er nede."' in other.text
    there = now_known(app)
    assert there
    browser.post(f"{ADDRESS}/end", {"outage": str(there.known.id)})
    late = browser.post(ADDRESS, {"outage": str(there.known.id), "words_nb": "Nettet er nede."})
    assert late.status_code == 409
    assert 'value="Nettet er nede."' in late.text
    assert now_known(app) is None


def test_what_is_wrong_stands_at_its_field(app: Flask, browser: Browser) -> None:
    for field, value in (("since", "engang"), ("words_nb", "x" * 201)):
        told = browser.post(ADDRESS, {field: value})
        assert (told.status_code, f'href="#field-{field}"' in told.text) == (422, True)
    assert browser.post(f"{ADDRESS}/end", {"outage": "9" * 300}).status_code == 422
    assert now_known(app) is None


def test_only_the_languages_of_the_desk_are_asked_for(browser: Browser) -> None:
    shown = browser.get(ADDRESS).text
    assert sorted(re.findall(r'name="(words_..)"', shown)) == ["words_en", "words_nb"]


def test_the_duty_may_and_who_only_reads_may_not(app: Flask) -> None:
    duty = a_browser(app, a_user(database_of(app), "duty", AccessRole.DUTY_PERSON))
    reader = a_browser(app, a_user(database_of(app), "reader", AccessRole.READER))
    assert ADDRESS in duty.get("/desks").text
    assert ADDRESS not in reader.get("/desks").text
    assert reader.post(ADDRESS).status_code == 403
    assert duty.post(ADDRESS).status_code == 303
