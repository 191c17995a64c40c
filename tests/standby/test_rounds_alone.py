"""The database goes away while the duty is called about a ticket: 1 takes it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.actions.rounds import begin_due_rounds
from app.domain.call import LegAnswered, LegChanged, LegPressed, Recorded
from app.domain.decision import Whisper
from tests.a_house import a_house, later
from tests.actions.a_round import ROUND_1, a_message_is_left, the_round
from tests.standby.outage import Outage, an_outage, keys_said, minutes


@pytest.fixture
def house(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with a_house(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def test_a_round_that_rings_is_served_and_the_ticket_is_theirs_afterwards(house: Outage) -> None:
    ended = a_message_is_left(house.database)
    now = ended + minutes(1)
    begin_due_rounds(house.database, now)
    house.corridor.take_leg_turn(ROUND_1, LegChanged(1, "ringing", "CA-leg"), now)
    house.breaks()
    whisper = house.corridor.take_leg_turn(ROUND_1, LegAnswered(1, "CA-leg"), now)
    assert isinstance(whisper.script, Whisper)
    assert "whisper_nobody_has_it" in keys_said(whisper)
    taken = house.corridor.take_leg_turn(ROUND_1, LegPressed(1, "1"), now, heard=1)
    assert "whisper_you_have_it" in keys_said(taken)

    assert house.mends() == 1
    [ticket] = house.tickets
    assert (ticket.acknowledged_by, ticket.next_round_at) == ("Duty 1", None)
    assert the_round(house.database).has_ended
    assert begin_due_rounds(house.database, now + minutes(30)) == 0


def test_who_does_not_answer_meanwhile_is_followed_by_the_next_one_afterwards(
    house: Outage,
) -> None:
    now = a_message_is_left(house.database) + minutes(1)
    begin_due_rounds(house.database, now)
    house.corridor.take_leg_turn(ROUND_1, LegChanged(1, "ringing", "CA-leg"), now)
    house.breaks()
    house.corridor.take_leg_turn(ROUND_1, LegChanged(1, "no-answer", "CA-leg"), now)
    assert [leg.id for leg in the_round(house.database).ringing] == [1]

    house.mends()
    assert [leg.id for leg in the_round(house.database).ringing] == [2]


def test_a_ticket_of_the_outage_has_its_round_however_long_it_took(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    caller.presses("1")
    for _ in range(4):
        caller.nobody_answers()
    caller.does(Recorded(12, "RE1"))
    house.mends()

    hours_later: datetime = later(0) + timedelta(hours=3)
    assert begin_due_rounds(house.database, hours_later) == 1
    assert the_round(house.database).ringing
