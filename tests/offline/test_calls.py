"""The database is away: callers notice nothing but that no ticket number is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select

from app.actions.calls.answer import UnknownCall
from app.actions.calls.journal_import import import_call
from app.actions.messages.take_sms import take_recording
from app.domain.calls.call import CallOutcome, Recorded
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Bridge, Listen, Ring
from app.store import Database, DatabaseUnavailable
from app.store.tables import JobKind, JobRow
from tests.offline.outage import Outage, an_outage, keys_said
from tests.support.sample_desk import (
    CALLER,
    DUTY_1,
    DUTY_2,
    SUPPORT,
    SWITCHBOARD,
    later,
    press,
    sample_database,
)

T = TypeVar("T")


@pytest.fixture
def outage(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def test_a_critical_call_at_night_reaches_the_duty_and_its_ticket_comes_later(
    outage: Outage,
) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    rings = caller.presses("1")

    assert isinstance(rings.instruction, Ring)
    assert [callee.number for callee in rings.instruction.callees] == [DUTY_1]
    assert keys_said(rings)[:1] == ["ticket_by_sms"], "no number is said"
    assert "whisper_ticket" not in keys_said(caller.hears_whisper(1))
    assert isinstance(caller.somebody_accepts(1).instruction, Bridge)
    caller.talk_ends()
    caller.hangs_up()
    assert outage.tickets == ()

    assert outage.mends() == 1
    [ticket] = outage.tickets
    assert (ticket.number, ticket.acknowledged_by, ticket.customer) == (1001, "Duty 1", "9001")
    past = outage.stored()
    assert past.line.outcome is CallOutcome.CONNECTED
    assert [leg.outcome for leg in past.legs] == [LegOutcome.ACCEPTED]
    assert {(n.to_caller, n.person) for n in past.notifications} == {
        (True, None),
        (False, "duty-1"),
        (False, "duty-2"),
    }
    assert outage.mends() == 0, "nothing waits any more"
    assert len(outage.tickets) == 1


@dataclass
class SlowToBegin:
    """A database whose next transaction begins only after something else has happened."""

    database: Database
    meanwhile: Callable[[], object]

    def write(self, work: Callable[[Connection], T]) -> T:
        self.meanwhile()
        return self.database.write(work)


def test_a_key_pressed_while_the_import_waits_for_the_database_belongs_to_it(
    outage: Outage,
) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    database = SlowToBegin(outage.database, lambda: caller.somebody_accepts(1))
    assert import_call(database, outage.offline, "CA1")

    [ticket] = outage.tickets
    assert ticket.acknowledged_by == "Duty 1", "nobody is told by SMS that it is not acknowledged"
    assert outage.offline.waiting_calls() == ()


def test_everybody_is_tried_in_order_and_the_message_is_kept(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    rings = [caller.presses("1"), *(caller.nobody_answers() for _ in range(3))]
    assert [
        ring.instruction.callees[0].number for ring in rings if isinstance(ring.instruction, Ring)
    ][::2] == [DUTY_1, DUTY_2]
    assert isinstance(caller.nobody_answers().instruction, Listen)
    end = caller.does(Recorded(7, "RE1"))
    assert keys_said(end) == ["message_taken", "follows_offline"]

    outage.mends()
    past = outage.stored()
    assert past.line.outcome is CallOutcome.MESSAGE
    assert [leg.outcome for leg in past.legs] == [LegOutcome.NO_ANSWER] * 4
    assert len(outage.tickets) == 1


def test_of_a_message_without_a_word_nothing_is_fetched(outage: Outage) -> None:
    """The network keeps no recording of silence: whoever asked for it would ask for hours."""
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    for _ in range(4):
        caller.nobody_answers()
    assert keys_said(caller.does(Recorded(0, "RE1")))[0] == "message_not_heard"
    outage.mends()
    outage.stored()
    with outage.database.read() as connection:
        kinds = connection.execute(select(JobRow.kind)).scalars().all()
    assert JobKind.RECORDING_FETCH not in kinds


def test_a_message_in_which_nobody_was_heard_is_fetched_all_the_same(outage: Outage) -> None:
    """What measured it may be wrong; the network told of it before the call was here."""
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    for _ in range(3):
        answer = caller.presses("")
    assert isinstance(answer.instruction, Listen)
    caller.does(Recorded(11, "RE1", sound=0.0))
    take_recording(outage.database, "CA1", "RE1", "completed", later(60))  # it is back
    outage.mends()
    outage.stored()
    with outage.database.read() as connection:
        fetch = select(JobRow.dedup).where(JobRow.kind == JobKind.RECORDING_FETCH)
        assert connection.execute(fetch).scalars().all() == ["recording:RE1"]


def test_a_caller_who_gets_no_sms_is_told_that_the_case_is_registered(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call(caller=SWITCHBOARD)
    caller.arrives()
    assert keys_said(caller.presses("1"))[0] == "ticket_registered"


def test_a_customer_is_known_without_the_database(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call(line=SUPPORT)
    caller.arrives()
    answer = caller.presses("2")
    assert (answer.held.customer, answer.held.agreement) == ("9001", "standard")


def test_a_call_that_began_with_the_database_goes_on_without_it(outage: Outage) -> None:
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    assert len(outage.tickets) == 1

    outage.breaks()
    whisper = caller.hears_whisper(1)
    assert ("ticket", 1001) in [value for said in whisper.instruction.says for value in said.values]
    assert isinstance(caller.somebody_accepts(1).instruction, Bridge)
    caller.talk_ends()
    caller.hangs_up()

    outage.mends()
    [ticket] = outage.tickets
    assert (ticket.number, ticket.acknowledged_by) == (1001, "Duty 1")
    assert outage.stored().line.outcome is CallOutcome.CONNECTED


def test_a_call_that_began_without_the_database_goes_on_in_it(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")

    outage.is_away = False
    outage.breaker.close()
    assert isinstance(caller.somebody_accepts(1).instruction, Bridge)
    [ticket] = outage.tickets
    assert ticket.acknowledged_by == "Duty 1"
    assert not outage.offline.is_waiting("CA1")
    caller.talk_ends()
    caller.hangs_up()
    assert outage.mends() == 0
    assert outage.stored().line.outcome is CallOutcome.CONNECTED


def test_a_database_that_comes_and_goes_leaves_one_ticket(outage: Outage) -> None:
    caller = outage.call()
    caller.arrives()
    outage.breaks()
    caller.presses("1")
    outage.is_away = False
    caller.nobody_answers()
    outage.breaks()
    caller.nobody_answers()
    outage.is_away = False
    outage.breaker.close()
    caller.somebody_accepts(3)
    outage.breaks()
    caller.talk_ends()
    caller.hangs_up()

    outage.mends()
    [ticket] = outage.tickets
    assert ticket.acknowledged_by == "Duty 2"
    outcomes = [leg.outcome for leg in outage.stored().legs]
    assert outcomes == [LegOutcome.NO_ANSWER, LegOutcome.NO_ANSWER, LegOutcome.ACCEPTED]


def test_repeated_and_late_turns_get_the_answer_that_was_given(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    first = caller.arrives()
    assert caller.arrives().instruction == first.instruction
    rings = caller.presses("1")
    again = caller.does(press("1"), turn=1)
    assert (again.instruction, again.is_repeated) == (rings.instruction, True)
    with pytest.raises(UnknownCall):  # then the doors let the call begin anew
        caller.does(press("1"), turn=7)

    outage.mends()
    assert len(outage.tickets) == 1
    keys = [(turn.leg, turn.key) for turn in outage.stored().turns]
    assert len(keys) == len(set(keys))


def test_the_turn_whose_answer_was_lost_with_the_database_is_answered_again(
    outage: Outage,
) -> None:
    caller = outage.call()
    caller.arrives()
    rings = caller.presses("1")
    outage.breaks()
    assert caller.does(press("1"), turn=1).instruction == rings.instruction
    outage.mends()
    assert len(outage.tickets) == 1


def test_calls_of_a_number_that_nobody_has_are_answered_too(outage: Outage) -> None:
    outage.breaks()
    assert keys_said(outage.call(line="+4720000999").arrives()) == ["unknown_line"]
    assert outage.mends() == 1


def test_withheld_and_known_callers_at_once_make_a_ticket_each(outage: Outage) -> None:
    outage.breaks()
    for count, who in enumerate((CALLER, "", SWITCHBOARD)):
        caller = outage.call(f"CA{count}", caller=who)
        caller.arrives()
        caller.presses("1")
        caller.hangs_up()
    assert outage.mends() == 3
    assert sorted(ticket.call_sid or "" for ticket in outage.tickets) == ["CA0", "CA1", "CA2"]


def test_nobody_who_accepts_is_hung_up_on_for_a_call_of_which_there_is_no_word(
    outage: Outage,
) -> None:
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    outage.breaks()
    for place in outage.offline.storage_dirs:
        for file in place.glob("checkpoints/*"):
            file.unlink()
    with pytest.raises(DatabaseUnavailable):  # then the lifeline connects the two
        caller.somebody_accepts(1)


def test_a_call_of_which_only_the_database_knows_is_asked_of_it_though_it_rests(
    outage: Outage,
) -> None:
    unknown_line = outage.call(line="+4720000999")  # over at once: nothing is left of it here
    unknown_line.arrives()
    outage.breaker.trip(unknown_line.now)

    gone = unknown_line.hangs_up()

    assert gone is not None, "it is not refused, and the network is told no fault"
    assert outage.stored().line.outcome is CallOutcome.INFORMED
