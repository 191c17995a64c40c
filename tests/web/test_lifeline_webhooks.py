"""When something inside has failed: every caller is still answered, and 1 still connects."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from sqlalchemy import make_url

from app import clock
from app.store.call_lists import find_call
from app.store.ticket_lists import list_tickets
from app.web.services import EXTENSION
from tests.support.fake_twilio import CALL, PUBLIC, FakeTwilio, fake_twilio, said, settings, tags
from tests.support.sample_desk import DUTY, DUTY_1, LAST_RESORT, SUPPORT

GIVES_UP = 15  # seconds: the network waits no longer for an answer
AGAIN = "#rc=2&rp=ct,rt,5xx"  # every door is asked again when it fails
NOWHERE = "postgresql+psycopg://postgres@127.0.0.1:1/vakt"


@pytest.fixture(scope="module")
def written_once(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folder of an installation in which a web process has seen the desks, and its database."""
    folder = tmp_path_factory.mktemp("written")
    file = folder / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    services = settings(f"sqlite:///{file}", folder)
    with fake_twilio(services):
        pass
    with fake_twilio(services, moved_in=False):
        return services.vakt_lifeline, file


@pytest.fixture
def written(written_once: tuple[Path, Path], migrated_sqlite_url: str, tmp_path: Path) -> Path:
    """The lifeline's file, as a web process that saw the desks has written it."""
    lifeline, file = written_once
    database = make_url(migrated_sqlite_url).database
    assert database
    shutil.copyfile(file, database)
    return Path(shutil.copyfile(lifeline, settings(migrated_sqlite_url, tmp_path).vakt_lifeline))


