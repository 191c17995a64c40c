"""The database is away: callers notice nothing but that no ticket number is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.take_turn import UnknownCall
from app.domain.call import CallOutcome, LegOutcome, Recorded
from app.domain.decision import Bridge, Listen, Ring
from app.store import DatabaseUnavailable
from tests.a_house import CALLER, DUTY_1, DUTY_2, SUPPORT, SWITCHBOARD, a_house, press
from tests.standby.outage import Outage, an_outage, keys_said


@pytest.fixture
def house(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with a_house(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def test_a_critical_call_at_night_reaches_the_duty_and_its_ticket_comes_later(
    house: Outage,
) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    rings = caller.presses("1")

    assert isinstance(rings.script, Ring)
    assert [callee.number for callee in rings.script.callees] == [DUTY_1]
    assert keys_said(rings)[:1] == ["ticket_by_sms"], "no number is said"
    assert "whisper_ticket" not in keys_said(caller.hears_whisper(1))
    assert isinstance(caller.accepts(1).script, Bridge)
    caller.talk_ends()
    caller.hangs_up()
    assert house.tickets == ()

    assert house.mends() == 1
    [ticket] = house.tickets
    assert (ticket.number, ticket.acknowledged_by, ticket.customer) == (1001, "Duty 1", "9001")
    past = house.stored()
    assert past.line.outcome is CallOutcome.CONNECTED
    assert [leg.outcome for leg in past.legs] == [LegOutcome.ACCEPTED]
    assert {(n.to_caller, n.person) for n in past.notices} == {
        (True, None),
        (False, "duty-1"),
        (False, "duty-2"),
    }
    assert house.mends() == 0, "nothing waits any more"
    assert len(house.tickets) == 1


def test_everybody_is_tried_in_order_and_the_message_is_kept(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    rings = [caller.presses("1"), *(caller.nobody_answers() for _ in range(3))]
    assert [ring.script.callees[0].number for ring in rings if isinstance(ring.script, Ring)][
        ::2
    ] == [DUTY_1, DUTY_2]
    assert isinstance(caller.nobody_answers().script, Listen)
    end = caller.does(Recorded(7, "RE1"))
    assert keys_said(end) == ["message_taken", "follows_offline"]

    house.mends()
    past = house.stored()
    assert past.line.outcome is CallOutcome.MESSAGE
    assert [leg.outcome for leg in past.legs] == [LegOutcome.NO_ANSWER] * 4
    assert len(house.tickets) == 1


def test_a_caller_who_gets_no_sms_is_told_that_the_case_is_registered(house: Outage) -> None:
    house.breaks()
    caller = house.call(caller=SWITCHBOARD)
    caller.arrives()
    assert keys_said(caller.presses("1"))[0] == "ticket_registered"


def test_a_customer_is_known_without_the_database(house: Outage) -> None:
    house.breaks()
    caller = house.call(line=SUPPORT)
    caller.arrives()
    answer = caller.presses("2")
    assert (answer.call.customer, answer.call.agreement) == ("9001", "standard")


def test_a_call_that_began_with_the_database_goes_on_without_it(house: Outage) -> None:
    caller = house.call()
    caller.arrives()
    caller.presses("1")
    assert len(house.tickets) == 1

    house.breaks()
    whisper = caller.hears_whisper(1)
    assert ("ticket", 1001) in [value for said in whisper.script.says for value in said.values]
    assert isinstance(caller.accepts(1).script, Bridge)
    caller.talk_ends()
    caller.hangs_up()

    house.mends()
    [ticket] = house.tickets
    assert (ticket.number, ticket.acknowledged_by) == (1001, "Duty 1")
    assert house.stored().line.outcome is CallOutcome.CONNECTED


def test_a_call_that_began_without_the_database_goes_on_in_it(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    caller.presses("1")

    house.is_away = False
    house.breaker.close()
    assert isinstance(caller.accepts(1).script, Bridge)
    [ticket] = house.tickets
    assert ticket.acknowledged_by == "Duty 1"
    assert not house.standby.is_waiting("CA1")
    caller.talk_ends()
    caller.hangs_up()
    assert house.mends() == 0
    assert house.stored().line.outcome is CallOutcome.CONNECTED


def test_a_database_that_comes_and_goes_leaves_one_ticket(house: Outage) -> None:
    caller = house.call()
    caller.arrives()
    house.breaks()
    caller.presses("1")
    house.is_away = False
    caller.nobody_answers()
    house.breaks()
    caller.nobody_answers()
    house.is_away = False
    house.breaker.close()
    caller.accepts(3)
    house.breaks()
    caller.talk_ends()
    caller.hangs_up()

    house.mends()
    [ticket] = house.tickets
    assert ticket.acknowledged_by == "Duty 2"
    outcomes = [leg.outcome for leg in house.stored().legs]
    assert outcomes == [LegOutcome.NO_ANSWER, LegOutcome.NO_ANSWER, LegOutcome.ACCEPTED]


def test_repeated_and_late_turns_get_the_answer_that_was_given(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    first = caller.arrives()
    assert caller.arrives().script == first.script
    rings = caller.presses("1")
    again = caller.does(press("1"), turn=1)
    assert (again.script, again.is_repeated) == (rings.script, True)
    with pytest.raises(UnknownCall):  # then the doors let the call begin anew
        caller.does(press("1"), turn=7)

    house.mends()
    assert len(house.tickets) == 1
    keys = [(turn.leg, turn.key) for turn in house.stored().turns]
    assert len(keys) == len(set(keys))


def test_the_turn_whose_answer_was_lost_with_the_database_is_answered_again(
    house: Outage,
) -> None:
    caller = house.call()
    caller.arrives()
    rings = caller.presses("1")
    house.breaks()
    assert caller.does(press("1"), turn=1).script == rings.script
    house.mends()
    assert len(house.tickets) == 1


def test_calls_of_a_number_that_nobody_has_are_answered_too(house: Outage) -> None:
    house.breaks()
    assert keys_said(house.call(line="+4720000999").arrives()) == ["unknown_line"]
    assert house.mends() == 1


def test_withheld_and_known_callers_at_once_make_a_ticket_each(house: Outage) -> None:
    house.breaks()
    for count, who in enumerate((CALLER, "", SWITCHBOARD)):
        caller = house.call(f"CA{count}", caller=who)
        caller.arrives()
        caller.presses("1")
        caller.hangs_up()
    assert house.mends() == 3
    assert sorted(ticket.call_sid or "" for ticket in house.tickets) == ["CA0", "CA1", "CA2"]


def test_nobody_who_accepts_is_hung_up_on_for_a_call_of_which_there_is_no_word(
    house: Outage,
) -> None:
    caller = house.call()
    caller.arrives()
    caller.presses("1")
    house.breaks()
    for place in house.standby.places:
        for file in place.glob("running/*"):
            file.unlink()
    with pytest.raises(DatabaseUnavailable):  # then the lifeline connects the two
        caller.accepts(1)


def test_a_call_of_which_only_the_database_knows_is_asked_of_it_though_it_rests(
    house: Outage,
) -> None:
    unknown_line = house.call(line="+4720000999")  # over at once: nothing is left of it here
    unknown_line.arrives()
    house.breaker.trip(unknown_line.now)

    gone = unknown_line.hangs_up()

    assert gone is not None, "it is not refused, and the network is told no fault"
    assert house.stored().line.outcome is CallOutcome.INFORMED
