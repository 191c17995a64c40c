"""A duty person looks after their own duty: cannot, gives away, takes, and takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.actions.roster.entries import EntryScope, list_entries
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.roster.entries import EntryKind, RosterEntry
from app.domain.roster.plan import Absence, Override
from tests.support.changed_roster import put
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DUTY, last_evening
from tests.support.stored_call import critical_at_night
from tests.support.users import a_user
from tests.web.test_roster_change_page import hidden

CHANGE = "/my-duty/change"
TYPED = "%d.%m.%Y %H.%M"
TIMES = ("since", "until")
DUTY_PERSON, OF_ROSTER = AccessRole.DUTY_PERSON, Scope(roster=DESK)


@pytest.fixture
def app(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Of the primary, who may change nothing but their own duty."""
    return of_person(app, "kari", "duty-1")


def of_person(app: Flask, name: str, person: str) -> Browser:
    link = PersonLink(DESK, person)
    return a_browser(app, a_user(database_of(app), name, DUTY_PERSON, OF_ROSTER, link))


def entries(app: Flask) -> tuple[RosterEntry, ...]:
    found = list_entries(database_of(app), DESK, EntryScope.ALL, clock.now())
    return getattr(found, "entries", ())


def pressed(page: str, act: str) -> dict[str, str]:
    """What the first button for an act sends."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', form))
        if fields.get("act") == act:
            return {name: value.replace("&#43;", "+") for name, value in fields.items()}
    raise AssertionError(f"no button for {act}")


def later_than(typed: str) -> str:
    """Half an hour later, as it is typed."""
    at = datetime.strptime(typed, TYPED).replace(tzinfo=UTC)
    return f"{at + timedelta(minutes=30):{TYPED}}"


def saved(browser: Browser, sent: dict[str, str]) -> str:
    """Both presses: the difference, then saving; returns the page afterwards."""
    told = browser.post(CHANGE, sent)
    done = browser.post(CHANGE, {**hidden(told), "step": "save"})
    assert done.status_code == 303, done.text
    return browser.get(done.headers["Location"]).text


def test_the_shift_stands_large_with_lines_and_who_is_behind(browser: Browser) -> None:
    page = browser.get("/my-duty").text
    assert "Du har vakt til" in page
    assert "Fjordhjelp:" in page
    assert "20 00 09 01" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Duty 2 (bakvakt), siste utvei" in page
    assert page.count("<tr>") > 12, "a shift for each week, and the headings"
    assert 'href="/my-duty" aria-current="page"' in page, "it stands in the navigation"


def test_who_is_ill_sees_what_it_opens_and_says_so_in_two_presses(
    app: Flask, browser: Browser
) -> None:
    put(database_of(app), EntryKind.ABSENCE, "duty-2", (-1, 0), (800, 0))
    told = browser.post(CHANGE, pressed(browser.get("/my-duty").text, "cannot")).text
    assert "Åpner hull: ingen kan ringes" in told
    page = saved(browser, pressed(browser.get("/my-duty").text, "cannot"))
    assert "Dette er lagret" in page
    assert "Duty 1 er borte fra" in page
    mine = entries(app)[-1]
    assert isinstance(mine.dated, Absence)
    assert (mine.dated.person, mine.author.name) == ("duty-1", "Kari Vik")
    assert clock.now() - mine.dated.from_ < timedelta(minutes=2), "from now on, not before"


def test_a_shift_is_given_to_the_fairest_colleague(app: Flask, browser: Browser) -> None:
    link = re.search(r'href="(/my-duty/change\?act=give[^"]*)"', browser.get("/my-duty").text)
    assert link
    form = browser.get(link[1].replace("&amp;", "&")).text
    assert "Duty 2:" in form, "with their hours"
    assert 'value="duty-1" checked' not in form
    assert 'id="field-who-2"' not in form, "never to oneself"
    sent = {**pressed(form, "give"), "who": "duty-2", "why": "Tannlege"}
    typed = {name: find_value(form, name) for name in ("since", "until")}
    told = browser.post(CHANGE, {**sent, **typed}).text
    assert "Duty 2 er hovedvakt i stedet for Duty 1" in told
    assert "Gi beskjed til Duty 2." in told, "nobody has to tell themselves"
    saved(browser, {**sent, **typed})
    [entry] = entries(app)
    assert isinstance(entry.dated, Override)
    assert (entry.dated.person, entry.dated.instead_of) == ("duty-2", "duty-1")
    assert entry.dated.note == "Tannlege"


def find_value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1].replace("&#43;", "+")


def test_a_colleagues_shift_is_taken_now_and_taken_back(app: Flask) -> None:
    browser = of_person(app, "ola", "duty-2")
    page = saved(browser, pressed(browser.get("/my-duty").text, "take"))
    assert "Duty 2 er hovedvakt i stedet for Duty 1" in page
    [entry] = entries(app)
    back = browser.post(f"/my-duty/entries/{entry.id}/withdraw")
    assert back.status_code == 303
    assert "Dette er tatt tilbake" in browser.get(back.headers["Location"]).text
    assert entries(app)[0].withdrawal
    again = browser.post(f"/my-duty/entries/{entry.id}/withdraw")
    assert again.status_code == 403, "what is taken back holds no more"


def test_coming_shifts_of_others_can_be_taken(browser: Browser) -> None:
    page = browser.get("/my-duty/take").text
    assert "Duty 2" in page
    told = browser.post(CHANGE, pressed(page, "take")).text
    assert "Duty 1 er bakvakt i stedet for Duty 2" in told


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "cannot", "who": "duty-2"},
        {"act": "give", "who": "duty-3", "instead_of": "duty-2", "role": "primary"},
        {"act": "take", "who": "duty-2", "instead_of": "", "role": "primary"},
    ],
)
def test_what_is_not_their_own_is_refused_in_words(
    app: Flask, browser: Browser, sent: dict[str, str]
) -> None:
    sent = {name: "duty-2" if value == "duty-3" else value for name, value in sent.items()}
    for step in ("check", "save"):
        no = browser.post(CHANGE, {**sent, "since": "i morgen 8", "until": "20", "step": step})
        assert no.status_code == 403
        assert "dette er ikke din egen vakt" in no.text
    assert entries(app) == ()


def test_what_somebody_else_changed_is_not_theirs_to_take_back(
    app: Flask, browser: Browser
) -> None:
    put(database_of(app), EntryKind.ABSENCE, "duty-1", (1, 0), (2, 0))
    [entry] = entries(app)
    no = browser.post(f"/my-duty/entries/{entry.id}/withdraw")
    assert no.status_code == 403
    assert "ingen endring som du selv har gjort" in no.text


def test_what_has_been_is_no_more_changed(app: Flask, browser: Browser) -> None:
    over = {"act": "cannot", "since": "1. januar 2026 kl 8", "until": "2. januar 2026 kl 8"}
    no = browser.post(CHANGE, over)
    assert no.status_code == 422
    assert "Dette er over alt" in no.text
    begun = {**over, "until": "i morgen 8", "step": "save"}
    told = browser.post(CHANGE, begun)
    assert told.status_code == 200, "told once more, from now on, before anything is saved"
    assert "1. januar 2026" not in told.text
    assert entries(app) == ()


def test_what_was_changed_meanwhile_is_shown_first(app: Flask, browser: Browser) -> None:
    told = browser.post(CHANGE, pressed(browser.get("/my-duty").text, "cannot"))
    put(database_of(app), EntryKind.ABSENCE, "duty-2", (1, 0), (2, 0))
    again = browser.post(CHANGE, {**hidden(told), "step": "save"})
    assert again.status_code == 409
    assert "Noen andre har endret vaktlisten imens" in again.text
    done = browser.post(CHANGE, {**hidden(again), "step": "save"})
    assert done.status_code == 303


def test_whoever_stands_on_no_roster_is_told_how_to_come_there(app: Flask) -> None:
    nobody = a_browser(app, a_user(database_of(app), "siri", DUTY_PERSON))
    page = nobody.get("/my-duty").text
    assert "Du står ikke på noen vaktliste" in page
    assert 'href="/my-duty" aria' not in page
    assert "ikke koblet til noen person" in nobody.get("/my-duty/take").text


def test_whoever_has_no_shift_can_still_take_one(app: Flask, browser: Browser) -> None:
    put(database_of(app), EntryKind.ABSENCE, "duty-1", (-1, 0), (800, 0))
    page = browser.get("/my-duty").text
    assert "Du har ingen vakt de neste 90 dagene" in page
    assert "Ta vakten nå" in page


def test_who_is_on_duty_reads_it_on_top_of_every_page(app: Flask, browser: Browser) -> None:
    line = r'<p class="vakt-on-duty"><a href="/my-duty">.* Du har vakt til .*kl. 08.00</a></p>'
    assert re.search(line, browser.get("/rosters").text)
    put(database_of(app), EntryKind.ABSENCE, "duty-1", (-1, 0), (800, 0))
    assert "vakt-on-duty" not in browser.get("/rosters").text
    coordinator = a_browser(app, a_user(database_of(app), "anne"))
    assert "vakt-on-duty" not in coordinator.get("/rosters").text, "who is nobody on a roster"


def test_the_calendar_address_is_made_anew_and_taken_away(app: Flask, browser: Browser) -> None:
    assert "Du har ingen adresse" in browser.get("/my-duty/calendar").text
    first, second = (made_address(browser) for _ in range(2))
    assert browser.get(first).status_code == 404, "the old one works no more"
    calendar = browser.get(second)
    assert "BEGIN:VEVENT" in calendar.text
    page = browser.get("/my-duty/calendar").text
    assert second not in page, "shown only once"
    assert "kan bruke opptil et døgn" in page
    assert browser.post("/my-duty/calendar/remove").status_code == 303
    assert browser.get(second).status_code == 404


def made_address(browser: Browser) -> str:
    made = browser.post("/my-duty/calendar")
    assert made.headers["Cache-Control"] == "no-store"
    path = re.search(r"<code>https://vakt.example.org(/ical/[^<]+)</code>", made.text)
    assert path
    assert f'href="webcal://vakt.example.org{path[1]}"' in made.text
    return path[1]


def test_the_contact_card_has_every_number_that_we_call_from(browser: Browser) -> None:
    card = browser.get("/my-duty/contact.vcf")
    assert card.content_type == "text/vcard; charset=utf-8"
    assert "FN:Vakttelefon Fjordhjelp\r\n" in card.text
    assert card.text.count("TEL;") == 2
    assert f"TEL;TYPE=WORK,VOICE:{DUTY}\r\n" in card.text


def test_the_night_is_confirmed_as_it_was_measured_or_corrected_with_a_reason(
    app: Flask, browser: Browser
) -> None:
    here = "/my-duty/call-outs"
    assert "Ingen samtaler" in browser.get(here).text
    call = critical_at_night(database_of(app), start=last_evening(clock.now()))
    call.somebody_accepts(1)
    call.steps = 25 * 60
    call.talk_ends()
    assert "Hva skjedde i natt: 1 tid å bekrefte" in browser.get("/my-duty").text
    page = browser.get(here).text
    assert "Ikke bekreftet" in page
    assert "Fjordhjelp, sak 1001" in page
    assert of_person(app, "siri", "duty-2").get(f"{here}/CA1").status_code == 404

    form = browser.get(f"{here}/CA1").text
    since, until = (re.search(rf'name="{name}".*?value="([^"]+)"', form) for name in TIMES)
    assert since
    assert until
    long = {"since": since[1], "until": later_than(until[1])}
    refused = browser.post(f"{here}/CA1", long)
    assert refused.status_code == 422
    assert "Skriv hvorfor tiden går utover den målte." in refused.text
    assert browser.post(here, {"about": "CA9"}).status_code == 404
    for _ in range(2):
        done = browser.post(here, {"about": "CA1"})
        assert "Bekreftet" in browser.get(done.headers["Location"]).text
    assert "å bekrefte" not in browser.get("/my-duty").text
    done = browser.post(f"{here}/CA1", {**long, "why": "Kjørte ut til kunden"})
    page = browser.get(done.headers["Location"]).text
    assert "Kjørte ut til kunden" in page
    assert "Målt " in page
