"""The database goes away while the duty is called about a ticket: 1 takes it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.domain.calls.call import Recorded
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.instructions import Whisper
from tests.offline.outage import Outage, an_outage, keys_said, minutes
from tests.support.call_out_steps import CALL_OUT_1, a_message_is_left, the_call_out
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
