"""A coordinator changes a desk's hours: sees what it does to the duty, saves it, and undoes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.desks.import_desks import ImportRefused, import_desks
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.config.diagnostics import errors
from app.store.audit import AuditFilter, list_audit_events
from app.store.desks import desk_texts
from tests.domain.time.wall_clock import OSLO
from tests.support.desk_documents import OFFICE_HOURS
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DESK_TOML, edit, folder, import_sample_desks
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/hours"
FORM = f"{ADDRESS}/change"
# A Wednesday from the second to the eighth of a month: no public holiday ever falls on it.
DAY = (clock.now() + timedelta(days=60)).astimezone(OSLO).date().replace(day=2)
DAY += timedelta(days=(2 - DAY.weekday()) % 7)
CLOSED = {"kind": "closed", "since": f"{DAY:%d.%m.%Y}", "calendars": "desk", "why": "Flytting"}


def text_of(app: Flask) -> str:
    with database_of(app).read() as connection:
        found = desk_texts(connection, DESK)
    assert found
    return found[0]


def hidden(answer: TestResponse) -> dict[str, str]:
    """What the page of the second step sends once more."""
    assert answer.status_code in (200, 409), answer.text
    fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', answer.text)
    return dict(fields)


def save(browser: Browser, checked: TestResponse) -> TestResponse:
    return browser.post(FORM, {**hidden(checked), "step": "save"})


def test_the_change_is_told_before_it_is_saved_and_undone_afterwards(
    app: Flask, browser: Browser
) -> None:
    checked = browser.post(FORM, CLOSED)
    assert "08.00–16.00" in checked.text
    assert "Vakttid som kommer til" in checked.text
    assert "Duty 1" in checked.text
    assert text_of(app) == DESK_TOML
    saved = save(browser, checked)
    assert saved.status_code == 303, saved.text
    assert f'date = {DAY}\nhours = []\nnote = "Flytting"' in text_of(app)
    shown = browser.get(saved.headers["Location"])
    assert "Dette er lagret" in shown.text
    assert "Stengt denne dagen" in shown.text
    undone = browser.post(f"{ADDRESS}/undo", {"version": hidden(shown)["version"]})
    assert undone.status_code == 303, undone.text
    assert text_of(app).strip() == DESK_TOML.strip()
    with database_of(app).read() as connection:
        events = list_audit_events(connection, AuditFilter(kind=AuditKind.HOURS_CHANGED))
    assert len(events) == 2
    assert events[1].event.after == {"hours": [f"desk {DAY} []"]}


def test_a_row_is_taken_back_after_its_difference_was_seen(app: Flask, browser: Browser) -> None:
    early = {"kind": "early", "day": "12-24", "closes": "kl 12", "calendars": "desk"}
    save(browser, browser.post(FORM, early))
    assert 'day = "12-24"\ncloses = "12:00"' in text_of(app)
    told = browser.get(f"{FORM}?calendar=desk&take_back=12-24")
    assert "Vakttid som faller bort" in told.text
    assert save(browser, told).status_code == 303
    assert text_of(app).strip() == DESK_TOML.strip()


def test_what_was_typed_as_tomorrow_is_saved_as_the_day_that_was_seen(browser: Browser) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(OSLO).date()
    early = {"kind": "early", "day": "other", "other_day": "i morgen", "closes": "12"}
    told = browser.post(FORM, {**early, "calendars": "desk"})
    assert hidden(told)["other_day"] == f"{tomorrow.day}.{tomorrow.month}"
    days = browser.post(FORM, {**CLOSED, "since": "i morgen"})
    assert hidden(days)["since"] == str(tomorrow)


def test_an_old_tab_outlives_the_calendar_that_it_tells_of(app: Flask, browser: Browser) -> None:
    saved = save(browser, browser.post(FORM, CLOSED)).headers["Location"]
    office = (
        text_of(app).replace("calendars.desk", "calendars.office").replace('"desk"', '"office"')
    )
    another = OFFICE_HOURS.replace("calendars.desk", "calendars.another")
    files = folder(desk=office.replace("[calendars.office]", f"{another}\n[calendars.office]", 1))
    import_desks(database_of(app), [files], edit(), replace_edits=True)
    assert browser.get(saved).status_code == 200


def test_whoever_saves_second_sees_that_it_was_changed_and_what_theirs_does_now(
    app: Flask, browser: Browser
) -> None:
    checked = browser.post(FORM, CLOSED)
    colleague = a_browser(app, a_user(database_of(app), "ola"))
    hours = {**CLOSED, "kind": "hours", "opens": "9", "closes": "12"}
    assert save(colleague, colleague.post(FORM, hours)).status_code == 303
    second = save(browser, checked)
    assert second.status_code == 409
    assert "Ola Vik endret tjenesten" in second.text
    assert "09.00–12.00" in second.text, "what the colleague has made of the day"
    assert "hours = []" not in text_of(app)
    assert save(browser, second).status_code == 303
    assert "hours = []" in text_of(app)


def test_what_was_changed_again_since_cannot_be_undone(app: Flask, browser: Browser) -> None:
    first = save(browser, browser.post(FORM, CLOSED))
    version = hidden(browser.get(first.headers["Location"]))["version"]
    hours = {**CLOSED, "kind": "hours", "opens": "9", "closes": "12"}
    save(browser, browser.post(FORM, hours))
    refused = browser.post(f"{ADDRESS}/undo", {"version": version})
    assert refused.status_code == 409
    assert "Noen har endret de samme dagene" in refused.text
    assert 'hours = ["09:00-12:00"]' in text_of(app)


def test_what_is_wrong_is_told_at_its_field_and_everything_typed_is_still_there(
    browser: Browser,
) -> None:
    wrong = {**CLOSED, "kind": "hours", "since": "engang", "opens": "12", "closes": "9"}
    told = browser.post(FORM, wrong)
    assert told.status_code == 422
    for part in (
        'value="engang"',
        'value="Flytting"',
        'href="#field-since"',
        'href="#field-closes"',
    ):
        assert part in told.text
    assert "Dagen er over" in browser.post(FORM, {**CLOSED, "since": "2020-01-06"}).text
    assert "høyst 92 dager" in browser.post(FORM, {**CLOSED, "until": "24.12.2030"}).text
    strange = browser.post(FORM, {**CLOSED, "why": "a\x07b"})
    assert strange.status_code == 422
    assert "«note»" in strange.text


def test_a_day_may_have_a_break(app: Flask, browser: Browser) -> None:
    lunch = {**CLOSED, "kind": "hours", "opens": "8", "closes": "11.30", "opens_again": "12"}
    asked = browser.post(FORM, lunch)
    assert asked.status_code == 422
    assert 'href="#field-closes_again"' in asked.text
    early = browser.post(FORM, {**lunch, "opens_again": "11", "closes_again": "15"})
    assert 'href="#field-opens_again"' in early.text
    told = browser.post(FORM, {**lunch, "closes_again": "15"})
    assert "08.00–11.30 og 12.00–15.00" in told.text
    assert save(browser, told).status_code == 303
    assert 'hours = ["08:00-11:30", "12:00-15:00"]' in text_of(app)


def test_readers_see_the_year_and_no_links_to_change_it(app: Flask) -> None:
    reader = a_browser(app, a_user(database_of(app), role=AccessRole.READER))
    shown = reader.get(f"{ADDRESS}?year=2026").text
    assert "Åpent 08.00–16.00" in shown
    assert "Helligdag, første juledag" in shown
    assert "/hours/change" not in shown
    assert reader.get(ADDRESS.replace(DESK, "nobody")).status_code == 404


def test_whoever_plans_the_roster_sees_the_desk_and_changes_it_not(app: Flask) -> None:
    planner = a_user(database_of(app), "per", AccessRole.COORDINATOR, Scope(roster=DESK))
    browser = a_browser(app, planner)
    assert "/hours/change" not in browser.get(ADDRESS).text
    assert browser.get(FORM).status_code == 403


def test_an_older_file_does_not_undo_what_was_entered_on_the_page(
    app: Flask, browser: Browser
) -> None:
    save(browser, browser.post(FORM, CLOSED))
    database, entered = database_of(app), text_of(app)
    with pytest.raises(ImportRefused) as refused:
        import_sample_desks(database)
    [wrong] = errors(refused.value.diagnostics)
    assert wrong.code == "changed_on_page"
    assert dict(wrong.message.values) == {"line": f"desk {DAY} []", "who": "Kari Vik"}
    import_sample_desks(database, folder(desk=entered.replace('"Fjordhjelp"', '"Fjordhjelp 2"', 1)))
    assert "Flytting" in text_of(app), "the export, changed"
    import_sample_desks(database)
    assert text_of(app) == DESK_TOML, "the file that knew of it may drop it"


def test_a_file_may_say_that_it_replaces_what_was_entered(app: Flask, browser: Browser) -> None:
    save(browser, browser.post(FORM, CLOSED))
    import_desks(database_of(app), [folder()], edit(), replace_edits=True)
    assert text_of(app) == DESK_TOML
