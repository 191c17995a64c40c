"""What a caller said is given to those who may hear it, and that they heard it is noted."""

from functools import partial

import pytest

from app.domain.calls.call import Recorded
from app.store import Database
from app.store.recording_accesses import RecordingAccess, recording_accesses_of
from app.store.recordings import save_recording
from tests.api.v1.api_client import Api
from tests.support.sample_desk import DESK, SUPPORT, later
from tests.support.stored_call import DrivenCall


def a_message(database: Database) -> int:
    call = DrivenCall(database, "CA1", SUPPORT)
    call.arrives()
    call.presses("2")
    call.does(Recorded(12, "RE1"))
    database.write(
        partial(save_recording, sid="RE1", call_sid="CA1", media=b"RIFFwav", now=later(9))
    )
    ticket = call.stored.ticket
    assert ticket
    assert ticket.number
    return ticket.number


def heard(database: Database) -> tuple[RecordingAccess, ...]:
    with database.read() as connection:
        return recording_accesses_of(connection, "RE1")


def test_who_hears_a_recording_is_noted_with_name_and_ticket(api: Api) -> None:
    ticket = a_message(api.database)
    [line] = api.get(f"/tickets/{ticket}/recordings").get_json()
    assert heard(api.database) == ()

    answer = api.get(f"/recordings/{line['sid']}")

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"RIFFwav", "audio/wav")
    [note] = heard(api.database)
    assert (note.who, note.channel, note.ticket) == ("a program", "api", ticket)


def test_its_own_desks_token_may_hear_it(sqlite_api: Api) -> None:
    a_message(sqlite_api.database)
    assert sqlite_api.with_token(DESK).get("/recordings/RE1").status_code == 200


@pytest.mark.parametrize("sid", ["RE1", "RE2", "R%00E", "x" * 99])
def test_another_desks_token_learns_nothing_and_nothing_is_noted(sqlite_api: Api, sid: str) -> None:
    ticket = a_message(sqlite_api.database)
    other = sqlite_api.with_token("another")
    answer = other.get(f"/recordings/{sid}")
    assert answer.status_code == 404
    assert answer.get_json() == other.get("/recordings/none").get_json()
    assert other.get(f"/tickets/{ticket}/recordings").status_code == 404
    assert heard(sqlite_api.database) == ()
