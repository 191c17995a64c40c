"""Who has no keys speaks before there is a ticket: the recording finds it in either order."""

from functools import partial

import pytest

from app.domain.calls.call import Recorded
from app.store import Database
from app.store.recordings import recordings_of_ticket, save_recording
from app.store.ticket_lists import ticket_events
from tests.support.sample_desk import NIGHT
from tests.support.stored_call import DrivenCall


@pytest.mark.parametrize("is_fetched_first", [True, False])
def test_a_recording_is_attached_once_whichever_comes_first(
    database: Database, is_fetched_first: bool
) -> None:
    save = partial(save_recording, sid="RE1", call_sid="CA1", media=b"RIFF", now=NIGHT)
    call = DrivenCall(database)
    call.arrives()
    call.presses("", "", "")
    if is_fetched_first:
        database.write(save)
    call.does(Recorded(8, "RE1"))
    if not is_fetched_first:
        database.write(save)

    with database.read() as connection:
        assert recordings_of_ticket(connection, 1001) == ("RE1",)
        kinds = [each.kind for each in ticket_events(connection, 1001)]
    assert kinds.count("message_left") == 1
    assert kinds.count("recording_stored") == 1
