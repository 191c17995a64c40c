"""A turn is taken once: what is stored, what is said again, and what changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.actions.calls.answer import UnknownCall
from app.domain.calls.call import CallOutcome, Recorded, RingEnded, Step
from app.domain.calls.decide import decide
from app.domain.desks.desk import Priority
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Ask, Bridge, End, Listen, Ring, Silent, Whisper
from app.domain.hunts.world import World
from app.domain.numbers import NOBODY
from app.store import Database
from app.store.call_lists import StoredCall, find_call
from app.store.desks import find_desk
from app.store.tables import JobKind, JobRow, TicketRow
from app.store.ticket_lists import find_ticket, list_tickets, ticket_events
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_1_HOME,
    DUTY_2,
    NIGHT,
    STRANGER,
    later,
    number,
    press,
)
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn


def test_a_critical_caller_at_night_gets_a_ticket_and_the_duty_rings(database: Database) -> None:
    call = DrivenCall(database)
    assert isinstance(call.arrives().instruction, Ask)
    answer = call.presses("1")
    assert isinstance(answer.instruction, Ring)
    assert [callee.number for callee in answer.instruction.callees] == [DUTY_1]
    with database.read() as connection:
        (ticket,) = list_tickets(connection)
    assert (ticket.number, ticket.desk, ticket.call_sid) == (1001, DESK, "CA1")
    assert (ticket.priority, ticket.customer, ticket.contact.number.digits) == (
        Priority.CRITICAL,
        "9001",
        CALLER,
    )
    assert ("ticket", 1001) in {
        value for message in answer.instruction.says for value in message.values
    }


def test_the_ticket_number_is_in_every_sms(database: Database) -> None:
    critical_at_night(database)
    with database.read() as connection:
        payloads = connection.execute(
            select(JobRow.payload).where(JobRow.kind == JobKind.SMS)
        ).scalars()
        assert all('["ticket",1001]' in payload for payload in payloads)
        assert _count(database, "outbox") == 3  # the caller, and each of the two on duty


def test_a_repeated_turn_gets_the_same_answer_and_changes_nothing(database: Database) -> None:
    call = critical_at_night(database)
    before = _everything(database)
    first = answer_call(database, "CA1", DUTY, number(), later(50))
    again = take_turn(database, "CA1", 1, press("1"), later(60))
    assert first.is_repeated
    assert isinstance(first.instruction, Ask)
    assert again.is_repeated
    assert isinstance(again.instruction, Ring)
    assert (again.turn, again.held) == (1, call.stored)
    assert _everything(database) == before


def test_a_repeated_turn_with_other_keys_is_still_the_same_turn(database: Database) -> None:
    critical_at_night(database)
    again = take_turn(database, "CA1", 1, press("2"), later(60))
    assert isinstance(again.instruction, Ring)
    assert again.held.step is Step.DUTY_RINGS


def test_a_turn_that_was_never_seen_gets_the_answer_of_the_current_one(database: Database) -> None:
    call = critical_at_night(database)
    before = _everything(database)
    answer = take_turn(database, "CA1", 7, press("0"), later(60))
    assert answer.turn == 1
    assert isinstance(answer.instruction, Ring)
    assert _everything(database) == before
    assert call.stored.turn == 1


def test_a_turn_that_changes_nothing_but_its_number_is_taken_too(database: Database) -> None:
    call = DrivenCall(database)
    call.arrives()
    for turn in (1, 2, 3):
        repeated = call.presses("*")
        assert isinstance(repeated.instruction, Ask)
        assert (repeated.turn, call.stored.turn) == (turn, turn)
    assert isinstance(call.presses("1").instruction, Ring)


def test_whoever_accepts_is_bridged_and_has_acknowledged_the_ticket(database: Database) -> None:
    call = critical_at_night(database)
    assert isinstance(call.somebody_accepts(1).instruction, Bridge)
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
        kinds = [event.kind for event in ticket_events(connection, 1001)]
    assert ticket
    assert (ticket.acknowledged_by, ticket.status) == ("Duty 1", "acknowledged")
    assert ticket.acknowledged_at
    assert kinds == ["opened", "acknowledged"]


def test_the_ticket_is_theirs_who_talked_not_theirs_who_was_never_connected(
    database: Database,
) -> None:
    call = critical_at_night(database)
    call.somebody_accepts(1)
    call.does(RingEnded("completed", bridged=False))
    while call.stored.ringing[0].callee.name == "Duty 1":
        call.nobody_answers()
    second = call.stored.ringing[0]
    call.somebody_accepts(second.id)
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
    assert ticket
    assert ticket.acknowledged_by == second.callee.name != "Duty 1"


def test_a_key_that_comes_when_the_next_one_rings_takes_the_caller_from_nobody(
    database: Database,
) -> None:
    call = critical_at_night(database)
    take_leg_turn(database, "CA1", LegAnswered(1, "CA1-leg1"), call.now)
    call.does(RingEnded("completed", bridged=False))
    assert isinstance(call.somebody_accepts(1).instruction, End)
    assert isinstance(call.somebody_accepts(2).instruction, Bridge)
    outcomes = [leg.outcome for leg in call.stored.legs]
    assert outcomes == [LegOutcome.UNCONFIRMED, LegOutcome.ACCEPTED]


HAS_IT = ["whisper_caller_left", "whisper_you_have_it", "whisper_call_caller"]


@pytest.mark.parametrize(("hangs_up", "heard"), [(False, ["whisper_too_late"]), (True, HAS_IT)])
def test_a_key_after_the_ringing_hears_what_is_true_and_takes_the_ticket(
    database: Database, hangs_up: bool, heard: list[str]
) -> None:
    call = critical_at_night(database)
    take_leg_turn(database, "CA1", LegAnswered(1, "CA1-leg1"), call.now)
    while isinstance(call.nobody_answers().instruction, Ring):
        pass
    if hangs_up:
        call.hangs_up()
    instruction = take_leg_turn(database, "CA1", LegPressed(1, "1"), call.now, heard=1).instruction
    assert isinstance(instruction, Whisper if hangs_up else End)
    assert [message.key for message in instruction.says] == heard
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
    assert ticket
    assert ticket.acknowledged_by == "Duty 1"


def test_a_key_after_the_caller_is_gone_takes_nothing_that_another_has(database: Database) -> None:
    """The second call about a ticket rings on to somebody else, and that caller hangs up too."""
    first = critical_at_night(database)
    first.somebody_accepts(1)
    first.hangs_up()
    again = DrivenCall(database, "CA2", start=later(60))
    again.arrives()
    again.presses("1")
    while again.stored.ringing[0].callee.name != "Duty 2":
        again.nobody_answers()
    [leg] = again.stored.ringing
    take_leg_turn(database, "CA2", LegAnswered(leg.id, "CA2-leg"), again.now)
    again.hangs_up()
    instruction = take_leg_turn(
        database, "CA2", LegPressed(leg.id, "1"), again.now, heard=1
    ).instruction
    assert isinstance(instruction, End)
    assert [message.key for message in instruction.says] == ["whisper_call_out_late"]
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
    assert ticket
    assert ticket.acknowledged_by == "Duty 1"


def test_a_wrong_key_after_the_talk_does_not_end_the_call(database: Database) -> None:
    call = critical_at_night(database)
    call.somebody_accepts(1)
    call.does(RingEnded("completed", bridged=True))
    again = call.presses("5").instruction
    assert isinstance(again, Ask)
    assert [message.key for message in again.says] == ["not_understood", "talk_ended"]
    assert isinstance(call.presses("1").instruction, Ring)


def test_silence_after_the_talk_ends_the_call(database: Database) -> None:
    call = critical_at_night(database)
    call.somebody_accepts(1)
    call.does(RingEnded("completed", bridged=True))
    assert isinstance(call.presses("").instruction, End)


def test_a_retried_whisper_and_a_retried_key_are_heard_once(database: Database) -> None:
    critical_at_night(database)
    for _ in range(3):
        answer = take_leg_turn(database, "CA1", LegAnswered(1, "CB1"), later(10))
        assert isinstance(answer.instruction, Whisper)
    for _ in range(3):
        answer = take_leg_turn(database, "CA1", LegPressed(1, "*"), later(12), heard=1)
        assert isinstance(answer.instruction, Whisper)
    leg = answer.held.leg(1)
    assert leg
    assert (leg.heard, leg.sid) == (2, "CB1")


def test_leg_statuses_in_any_order_end_a_leg_once(database: Database) -> None:
    call = critical_at_night(database)
    for status in ("completed", "in-progress", "no-answer", "ringing", "initiated", "completed"):
        assert isinstance(
            take_leg_turn(database, "CA1", LegChanged(1, status, "CB1"), later(30)).instruction,
            Silent,
        )
    leg = call.stored.leg(1)
    assert leg
    assert leg.outcome is LegOutcome.UNCONFIRMED


def test_nobody_answers_then_a_message_is_taken_and_fetched(database: Database) -> None:
    call = critical_at_night(database)
    rung = [DUTY_1]
    answer = call.nobody_answers()
    while isinstance(answer.instruction, Ring):
        rung += [callee.number for callee in answer.instruction.callees]
        answer = call.nobody_answers()
    assert rung[:3] == [DUTY_1, DUTY_1_HOME, DUTY_2]
    assert isinstance(answer.instruction, Listen)
    assert isinstance(call.does(Recorded(12, "RE1")).instruction, End)
    past = _past(database)
    assert past.line.outcome is CallOutcome.MESSAGE
    assert [leg.outcome for leg in past.legs] == [LegOutcome.NO_ANSWER] * 4
    with database.read() as connection:
        kinds = [event.kind for event in ticket_events(connection, 1001)]
        jobs = connection.execute(select(JobRow.kind).order_by(JobRow.id)).scalars().all()
    assert kinds == ["opened", "message_left"]
    assert jobs[-1] is JobKind.RECORDING_FETCH


def test_a_caller_who_hangs_up_while_it_rings_still_has_a_ticket(database: Database) -> None:
    call = critical_at_night(database)
    for _ in range(3):
        answer = call.hangs_up()
        assert answer
        assert isinstance(answer.instruction, Silent)
    past = _past(database)
    assert past.line.outcome is CallOutcome.TICKET
    assert past.line.ended_at == later(3)
    assert [leg.outcome for leg in past.legs] == [LegOutcome.CANCELLED]


def test_a_dial_action_after_the_hang_up_changes_no_outcome(database: Database) -> None:
    call = critical_at_night(database)
    call.hangs_up()
    answer = call.does(RingEnded("canceled"))
    assert isinstance(answer.instruction, End)
    assert _past(database).line.outcome is CallOutcome.TICKET
    assert _past(database).line.ended_at == later(3)


def test_somebody_who_talks_is_known_to_the_next_call_until_the_talk_ends(
    database: Database,
) -> None:
    first = critical_at_night(database)
    first.somebody_accepts(1)
    second = critical_at_night(database, "CA2", caller=STRANGER)
    (callee,) = (leg.callee.number for leg in second.stored.legs)
    assert callee == DUTY_2
    first.does(RingEnded("completed", bridged=True))
    third = critical_at_night(database, "CA3", caller=STRANGER)
    (callee,) = (leg.callee.number for leg in third.stored.legs)
    assert callee == DUTY_1


def test_a_number_that_no_desk_has_is_stored_and_told_so(database: Database) -> None:
    answer = answer_call(database, "CA9", "+4720000999", number(), NIGHT)
    assert isinstance(answer.instruction, End)
    assert answer.desk is None
    past = _past(database, "CA9")
    assert (past.line.desk, past.line.outcome) == (None, CallOutcome.INFORMED)


def test_a_withheld_caller_gets_a_ticket_too(database: Database) -> None:
    answer_call(database, "CA1", DUTY, NOBODY, NIGHT)
    take_turn(database, "CA1", 1, press("1"), later(1))
    with database.read() as connection:
        (ticket,) = list_tickets(connection)
    assert (ticket.contact.number.digits, ticket.customer) == ("", None)


def test_the_line_is_found_however_its_number_is_written(database: Database) -> None:
    answer = answer_call(database, "CA1", "20 00 09 02", number(), NIGHT)
    assert answer.held.desk == DESK


def test_turns_of_a_call_that_was_never_stored_are_refused(database: Database) -> None:
    with pytest.raises(UnknownCall):
        take_turn(database, "CA404", 1, press("1"), NIGHT)
    with pytest.raises(UnknownCall):
        take_leg_turn(database, "CA404", LegAnswered(1), NIGHT)
    assert hang_up(database, "CA404", NIGHT) is None
    assert _count(database, "calls") == 0


def test_every_turn_can_be_decided_again_from_what_is_stored(database: Database) -> None:
    call = critical_at_night(database)
    call.nobody_answers()
    past = _past(database)
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    turn = past.turns[0]
    world = World(
        desk=live.desk,
        line=live.desk.line(past.line.line),
        roster=live.roster,
        customers=turn.customers,
        talking=turn.talking,
        rings_this_hour=turn.rings_this_hour,
        strangers=turn.strangers,
    )
    arrived = past.call.__class__("CA1", DUTY, number(), past.call.started_at)
    decision = decide(arrived, turn.event, world, turn.at)
    assert decision.instruction == turn.instruction
    assert decision.trace == turn.trace
    assert [customer.number for customer in turn.customers] == ["9001"]
    assert turn.desk_version is not None


def test_the_exchange_sets_the_moment_of_a_call_and_of_nothing_else(database: Database) -> None:
    real = NIGHT + timedelta(days=200)
    answer_call(database, "CA1", DUTY, number(), real, moment=NIGHT)
    answer = take_turn(database, "CA1", 1, press("1"), real + timedelta(seconds=5))
    assert answer.now == later(5)
    with database.read() as connection:
        (ticket,) = list_tickets(connection)
        offset = connection.execute(select(TicketRow.offset_seconds)).scalar_one()
        due = connection.execute(select(JobRow.due_at)).scalars().all()
    assert ticket.opened_at == later(5)
    assert offset == -timedelta(days=200).total_seconds()
    assert set(due) == {real + timedelta(seconds=5)}


def test_fast_forward_time_may_run_on_between_two_turns(database: Database) -> None:
    answer_call(database, "CA1", DUTY, number(), NIGHT, moment=NIGHT)
    answer = take_turn(database, "CA1", 1, press("1"), later(1), moment=later(30))
    assert answer.now == later(30)
    hung_up = hang_up(database, "CA1", later(2))
    assert hung_up
    assert hung_up.now == later(31)


def _past(database: Database, sid: str = "CA1") -> StoredCall:
    with database.read() as connection:
        past = find_call(connection, sid)
    assert past
    return past


def _count(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _everything(database: Database) -> dict[str, list[str]]:
    tables = ("calls", "turns", "legs", "tickets", "ticket_events", "outbox", "counters")
    with database.read() as connection:
        return {
            table: sorted(str(row) for row in connection.execute(text(f"SELECT * FROM {table}")))
            for table in tables
        }
