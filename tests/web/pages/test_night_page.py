"""By the link in their SMS whoever was told takes a ticket at night, or passes it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.callouts.call_out import call_out_sid
from app.domain.texts.gsm7 import fits_one_sms
from app.gateways.night_links import NightLinks
from app.gateways.sender import Sender
from app.store import Database
from app.store.ticket_lists import find_ticket
from app.voice_prompts import texts
from app.web.pages.assets import assets
from tests.support.call_out_steps import (
    a_message_is_left,
    accepts,
    nobody_answers,
    the_call_out,
)
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_twilio import PUBLIC, a_web, settings
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import (
    CALLER,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    ROSTER_TOML,
    folder,
    import_sample_desks,
)
from tests.support.told_sms import Conversation

MINUTE = timedelta(minutes=1)
PEOPLE = {"Duty 1": DUTY_1, "Duty 2": DUTY_2, "Caller": CALLER}
OSLO = ZoneInfo("Europe/Oslo")


@dataclass
class Night:
    """The duty is rung about ticket 1001, and both have had their SMS."""

    app: Flask
    database: Database
    network: FakeGateway
    now: datetime

    def sms_to(self, number: str) -> str:
        return next(str(each["body"]) for each in self.network.did("sms") if each["to"] == number)

    def link_of(self, number: str) -> str:
        found = re.search(rf"{PUBLIC}(/n/\S+)$", self.sms_to(number))
        assert found, self.sms_to(number)
        return found[1]

    def works(self) -> None:
        """The worker sends and rings what waits."""
        while do_next_job(self.database, cast(Sender, self.network), texts(), self.now):
            assert len(self.network.sent) < 50

    def rung_until(self, until: datetime) -> list[tuple[datetime, list[str]]]:
        """The call-outs that begin, minute by minute, and whom they ring in vain."""
        rung = []
        while (now := self.now + MINUTE) <= until:
            self.now = now
            if begin_due_call_outs(self.database, now):
                with self.database.read() as connection:
                    found = find_ticket(connection, 1001)
                assert found
                sid = call_out_sid(1001, found.call_outs_made)
                nobody_answers(self.database, now, sid)
                legs = the_call_out(self.database, sid).legs
                rung.append((now, [leg.callee.number for leg in legs]))
        return rung

    def taken_by(self) -> str | None:
        with self.database.read() as connection:
            found = find_ticket(connection, 1001)
        assert found
        return found.acknowledged_by


@pytest.fixture
def night(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Night]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        database = database_of(app)
        ended = a_message_is_left(database)
        network = FakeGateway(night_links=NightLinks("of the tests", PUBLIC))
        found = Night(app, database, network, ended + MINUTE)
        monkeypatch.setattr(clock, "now", lambda: found.now)
        assert begin_due_call_outs(database, found.now) == 1
        found.works()
        yield found


@pytest.fixture
def browser(night: Night) -> Browser:
    return a_browser(night.app)


def words(answer: TestResponse) -> str:
    """What somebody reads on it."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


def test_the_sms_leads_to_what_it_is_about_and_a_button_to_call(
    night: Night, browser: Browser
) -> None:
    answer = browser.get(night.link_of(DUTY_1))

    assert answer.status_code == 200
    assert fits_one_sms(night.sms_to(DUTY_1))
    assert words(answer).endswith(
        "Ingen har tatt saken. Kunde Skogli skule Ring +4749••••01 "
        "Jeg har den Send den videre Ring meg igjen om 15 minutter"
    )
    assert f'href="tel:{CALLER}"' in answer.text
    assert (answer.headers["Cache-Control"], "<script" in answer.text) == ("no-store", False)
    style = assets().files[assets().names["night.css"]]
    assert len(answer.data) + len(style.content) < 15_000


def test_a_previewer_that_opens_the_link_takes_nothing(night: Night, browser: Browser) -> None:
    for method in ("GET", "HEAD"):
        browser.open(night.link_of(DUTY_1), method=method)
    for door in ("take", "pass-on", "ring-again"):
        assert browser.get(f"{night.link_of(DUTY_1)}/{door}").status_code == 405

    assert night.taken_by() is None
    assert the_call_out(night.database).ringing[0].callee.number == DUTY_1


