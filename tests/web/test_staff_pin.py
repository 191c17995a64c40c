"""A PIN over HTTP: it opens the menu, and its digits are stored and logged nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.actions.access.pins import set_pin
from app.actions.desks.import_desks import import_desks
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.store.recordings import save_recording
from app.store.tables import RecordingAccessRow
from app.web.services import EXTENSION
from tests.support.call_out_steps import a_message_is_left
from tests.support.fake_twilio import FakeTwilio, fake_twilio, settings
from tests.support.sample_desk import DESK, DESK_TOML, DUTY_1, NIGHT, edit, folder

PIN, WRONG, NUMBER = "729418", "617283", "9001"
# Only where there are two is the customer's number asked for.
EXTRA = """
[agreements.extra]
name = "Extra"
telephone = false
includes_duty = true
"""


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.caller = DUTY_1
        yield network


def to_the_prompt(network: FakeTwilio) -> str:
    network.arrives()
    [gather] = network.does(1, Digits="7").iter("Gather")
    return str(gather.get("action")).partition("#")[0].partition("/twilio")[2]


def said(network: FakeTwilio, path: str, digits: str) -> str:
    document = network.hears(f"/twilio{path}", Digits=digits, FinishedOnKey="#")
    return " ".join("".join(each.itertext()) for each in document.iter("Say"))


def test_the_menu_opens_and_no_digit_is_left_anywhere(
    network: FakeTwilio,
    migrated_sqlite_url: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    services = network.client.application.extensions[EXTENSION]
    by = Author(command_line("me"), clock.now())
    set_pin(services.database, PersonLink(DESK, "duty-1"), PIN, by)
    path = to_the_prompt(network)
    assert path.endswith("/voice/turn/2?secret=1")
    assert "stemmer ikke" in said(network, path, WRONG)
    menu = said(network, path.replace("turn/2", "turn/3"), PIN)
    assert "har vakt" in menu
    assert "stemmer ikke" in said(network, path, WRONG), "asked again by the network: not counted"
    file = Path(migrated_sqlite_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        dump = "\n".join(connection.iterdump())
    assert "pin_entered" in dump
    left = [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]
    for secret in (PIN, WRONG):
        assert secret not in dump
        assert all(secret.encode() not in each for each in left), "checkpoints, journals, logs"
    printed = capfd.readouterr()
    assert PIN not in printed.out + printed.err


def test_while_the_database_is_away_the_call_goes_on_and_no_digit_is_journaled(
    network: FakeTwilio, tmp_path: Path
) -> None:
    services = network.client.application.extensions[EXTENSION]
    path = to_the_prompt(network)
    services.turn_service.breaker.trip(clock.now())
    assert "virker ikke akkurat nå" in said(network, path, PIN)
    for each in tmp_path.rglob("*"):
        assert not each.is_file() or PIN.encode() not in each.read_bytes(), each


def test_digits_after_the_prompt_are_stored_only_where_they_are_a_customers_number(
    network: FakeTwilio, migrated_sqlite_url: str, tmp_path: Path
) -> None:
    services = network.client.application.extensions[EXTENSION]
    import_desks(services.database, (folder(desk=DESK_TOML + EXTRA),), edit())
    path = to_the_prompt(network)
    for turn in (2, 3, 4):
        assert said(network, path.replace("turn/2", f"turn/{turn}"), "")
    [gather] = network.does(5, Digits="2").iter("Gather")
    assert str(gather.get("action")).partition("#")[0].endswith("/voice/turn/6?secret=1")
    assert "kundenummer" in said(network, path.replace("turn/2", "turn/6"), PIN).lower()
    taken = said(network, path.replace("turn/2", "turn/7"), NUMBER)
    assert "trykk 1" in taken
    with sqlite3.connect(Path(migrated_sqlite_url.removeprefix("sqlite:///"))) as connection:
        dump = "\n".join(connection.iterdump())
    assert PIN not in dump
    assert f'"digits":"{NUMBER}"' in dump.replace(" ", "").replace('""', '"')
    for each in tmp_path.rglob("*"):
        assert not each.is_file() or PIN.encode() not in each.read_bytes(), each


def test_a_digit_alone_is_no_key_of_the_prompt_and_is_not_stored(
    network: FakeTwilio, migrated_sqlite_url: str
) -> None:
    assert "stemmer ikke" in said(network, to_the_prompt(network), "3")
    with sqlite3.connect(Path(migrated_sqlite_url.removeprefix("sqlite:///"))) as connection:
        events = [row[0] for row in connection.execute("SELECT event FROM turns")]
    assert any("pin_entered" in each for each in events)
    assert not any('"3"' in each for each in events)


def test_who_has_no_pin_hears_the_same(network: FakeTwilio) -> None:
    assert "stemmer ikke" in said(network, to_the_prompt(network), WRONG)


def test_what_a_caller_said_is_played_and_who_heard_it_is_noted(network: FakeTwilio) -> None:
    database = network.client.application.extensions[EXTENSION].database
    a_message_is_left(database, "CB1")
    spoken = {"sid": "RE1", "call_sid": "CB1", "media": b"RIFFwav", "now": NIGHT}
    database.write(partial(save_recording, **spoken))
    by = Author(command_line("me"), clock.now())
    set_pin(database, PersonLink(DESK, "duty-1"), PIN, by)
    said(network, to_the_prompt(network), PIN)
    network.does(3, Digits="1")
    [play] = network.does(4, Digits="3").iter("Play")
    address = str(play.text).partition("/twilio")[2]
    heard = network.client.get(f"/twilio{address}")
    assert heard.data == b"RIFFwav"
    with database.read() as connection:
        [access] = connection.execute(select(RecordingAccessRow.who)).all()
    assert access.who == "Duty 1"