@pytest.fixture
def network(written: Path, tmp_path: Path) -> Iterator[FakeTwilio]:
    """A web process whose database is away."""
    with fake_twilio(settings(NOWHERE, tmp_path), moved_in=False) as network:
        yield network


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else writes to the database for as long as this lasts."""
    file = make_url(url).database
    assert file
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("line", [SUPPORT, DUTY])
@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/turn/1"])
def test_without_the_database_the_caller_is_put_through_to_the_last_resort(
    network: FakeTwilio, line: str, path: str
) -> None:
    answer = network.hears(path, To=line, Digits="1")

    assert said(answer).startswith("Beklager")
    dial = answer.find("Dial")
    assert dial is not None
    assert dial.find("Number").text == LAST_RESORT  # type: ignore[union-attr]
    assert dial.get("callerId") == line
    assert dial.get("timeLimit")
    assert dial.get("action") == f"{PUBLIC}/twilio/lifeline/ring/1{AGAIN}"


def test_the_last_resort_is_connected_by_1_only(network: FakeTwilio) -> None:
    number = network.arrives().find("Dial/Number")
    assert number is not None
    whisper_address = number.get("url", "")
    assert LAST_RESORT[1:] not in whisper_address

    whisper = network.hears(
        whisper_address.removeprefix(PUBLIC).removesuffix(AGAIN), **network.of_leg(1)
    )

    assert "Fjordhjelp" in said(whisper)
    assert tags(whisper) == ["Gather", "Hangup"]
    key = whisper[0].get("action", "").removeprefix(PUBLIC).removesuffix(AGAIN)
    assert tags(network.hears(key, **network.of_leg(1, Digits="1"))) == []
    assert tags(network.hears(key, **network.of_leg(1, Digits="2"))) == ["Hangup"]
    assert tags(network.hears(key, **network.of_leg(1))) == ["Hangup"]
    assert tags(network.hears(key, **network.of_leg(1, Digits="*"))) == ["Gather", "Hangup"]


def test_after_the_last_resort_the_caller_hears_an_honest_sentence(network: FakeTwilio) -> None:
    after = network.hears(
        "/twilio/lifeline/ring/1", DialCallStatus="completed", DialBridged="false"
    )

    assert tags(after) == ["Say", "Record", "Hangup"]
    assert "ingen" in said(after)
    assert after.find("Record").get("action") == f"{PUBLIC}/twilio/lifeline/message{AGAIN}"  # type: ignore[union-attr]


def test_after_a_talk_the_lifeline_ends_the_call(network: FakeTwilio) -> None:
    after = network.hears("/twilio/lifeline/ring/1", DialCallStatus="completed", DialBridged="true")

    assert tags(after) == ["Hangup"]


def test_a_line_that_nobody_knows_gets_an_honest_sentence(network: FakeTwilio) -> None:
    answer = network.arrives(To="+4720000999")

    assert tags(answer) == ["Say", "Say", "Hangup"]


def test_without_any_file_the_caller_still_hears_a_sentence(tmp_path: Path) -> None:
    with fake_twilio(settings(NOWHERE, tmp_path), moved_in=False) as network:
        assert tags(network.arrives()) == ["Say", "Say", "Hangup"]


def test_the_fallback_door_answers_the_lifeline_also_when_all_is_well(
    migrated_sqlite_url: str, written: Path, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path), moved_in=False) as network:
        answer = network.hears(
            "/twilio/voice/fallback",
            ErrorCode="11200",
            ErrorUrl=f"{PUBLIC}/twilio/voice/turn/2?x=1",
        )

    assert "Dial" in tags(answer)


def test_the_fallback_door_gives_an_answer_that_was_lost_once_more(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.arrives()
        rings = network.does(1, Digits="1")
        lost = {"ErrorCode": "11205", "ErrorUrl": f"{PUBLIC}/twilio/voice/turn/1"}
        again = network.hears("/twilio/voice/fallback", **lost)
        unplayable = network.hears("/twilio/voice/fallback", **{**lost, "ErrorCode": "12100"})

    assert tostring(again) == tostring(rings)
    assert "Beklager" in said(unplayable)


def test_a_message_left_with_the_lifeline_becomes_a_case(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        services = network.client.application.extensions[EXTENSION]
        services.offline_sync.refresher.refresh(clock.now())
        left = {"RecordingSid": "RE1", "RecordingDuration": "7", "RecordingUrl": "x"}
        thanks = [network.hears("/twilio/lifeline/message", **left) for _ in range(2)]
        database = network.client.application.extensions[EXTENSION].database
        with database.read() as connection:
            [ticket] = list_tickets(connection)
            call = find_call(connection, CALL)

    assert [tags(each) for each in thanks] == [["Say", "Hangup"]] * 2
    assert ticket.priority == "critical", "on the duty line, at night"
    assert call
    assert call.line.outcome == "message"


@pytest.mark.parametrize("address", ["", "http://[", "\x00", "x" * 5000])
def test_the_fallback_door_takes_any_description_of_the_failure(
    network: FakeTwilio, address: str
) -> None:
    answer = network.hears("/twilio/voice/fallback", ErrorCode="æ" * 99, ErrorUrl=address)

    assert "Dial" in tags(answer)


def test_an_acceptance_that_cannot_be_stored_is_bridged_all_the_same(network: FakeTwilio) -> None:
    hunted = network.leg(1, "key/1", Digits="1")
    placed = network.leg(1, "key/1", Digits="1", Direction="outbound-api")
    passed = network.leg(1, "key/1", Digits="2")

    assert tags(hunted) == []
    assert placed.find("Dial/Queue").text == CALL  # type: ignore[union-attr]
    assert tags(passed) == ["Hangup"]


def test_a_whisper_that_knows_nothing_still_asks_for_1(network: FakeTwilio) -> None:
    whisper = network.leg(1, "whisper")

    assert tags(whisper) == ["Gather", "Hangup"]
    assert "Fjordhjelp" in said(whisper)
    assert whisper[0].get("action") == f"{PUBLIC}/twilio/leg/{CALL}/1/key{AGAIN}"


@pytest.mark.parametrize("door", ["whisper", "key/1"])
def test_in_a_round_of_which_nothing_is_known_nobody_is_connected_with_nobody(
    network: FakeTwilio, door: str
) -> None:
    leg = {"From": DUTY, "To": DUTY_1, "Direction": "outbound-api", "Digits": "1"}
    answer = network.hears(f"/twilio/leg/call-out-1001-1/1/{door}", **leg)
    assert tags(answer) == ["Say", "Hangup"]
    assert "vi kan ikke ta imot tasten din" in said(answer)


def test_the_queue_is_left_after_a_minute_of_knowing_nothing(network: FakeTwilio) -> None:
    assert tags(network.hears("/twilio/wait/1", QueueTime="20")) == ["Play"]
    assert tags(network.hears("/twilio/wait/1", QueueTime="61")) == ["Leave"]


@pytest.mark.parametrize("path", ["/twilio/status", "/twilio/sms"])
def test_what_cannot_be_answered_is_asked_to_come_again(network: FakeTwilio, path: str) -> None:
    response = network.post(path, CallStatus="completed", MessageSid="SM1")

    assert response.status_code == 503
    assert "Retry-After" in response.headers


def test_what_is_told_of_a_recording_is_kept(network: FakeTwilio) -> None:
    told = network.post("/twilio/recording", RecordingSid="RE1", RecordingStatus="completed")
    services = network.client.application.extensions[EXTENSION]

    assert told.status_code == 204
    [kept] = services.turn_service.offline.stored_callbacks()
    assert (kept.kind, kept.facts["recording"]) == ("recording", "RE1")


def test_a_database_that_is_held_does_not_hold_the_caller_and_then_calls_go_on(
    migrated_sqlite_url: str, written: Path, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path), moved_in=False) as network:
        network.arrives()
        started = time.monotonic()
        with held(migrated_sqlite_url):
            rings = network.does(1, Digits="1")
        took = time.monotonic() - started
        again = network.does(1, Digits="1")

    assert rings.find("Dial/Number").text == DUTY_1  # type: ignore[union-attr]
    assert "SMS" in said(rings), "the number comes when the database is back"
    assert tags(again) == tags(rings)
    assert took < GIVES_UP


def test_a_server_that_takes_connections_and_says_nothing_does_not_hold_the_caller(
    written: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://postgres@127.0.0.1:{silent.getsockname()[1]}/vakt"
        with fake_twilio(settings(url, tmp_path), moved_in=False) as network:
            started = time.monotonic()
            put_through = network.arrives()
            took = time.monotonic() - started

    assert "Dial" in tags(put_through)
    assert took < GIVES_UP


def test_a_connection_that_hangs_is_cut_and_the_turn_is_taken_on_another_one(
    migrated_postgresql_url: str, tmp_path: Path
) -> None:
    with fake_twilio(settings(migrated_postgresql_url, tmp_path)) as network:
        services = network.client.application.extensions[EXTENSION]
        network.arrives()
        with services.database.read() as connection:
            backend = connection.connection.driver_connection.info.backend_pid
        services.watch.seconds = 0.5
        os.kill(backend, signal.SIGSTOP)
        try:
            rings = network.does(1, Digits="1")
        finally:
            os.kill(backend, signal.SIGCONT)

    assert rings.find("Dial/Number").text == DUTY_1  # type: ignore[union-attr]


def test_readiness_tells_that_the_database_is_away_and_figures_still_come(
    network: FakeTwilio,
) -> None:
    ready = network.client.get("/readyz")
    figures = network.client.get("/metrics")

    assert (ready.status_code, ready.get_json()["database"]) == (503, "away")
    assert network.client.get("/healthz").status_code == 200
    assert "vakt_database_up 0.0" in figures.text
    assert "vakt_lifeline_answers_total" in figures.text