def test_whoever_has_it_by_the_page_has_it_as_if_they_had_pressed_1(
    night: Night, browser: Browser
) -> None:
    link = night.link_of(DUTY_1)
    for _ in range(2):
        assert browser.post(f"{link}/take").headers["Location"] == link
    begin_due_call_outs(night.database, night.now)
    night.works()

    assert night.taken_by() == "Duty 1"
    assert "Du har saken" in words(browser.get(link))
    assert the_call_out(night.database).has_ended
    assert night.network.did("cancel"), "the telephone stops ringing"
    assert begin_due_call_outs(night.database, night.now + 30 * MINUTE) == 0


def test_whoever_comes_second_reads_who_has_it_and_not_who_called(
    night: Night, browser: Browser
) -> None:
    browser.post(f"{night.link_of(DUTY_1)}/take")
    browser.post(f"{night.link_of(DUTY_2)}/take")
    answer = browser.get(night.link_of(DUTY_2))

    assert night.taken_by() == "Duty 1"
    assert "Duty 1 har saken" in words(answer)
    assert CALLER not in answer.text
    assert "<form" not in answer.text


def test_who_has_taken_it_by_telephone_is_told_on_the_page(night: Night, browser: Browser) -> None:
    accepts(night.database, night.now)
    assert "Du har saken" in words(browser.get(night.link_of(DUTY_1)))
    assert "Duty 1 har saken" in words(browser.get(night.link_of(DUTY_2)))


def test_passing_on_rings_the_next_and_never_the_same_person_again(
    night: Night, browser: Browser
) -> None:
    link = night.link_of(DUTY_1)
    for _ in range(2):
        assert browser.post(f"{link}/pass-on").status_code == 303
    night.works()

    call_out = the_call_out(night.database)
    assert [leg.callee.number for leg in call_out.legs] == [DUTY_1, DUTY_2]
    assert [leg.callee.number for leg in call_out.ringing] == [DUTY_2]
    assert len(night.network.did("cancel")) == 1
    assert "Du har sendt den videre" in words(browser.get(link))
    assert "Nå ringer det hos Duty 2." in words(browser.get(link))
    browser.post(f"{link}/take")
    assert night.taken_by() == "Duty 1", "they may think better of it"


