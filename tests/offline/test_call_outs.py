"""The database goes away while the duty is called about a ticket: 1 takes it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.callouts.journal_import import import_call_out_turn
from app.actions.calls.answer import UnknownCall
from app.domain.callouts.call_out import CallOutDecision
from app.domain.calls.call import Arrived, Recorded
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.instructions import Whisper
from app.store.call_lists import find_call_out
from app.store.recordings import save_recording
from app.store.tables import CallOutRow, LegRow, TicketRow, TurnRow
from tests.offline.outage import Outage, an_outage, keys_said, minutes
from tests.support.call_out_steps import (
    CALL_OUT_1,
    CALL_OUT_2,
    a_message_is_left,
    nobody_answers,
    the_call_out,
)
from tests.support.sample_desk import later, sample_database
from tests.support.turns import take_leg_turn


@pytest.fixture
def outage(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def test_a_round_that_rings_is_served_and_the_ticket_is_theirs_afterwards(outage: Outage) -> None:
    ended = a_message_is_left(outage.database)
    now = ended + minutes(1)
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "ringing", "CA-leg"), now)
    outage.breaks()
    whisper = take_leg_turn(outage.turn_service, CALL_OUT_1, LegAnswered(1, "CA-leg"), now)
    assert isinstance(whisper.instruction, Whisper)
    assert "whisper_unacknowledged" in keys_said(whisper)
    taken = take_leg_turn(outage.turn_service, CALL_OUT_1, LegPressed(1, "1"), now, heard=1)
    assert "whisper_you_have_it" in keys_said(taken)

    assert outage.mends() == 1
    [ticket] = outage.tickets
    assert (ticket.acknowledged_by, ticket.next_call_out_at) == ("Duty 1", None)
    assert the_call_out(outage.database).has_ended
    assert begin_due_call_outs(outage.database, now + minutes(30)) == 0


def test_a_message_that_is_out_of_reach_meanwhile_is_not_told_as_played_afterwards(
    outage: Outage,
) -> None:
    now = a_message_is_left(outage.database) + minutes(1)
    outage.database.write(lambda c: save_recording(c, "RE-CA1", "CA1", b"RIFF", now))
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegAnswered(1, "CA-leg"), now)
    outage.breaks()
    heard = take_leg_turn(outage.turn_service, CALL_OUT_1, LegPressed(1, "3"), now, heard=1)
    assert keys_said(heard)[0] == "whisper_message_away"

    outage.mends()
    with outage.database.read() as connection:
        past = find_call_out(connection, CALL_OUT_1)
    assert past
    assert past.turns[-1].instruction == heard.instruction
    assert not past.turns[-1].message_is_stored
    played = take_leg_turn(outage.turn_service, CALL_OUT_1, LegPressed(1, "3"), now, heard=2)
    assert isinstance(played.instruction, Whisper)
    assert played.instruction.plays == "RE-CA1"


def test_who_does_not_answer_meanwhile_is_followed_by_the_next_one_afterwards(
    outage: Outage,
) -> None:
    now = a_message_is_left(outage.database) + minutes(1)
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "ringing", "CA-leg"), now)
    outage.breaks()
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "no-answer", "CA-leg"), now)
    assert [leg.id for leg in the_call_out(outage.database).ringing] == [1]

    outage.mends()
    assert [leg.id for leg in the_call_out(outage.database).ringing] == [2]


def test_what_one_host_kept_does_not_ring_whom_another_one_has_given_up(outage: Outage) -> None:
    now = a_message_is_left(outage.database) + minutes(1)
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "initiated", "CA-leg"), now)
    outage.breaks()
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "ringing", "CA-leg"), now)
    take_leg_turn(outage.database, CALL_OUT_1, LegChanged(1, "no-answer", "CA-leg"), now)

    outage.mends()
    call_out = the_call_out(outage.database)
    assert [leg.id for leg in call_out.ringing] == [2]
    assert [leg.id for leg in call_out.legs] == [1, 2]
    take_leg_turn(outage.database, CALL_OUT_1, LegAnswered(2, "CA-next"), now)
    take_leg_turn(outage.database, CALL_OUT_1, LegPressed(2, "1"), now, heard=1)
    [ticket] = outage.tickets
    assert ticket.acknowledged_by


def test_a_round_that_the_database_has_forgotten_keeps_its_number(outage: Outage) -> None:
    now = a_message_is_left(outage.database) + minutes(1)
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "initiated", "CA-leg"), now)
    outage.breaks()
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "ringing", "CA-leg"), now)
    outage.database.write(as_before_the_call_out)

    outage.mends()
    begin_due_call_outs(outage.database, now + minutes(1))
    assert the_call_out(outage.database).ringing, "it goes on"
    nobody_answers(outage.database, now + minutes(2))
    for minute in range(3, 9):
        begin_due_call_outs(outage.database, now + minutes(minute))
    assert the_call_out(outage.database, CALL_OUT_2).ringing, "and the next one follows it"


def as_before_the_call_out(connection: Connection) -> None:
    """A replica took over that had not got the transaction in which the call-out began."""
    for row, sid in ((CallOutRow, CallOutRow.sid), (LegRow, LegRow.call_sid)):
        connection.execute(delete(row).where(sid == CALL_OUT_1))
    connection.execute(delete(TurnRow).where(TurnRow.call_sid == CALL_OUT_1))
    connection.execute(update(TicketRow).values(call_outs_made=0))


def test_a_ticket_of_the_outage_has_its_round_however_long_it_took(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    for _ in range(4):
        caller.nobody_answers()
    caller.does(Recorded(12, "RE1"))
    outage.mends()

    hours_later: datetime = later(0) + timedelta(hours=3)
    assert begin_due_call_outs(outage.database, hours_later) == 1
    assert the_call_out(outage.database).ringing


def test_an_event_of_a_call_is_not_imported_into_a_call_out(outage: Outage) -> None:
    now = a_message_is_left(outage.database) + minutes(1)
    begin_due_call_outs(outage.database, now)
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegChanged(1, "ringing", "CA-leg"), now)
    outage.breaks()
    take_leg_turn(outage.turn_service, CALL_OUT_1, LegAnswered(1, "CA-leg"), now)
    [kept] = outage.offline.turns_of(CALL_OUT_1).turns
    assert isinstance(kept.decision, CallOutDecision)
    strange, decision = replace(kept, event=Arrived()), kept.decision

    with pytest.raises(UnknownCall):
        outage.database.write(lambda c: import_call_out_turn(c, strange, decision))
    assert outage.mends() == 1
