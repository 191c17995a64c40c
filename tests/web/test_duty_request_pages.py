"""Cover and swaps on the pages: asked in two presses, answered after the difference, once each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.actions.roster.duty_requests import list_duty_requests
from app.actions.roster.entries import EntryScope, list_entries
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.roster.duty_requests import DutyRequest, RequestState
from app.domain.roster.entries import EntryKind, RosterEntry
from tests.support.changed_roster import put
from tests.support.duty_requests import plan_text
from tests.support.fake_twilio import a_web, settings
from tests.support.imported_desks import put_desks
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, edit, folder
from tests.support.users import a_user
from tests.web.test_my_duty import CHANGE, pressed
from tests.web.test_roster_change_page import hidden

DUTY_PERSON, OF_ROSTER = AccessRole.DUTY_PERSON, Scope(roster=DESK)


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        put_desks(database_of(app), (folder(roster=plan_text()),), edit())
        yield app


def of_person(app: Flask, name: str, person: str) -> Browser:
    link = PersonLink(DESK, person)
    return a_browser(app, a_user(database_of(app), name, DUTY_PERSON, OF_ROSTER, link))


@pytest.fixture
def kari(app: Flask) -> Browser:
    return of_person(app, "kari", "duty-1")


@pytest.fixture
def ola(app: Flask) -> Browser:
    return of_person(app, "ola", "duty-2")


@pytest.fixture
def anne(app: Flask) -> Browser:
    return a_browser(app, a_user(database_of(app), "anne", AccessRole.COORDINATOR))


def links(page: str, text: str) -> list[str]:
    found = re.findall(rf'<a class="ds-button"[^>]* href="([^"]*)"[^>]*>{text}', page)
    found += re.findall(rf'<a class="ds-button" href="([^"]*)"[^>]*>{text}', page)
    return list(dict.fromkeys(unescape(each) for each in found))


def sent(page: str) -> dict[str, str]:
    """What the form of a page carries on."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def boxes(page: str, kind: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'type="{kind}"[^>]* value="([^"]*)"', page)]


def requests(app: Flask) -> tuple[DutyRequest, ...]:
    return list_duty_requests(database_of(app), DESK, set(RequestState))


def entries(app: Flask) -> tuple[RosterEntry, ...]:
    found = list_entries(database_of(app), DESK, EntryScope.IN_FORCE, clock.now())
    return getattr(found, "entries", ())


def ask(browser: Browser, which: int = -1) -> str:
    """Two presses: ask for cover of a shift, and send it; returns the request's address."""
    form = browser.get(links(browser.get("/my-duty").text, "Be om avløsning")[which]).text
    people = {"people": boxes(form, "checkbox"), "why": "Bryllup"}
    done = browser.post("/my-duty/cover", {**sent(form), **people})
    assert done.status_code == 303, done.text
    return done.headers["Location"].split("?")[0]


def offer(browser: Browser, other: str) -> str:
    form = browser.get(links(browser.get("/my-duty").text, "Tilby bytte")[-1]).text
    [wanted, *_] = [each for each in boxes(form, "radio") if each.startswith(other)]
    done = browser.post("/my-duty/swap", {**sent(form), "wanted": wanted})
    assert done.status_code == 303, done.text
    return done.headers["Location"].split("?")[0]


def test_cover_is_asked_in_two_presses_and_waits_on_top_of_the_others_page(
    app: Flask, kari: Browser, ola: Browser
) -> None:
    address = ask(kari)
    page = kari.get(f"{address}?done=asked").text
    assert "Spørsmålet er sendt" in page
    assert "Trekk tilbake" in page
    assert 'value="yes"' not in page, "nobody answers for themselves"
    top = ola.get("/my-duty").text
    assert top.index("Venter på svar fra deg") < top.index('id="next"')
    [look] = links(top, "Se og svar")
    told = ola.get(look).text
    assert "Dette endrer et ja fra Duty 2" in told
    assert "1 vakt" in told, "before and after"
    done = ola.post(look, {**sent(told), "move": "yes"})
    assert "Du har sagt ja" in ola.get(done.headers["Location"]).text
    [entry] = entries(app)
    assert (entry.dated.person, entry.author.name) == ("duty-2", "Ola Vik")
    assert "Venter på svar fra deg" not in ola.get("/my-duty").text


def test_whoever_answers_second_or_twice_reads_why_nothing_was_done(
    app: Flask, kari: Browser, ola: Browser
) -> None:
    address = ask(kari)
    siri = of_person(app, "siri", "duty-3")
    two_tabs = sent(ola.get(address).text)
    ola.post(address, {**two_tabs, "move": "yes"})
    again = ola.post(address, {**two_tabs, "move": "yes"})
    assert again.status_code == 409
    assert "Dette er sagt ja til allerede" in again.text
    late = siri.post(address, {"move": "yes"})
    assert late.status_code == 409
    assert "Duty 2 har sagt ja allerede og har vakten" in late.text
    withdrawn = kari.post(address, {"move": "withdraw"})
    assert "Det kan gjøres om" in withdrawn.text
    assert len(entries(app)) == 1


def test_what_has_changed_meanwhile_is_looked_at_again(
    app: Flask, kari: Browser, ola: Browser
) -> None:
    address = ask(kari)
    seen = sent(ola.get(address).text)
    put(database_of(app), EntryKind.ABSENCE, "duty-3", (1, 0), (2, 0))
    again = ola.post(address, {**seen, "move": "yes"})
    assert again.status_code == 409
    assert "Vaktlisten er endret siden du så den" in again.text
    assert ola.post(address, {**sent(again.text), "move": "yes"}).status_code == 303


def test_nobody_else_reads_a_request_and_no_one_answers_their_own(
    app: Flask, kari: Browser, ola: Browser
) -> None:
    address = offer(kari, "duty-2")
    siri = of_person(app, "siri", "duty-3")
    assert siri.get(address).status_code == 403
    assert "verken din forespørsel" in siri.post(address, {"move": "yes"}).text
    own = kari.post(address, {"move": "yes"})
    assert own.status_code == 409
    assert "Bare de som er spurt, kan svare" in own.text
    assert ola.post(address, {"move": "dance"}).status_code == 409
    assert entries(app) == ()


def test_a_swap_is_offered_accepted_and_undone(app: Flask, kari: Browser, ola: Browser) -> None:
    address = offer(kari, "duty-2")
    told = ola.get(address).text
    assert "mot Duty 2" in told
    assert "Duty 1: " in told, "hours and rest of both"
    assert ola.post(address, {**sent(told), "move": "yes"}).status_code == 303
    assert {each.dated.person for each in entries(app)} == {"duty-1", "duty-2"}
    assert "Ta tilbake" not in ola.get("/my-duty").text, "half of it alone"
    [entry, _] = entries(app)
    assert ola.post(f"/my-duty/entries/{entry.id}/withdraw").status_code == 403
    undone = kari.post(address, {"move": "undo"})
    assert "Det er gjort om" in kari.get(undone.headers["Location"]).text
    assert entries(app) == ()


def test_a_form_that_asks_nobody_says_so_and_loses_nothing(app: Flask, kari: Browser) -> None:
    form = kari.get(links(kari.get("/my-duty").text, "Be om avløsning")[-1]).text
    no = kari.post("/my-duty/cover", {**sent(form), "why": "Bryllup"})
    assert no.status_code == 422
    assert "Velg minst én å spørre" in no.text
    assert 'value="Bryllup"' in no.text
    none = kari.post("/my-duty/swap", {**sent(form), "wanted": "duty-9|primary|x"})
    assert none.status_code == 422
    gone = kari.get("/my-duty/swap?since=2020-01-01T08:00&until=2020-01-02T08:00")
    assert (gone.status_code, "Vakten kan være flyttet" in gone.text) == (404, True)
    assert requests(app) == ()


def test_the_coordinator_asks_for_whoever_is_away_and_answers_for_others(
    app: Flask, anne: Browser
) -> None:
    a_month_on = clock.now() + timedelta(days=31)
    ahead = f"since=i+morgen+8&until={a_month_on:%d.%m.%Y}+08.00&person=duty-2"
    form = anne.get(f"/rosters/{DESK}/cover?{ahead}").text
    assert "Det gjelder vakten til Duty 2" in form
    asked = anne.post(f"/rosters/{DESK}/cover", {**sent(form), "people": ["duty-3"]})
    address = asked.headers["Location"].split("?")[0]
    page = anne.get(address).text
    assert 'value="yes"' not in page
    assert f"{address}?person=duty-3#answer" in page
    told = anne.get(f"{address}?person=duty-3").text
    assert "Dette endrer et ja fra Duty 3" in told
    assert anne.post(address, {**sent(told), "move": "yes"}).status_code == 303
    assert [each.dated.person for each in entries(app)] == ["duty-3"]
    assert "Avløsning og bytter" in anne.get(f"/rosters/{DESK}").text
    assert anne.post(address, {"move": "undo"}).status_code == 303
    assert entries(app) == ()


def test_an_absence_that_was_saved_leads_to_asking_for_cover(app: Flask, kari: Browser) -> None:
    told = kari.post(CHANGE, pressed(kari.get("/my-duty").text, "cannot"))
    done = kari.post(CHANGE, {**hidden(told), "step": "save"})
    page = kari.get(done.headers["Location"]).text
    link = links(page[page.index('id="done"') :], "Be om avløsning")[0]
    assert "Det gjelder vakten til Duty 1" in kari.get(link).text


def test_a_swap_waits_for_approval_where_the_roster_says_so(
    app: Flask, kari: Browser, ola: Browser, anne: Browser
) -> None:
    text = plan_text(more="swaps_need_approval = true\n")
    put_desks(database_of(app), (folder(roster=text),), edit(clock.now()))
    address = offer(kari, "duty-2")
    assert ola.post(address, {"move": "yes"}).status_code == 303
    assert entries(app) == ()
    [look] = links(anne.get(f"/rosters/{DESK}").text, "Se")
    told = anne.get(look).text
    assert "Venter på godkjenning" in told
    assert "Dette endrer et ja fra Duty 2" in told
    assert anne.post(look, {**sent(told), "move": "approve"}).status_code == 303
    assert len(entries(app)) == 2