def test_who_is_rung_again_in_a_quarter_is_rung_first_and_the_others_are_told(
    night: Night, browser: Browser
) -> None:
    link, other, asked_at = night.link_of(DUTY_1), night.link_of(DUTY_2), night.now
    night.network.sent.clear()
    for _ in range(2):
        assert browser.post(f"{link}/ring-again").headers["Location"] == link
    begin_due_call_outs(night.database, night.now)
    night.works()

    call_out = the_call_out(night.database)
    assert [leg.callee.number for leg in call_out.ringing] == [DUTY_2], "at once"
    assert len(night.network.did("cancel")) == 1
    told = {str(each["to"]): str(each["body"]) for each in night.network.did("sms")}
    assert DUTY_1 not in told
    assert told[DUTY_2].endswith("Kan du ta den, svar OK 1001.")
    assert all(fits_one_sms(text) for text in told.values())
    page = words(browser.get(link))
    assert "Vi ringer deg igjen" in page
    assert "Ring meg igjen" not in page
    assert "Duty 1 har bedt om å bli ringt igjen" in words(browser.get(other))
    at = f"{(asked_at + 15 * MINUTE).astimezone(OSLO):%H.%M}"
    assert at in page
    assert at in told[DUTY_2]
    nobody_answers(night.database, night.now)
    rung = night.rung_until(asked_at + 16 * MINUTE)
    assert [(at - asked_at) // MINUTE for at, _ in rung] == [5, 10, 15]
    assert rung[0][1] == rung[1][1] == [DUTY_2, LAST_RESORT]
    assert rung[2][1][0] == DUTY_1, "first of all"
    assert "Ring meg igjen" not in words(browser.get(link)), "once is enough"


def test_whoever_passes_it_on_in_their_pause_is_not_waited_for(
    night: Night, browser: Browser
) -> None:
    link, asked_at = night.link_of(DUTY_1), night.now
    browser.post(f"{link}/ring-again")
    nobody_answers(night.database, night.now)
    night.works()
    talk = Conversation(night.database, PEOPLE, now=asked_at + MINUTE)
    answers = talk.writes("Duty 1", "OVER 1001")
    assert any("Neste som ringes, er Duty 2." in each for each in answers)
    [(at, rung)] = night.rung_until(asked_at + 6 * MINUTE)
    assert at == asked_at + 5 * MINUTE
    assert rung[0] == DUTY_2
    assert DUTY_1 in rung


def test_a_case_that_waits_for_one_can_be_taken_by_another(night: Night, browser: Browser) -> None:
    link, other = night.link_of(DUTY_1), night.link_of(DUTY_2)
    browser.post(f"{other}/ring-again")
    assert "Vi ringer deg igjen" in words(browser.get(other))
    assert "Duty 2 har bedt om å bli ringt igjen" in words(browser.get(link))
    assert "Nå ringer det hos Duty 1." in words(browser.get(other)), "whoever rings is not stopped"
    browser.post(f"{link}/take")
    browser.post(f"{other}/ring-again")
    assert night.taken_by() == "Duty 1"
    assert "Duty 1 har saken" in words(browser.get(other))


def test_that_nobody_has_it_is_not_sent_once_somebody_has(night: Night, browser: Browser) -> None:
    link, other = night.link_of(DUTY_1), night.link_of(DUTY_2)
    night.network.sent.clear()
    browser.post(f"{link}/ring-again")
    browser.post(f"{other}/take")
    night.works()
    assert not [each for each in night.network.did("sms") if "Ingen har sak" in str(each["body"])]


def test_who_is_not_rung_can_pass_nothing_on(night: Night, browser: Browser) -> None:
    link = night.link_of(DUTY_2)
    assert "Send den videre" not in words(browser.get(link))
    browser.post(f"{link}/pass-on")

    assert [leg.callee.number for leg in the_call_out(night.database).ringing] == [DUTY_1]


def test_after_two_hours_the_link_is_over_and_says_which_number_to_call(
    night: Night, browser: Browser
) -> None:
    link = night.link_of(DUTY_1)
    night.now += timedelta(hours=2)
    for answer in (
        browser.get(link),
        browser.post(f"{link}/take"),
        browser.post(f"{link}/pass-on"),
        browser.post(f"{link}/ring-again"),
    ):
        assert answer.status_code == 410
        assert "Ring Fjordhjelp, 20 00 09 02" in words(answer)
        assert CALLER not in answer.text
    assert night.taken_by() is None


def test_a_forged_link_opens_nothing(night: Night, browser: Browser) -> None:
    mine, other = night.link_of(DUTY_1), night.link_of(DUTY_2)
    number, signature = mine.removeprefix("/n/").split(".")
    borrowed = other.partition(".")[2]
    strange = (f"{number}.{borrowed}", f"{number}.", number, f"٣.{signature}", f"{10**30}.a", "x")
    for token in strange:
        assert browser.get(f"/n/{token}").status_code == 404, token
        assert browser.post(f"/n/{token}/take").status_code == 404, token
    assert night.taken_by() is None


def test_who_has_left_the_roster_meanwhile_takes_nothing(night: Night, browser: Browser) -> None:
    link = night.link_of(DUTY_2)
    without = folder(roster=ROSTER_TOML.replace("duty-2", "duty-3"))
    import_sample_desks(night.database, without)

    assert browser.post(f"{link}/take").status_code == 303
    assert browser.get(link).status_code == 410
    assert night.taken_by() is None


def test_a_desk_without_the_night_page_sends_no_link(night: Night) -> None:
    without = DESK_TOML.replace("[duty]", "[duty]\nnight_page = false")
    import_sample_desks(night.database, folder(desk=without))
    nobody_answers(night.database, night.now + MINUTE)
    night.network.sent.clear()
    begin_due_call_outs(night.database, night.now + 2 * MINUTE)
    night.now += 6 * MINUTE
    begin_due_call_outs(night.database, night.now)
    night.works()

    assert "/n/" not in night.sms_to(DUTY_1)
