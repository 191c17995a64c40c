"""The caller's message is played to whoever is rung about the ticket, and to nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from app import create_app
from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.answer import Answer
from app.api.v1.call_responses import call_out_transcript_of
from app.domain.hunts.events import LegAnswered, LegPressed
from app.domain.hunts.instructions import Whisper
from app.settings import WebSettings
from app.store.call_lists import find_call_out
from app.store.recording_accesses import recording_accesses_of
from app.store.recordings import save_recording
from app.store.tables import RecordingRow
from app.web.services import WebServices
from app.web.twilio.turn_response import render_answer
from tests.support.call_out_steps import CALL_OUT_1, a_message_is_left
from tests.support.sample_desk import sample_database
from tests.support.turns import take_leg_turn

SOUND = b"RIFF of twelve seconds"


@pytest.fixture
def app(migrated_url: str) -> Iterator[Flask]:
    with sample_database(migrated_url):
        app = create_app(WebSettings(secret_key="of the tests", database_url=migrated_url))
        yield app
        app.extensions["vakt"].close()


def services(app: Flask) -> WebServices:
    found = app.extensions["vakt"]
    assert isinstance(found, WebServices)
    return found


def presses_3(app: Flask) -> str:
    """Somebody who is rung in a call-out wants to hear the message; the document they get."""
    ended = a_message_is_left(services(app).database)
    answer = in_a_call_out(app, ended)
    return render_answer(services(app), answer) or ""


def heard_by(app: Flask, answer: Answer) -> str:
    return render_answer(services(app), answer) or ""


def in_a_call_out(app: Flask, ended: datetime, heard: int = 1) -> Answer:
    database, now = services(app).database, ended + timedelta(minutes=1)
    begin_due_call_outs(database, now)
    take_leg_turn(database, CALL_OUT_1, LegAnswered(1, "CA-duty"), now)
    return take_leg_turn(database, CALL_OUT_1, LegPressed(1, "3"), now, heard=heard)


def is_here(app: Flask) -> None:
    now = datetime.fromisoformat("2026-11-21T22:12:00+00:00")
    services(app).database.write(lambda c: save_recording(c, "RE-CA1", "CA1", SOUND, now))


def address_in(document: str) -> str:
    return (
        document.split("<Play>")[1]
        .split("</Play>", maxsplit=1)[0]
        .removeprefix("http://localhost:8000")
    )


def get(app: Flask, path: str) -> Any:
    return app.test_client().get(path)


def test_key_3_plays_the_message_and_notes_who_hears_it(app: Flask) -> None:
    ended = a_message_is_left(services(app).database)
    is_here(app)
    document = render_answer(services(app), in_a_call_out(app, ended)) or ""
    sound = get(app, address_in(document))

    assert (sound.status_code, sound.data) == (200, SOUND)
    assert sound.headers["Cache-Control"] == "no-store"
    with services(app).database.read() as connection:
        [heard] = recording_accesses_of(connection, "RE-CA1")
    assert (heard.who, heard.channel, heard.ticket) == ("Duty 1", "telephone", 1001)


def test_a_message_that_has_not_come_to_us_yet_is_told_of_honestly(app: Flask) -> None:
    document = presses_3(app)
    assert "<Play>" not in document
    assert "Beskjeden kan ikke spilles av ennå." in document
    assert "trykk 1" in document, "the keys follow all the same"


def test_what_is_stored_and_told_of_a_message_that_is_away_is_what_was_heard(app: Flask) -> None:
    ended = a_message_is_left(services(app).database)
    answer = in_a_call_out(app, ended)
    with services(app).database.read() as connection:
        past = find_call_out(connection, CALL_OUT_1)
    assert past
    stored = past.turns[-1].instruction
    told = [(line.word, line.what) for line in call_out_transcript_of(past).lines]

    assert isinstance(stored, Whisper)
    assert stored.plays == ""
    assert heard_by(app, replace(answer, instruction=stored)) == heard_by(app, answer)
    assert [word for word, _ in told[-3:]] == ["keys", "hears", "hears"]
    assert [what for _, what in told[-2:]] == list(stored.says)


def test_a_key_that_is_posted_twice_is_answered_the_same_when_the_message_has_come_in_between(
    app: Flask,
) -> None:
    ended = a_message_is_left(services(app).database)
    first = in_a_call_out(app, ended)
    is_here(app)
    again = in_a_call_out(app, ended)
    assert again.is_repeated
    assert heard_by(app, again) == heard_by(app, first)
    played = in_a_call_out(app, ended, heard=2)
    assert "<Play>" in heard_by(app, played), "the next key plays it"


def test_an_address_that_nobody_was_given_plays_nothing(app: Flask) -> None:
    ended = a_message_is_left(services(app).database)
    is_here(app)
    address = address_in(render_answer(services(app), in_a_call_out(app, ended)) or "")
    for wrong in (f"{address}x", address[:-4] + "AAAA", "/twilio/message/RE-CA1"):
        assert get(app, wrong).status_code == 404
    services(app).database.write(lambda c: c.execute(delete(RecordingRow)))
    assert get(app, address).status_code == 404, "it was kept its time"
    with services(app).database.read() as connection:
        assert recording_accesses_of(connection, "RE-CA1") == ()
