"""When a ticket that nobody has accepted gets its next call-out, and why it gets none."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.callouts.call_out import CallOut
from app.domain.callouts.next_call_out import (
    UNTIL_PLACED,
    Escalate,
    LookAt,
    NextCallOut,
    RingNow,
    Stop,
    call_out_of,
    longest_ring,
    longest_wait,
    next_call_out,
    policy_of,
)
from app.domain.calls.call import Call
from app.domain.calls.follow_up import call_about
from app.domain.config.planned_gap_part import parse_gap
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import LineKind, Priority
from app.domain.desks.planned_gaps import PlannedGaps
from app.domain.reasons import Code
from app.domain.simulate.simulation import RingResult, SimulationFacts
from app.domain.tickets.ticket import WakesDuty
from tests.domain.callouts.a_call_out import NIGHT, AfterCall, a_call_out, a_ticket
from tests.support.shipped_desks import desk_of, line_number, oslo, shipped

MINUTE = timedelta(minutes=1)
FACTS = shipped("brukarstotte")


def after(ticket: AfterCall, minutes: float, facts: SimulationFacts = FACTS) -> NextCallOut:
    """What is next, so many minutes after the last thing that happened."""
    now = ticket.moved_at + timedelta(minutes=minutes)
    world = facts.world(ticket.ticket.line, NIGHT.isoformat())
    policy = policy_of(ticket.ticket, ticket.about, world, now)
    return next_call_out(ticket.ticket, ticket.about, policy, now)


def look(step: NextCallOut) -> LookAt:
    """The ticket is looked at again then."""
    assert isinstance(step, LookAt)
    return step


def in_call_outs(every: int, until: int) -> SimulationFacts:
    desk = desk_of(FACTS)
    assert desk.duty
    return replace(
        FACTS, desk=replace(desk, duty=replace(desk.duty, call_outs=CallOutPolicy(every, until)))
    )


def made(ticket: AfterCall, call_outs: int, minutes: float) -> AfterCall:
    """The ticket after so many call-outs, the last so many minutes after the call."""
    last = a_call_out(ticket)
    while last.call_out.ringing:
        last.ends(last.call_out.ringing[0].id)
    began = ticket.moved_at + timedelta(minutes=minutes)
    begun = ticket.with_ticket(call_outs_made=call_outs)
    return begun.with_about(last_began_at=began, last=last.call_out)


def test_the_first_round_begins_a_minute_after_the_call() -> None:
    ticket = a_ticket()
    step = look(after(ticket, 0))
    assert step.at == ticket.moved_at + MINUTE
    assert isinstance(step.then, RingNow)
    assert isinstance(after(ticket, 30), RingNow), "late is better than never"


@pytest.mark.parametrize(
    ("answers", "ringing"),
    [
        (("1", "speak 20"), "no_answer"),  # message left
        (("1",), "caller_hangs_up"),  # hung up while it rang
        (("1",), "no_answer"),  # ringing exhausted, hung up at the tone
        (("1", "speak 1"), "passed"),
        (("-", "-", "-", "speak 9"), "unconfirmed"),  # no keys, but sound
    ],
)
def test_it_is_all_the_same_how_nobody_came_to_accept(
    answers: tuple[str, ...], ringing: str
) -> None:
    ticket = a_ticket(*answers, ringing=(RingResult(ringing),))
    assert isinstance(after(ticket, 1), RingNow)


def test_the_next_ones_follow_every_five_minutes_for_an_hour() -> None:
    ticket = a_ticket()
    step = look(after(made(ticket, 1, minutes=1), 2))
    assert step.at == ticket.moved_at + 6 * MINUTE
    assert isinstance(step.then, RingNow)
    over = after(made(ticket, 12, minutes=56), 60)
    assert isinstance(over, Escalate)
    assert over.reason.code is Code.CALL_OUTS_OVER


def test_a_desk_may_choose_other_times() -> None:
    ticket = a_ticket()
    facts = in_call_outs(20, 30)
    assert look(after(made(ticket, 1, minutes=1), 2, facts)).at == ticket.moved_at + 21 * MINUTE
    assert isinstance(after(made(ticket, 2, minutes=21), 22, facts), Escalate)


@pytest.mark.parametrize(("every", "until"), [(0, 60), (5, 0)])
def test_a_desk_without_rounds_gets_the_alarm_at_once(every: int, until: int) -> None:
    ticket = a_ticket()
    step = after(ticket, 0, in_call_outs(every, until))
    assert isinstance(look(step).then, Escalate)
    assert step.reason.code is Code.NO_CALL_OUTS
    assert isinstance(after(ticket, 1, in_call_outs(every, until)), Escalate)


def test_after_a_long_call_there_is_one_round_before_the_alarm() -> None:
    ticket = a_ticket().with_ticket(opened_at=NIGHT - timedelta(hours=2))
    assert isinstance(after(ticket, 1), RingNow)
    assert isinstance(after(made(ticket, 1, minutes=1), 6), Escalate)


def test_an_accepted_ticket_gets_none() -> None:
    step = after(a_ticket(), 1, replace(FACTS, acknowledged_by="Vakt 2"))
    assert isinstance(step, Stop)
    assert step.reason.code is Code.HAS_THE_TICKET


def test_while_the_caller_is_on_the_line_there_is_none() -> None:
    ticket = a_ticket()
    going = ticket.with_call(ended_at=None)
    step = after(going, 1)
    assert isinstance(step, LookAt)
    assert step.reason.code is Code.CALL_GOES_ON
    second = ticket.with_about(calls=(ticket.call, going.call))
    assert isinstance(after(second, 1), LookAt), "a later call about it goes on"


def test_a_call_whose_end_was_never_told_does_not_sleep() -> None:
    ticket = a_ticket()
    hanging = ticket.with_call(ended_at=None)
    again = look(after(hanging, 1)).at
    assert again == ticket.moved_at + longest_wait(desk_of(FACTS))
    step = after(hanging, (again - ticket.moved_at) / MINUTE + 1)
    assert isinstance(step, RingNow)


def test_while_a_round_rings_the_next_one_waits() -> None:
    ticket = a_ticket()
    ringing = a_call_out(ticket)
    going = going_on(ticket, ringing.call_out)
    step = after(going, 1)
    assert isinstance(step, LookAt)
    assert step.reason.code is Code.CALL_OUT_GOES_ON


def test_while_another_tickets_call_out_rings_at_the_desk_this_one_keeps_its_place() -> None:
    waiting = a_ticket().with_about(desk_rings=True)
    step = look(after(waiting, 5))
    assert step.at == waiting.moved_at + MINUTE, "it is looked at as soon as that one is over"
    assert isinstance(step.then, RingNow)
    assert isinstance(after(waiting, 5, in_call_outs(0, 60)), Escalate), "contacts need not wait"


# --- may the duty be woken: the rule of the live call ------------------------------------


def going_on(ticket: AfterCall, last: CallOut) -> AfterCall:
    """The ticket while its first call-out rings."""
    begun = ticket.with_ticket(call_outs_made=1)
    return begun.with_about(last_began_at=ticket.moved_at, last=last)


def on_monday(monday: datetime) -> AfterCall:
    """The ticket of a call at another time."""
    ticket = a_ticket().with_call(ended_at=monday).with_ticket(opened_at=monday)
    return ticket.with_about(moved_at=monday)


def test_a_support_line_case_whose_agreement_includes_the_duty_gets_rounds() -> None:
    support = line_number(FACTS)
    ticket = a_ticket("1", "1", "speak 20", line=support)
    assert ticket.ticket.wakes_duty is WakesDuty.BY_AGREEMENT
    assert isinstance(after(ticket, 1), RingNow)


def test_what_never_wakes_the_duty_gets_none() -> None:
    step = after(a_ticket().with_ticket(wakes_duty=WakesDuty.NEVER), 1)
    assert isinstance(step, Stop)
    assert step.reason.code is Code.WANTS_HUMAN


def test_a_case_that_is_not_critical_gets_none() -> None:
    ticket = a_ticket("1", "1", "speak 20", line=line_number(FACTS))
    step = after(ticket.with_ticket(priority=Priority.HIGH), 1)
    assert isinstance(step, Stop)
    assert step.reason.code is Code.NOT_CRITICAL


def test_a_desk_without_duty_gets_none() -> None:
    facts = replace(FACTS, desk=replace(desk_of(FACTS), duty=None))
    step = after(a_ticket(), 1, facts)
    assert isinstance(step, Stop)
    assert step.reason.code is Code.DESK_HAS_NO_DUTY


def test_outside_duty_hours_it_is_looked_at_again_until_the_alarm() -> None:
    """On a Monday at ten the desk itself is there: the duty is not called."""
    monday = oslo("2026-11-23 10:00")
    ticket = on_monday(monday)
    step = after(ticket, 1)
    assert isinstance(step, LookAt)
    assert step.reason.code is Code.OUTSIDE_DUTY_HOURS
    assert step.at == monday + 6 * MINUTE
    assert isinstance(after(ticket, 58), Escalate)


def test_in_a_planned_gap_it_is_looked_at_again_too() -> None:
    desk = desk_of(FACTS)
    assert desk.duty
    gaps = PlannedGaps(desk.time_zone, (parse_gap("monday 00:00-08:00"),))
    hours = replace(desk.duty.hours, when_unstaffed=False, planned_gaps=gaps)
    facts = replace(FACTS, desk=replace(desk, duty=replace(desk.duty, hours=hours)))
    ticket = on_monday(oslo("2026-11-23 06:30"))
    step = after(ticket, 1, facts)
    assert isinstance(step, LookAt)
    assert step.reason.code is Code.PLANNED_GAP


def test_it_is_the_duty_of_the_moment_that_is_called_and_not_of_the_call() -> None:
    """A call at 15:20 on a Monday; the duty is there from 15:30."""
    ticket = on_monday(oslo("2026-11-23 13:00"))
    facts = in_call_outs(5, 600)
    found = [after(ticket, minutes, facts) for minutes in range(1, 400, 5)]
    assert look(found[0]).then is None
    assert isinstance(found[-1], RingNow)


# --- the call-out itself --------------------------------------------------------------------


def test_a_round_is_about_what_the_first_call_was_about() -> None:
    ticket = a_ticket()
    later = ticket.with_ticket(call_outs_made=2)
    call_out = call_out_of(later.ticket, later.about, NIGHT)
    first = ticket.call
    assert call_out.sid == "call-out-1042-3"
    assert call_out.number == 3
    assert (call_out.caller, call_out.line) == (first.caller, first.line)
    assert call_out.customer == first.customer
    assert call_out.ticket == later.ticket
    assert call_out.legs == ()


def test_the_newest_message_is_the_one_that_is_played() -> None:
    ticket = a_ticket()
    first = ticket.call
    silent: Call = replace(first, message_seconds=1, recording="RE-breath")
    newer: Call = replace(first, message_seconds=9, recording="RE-newer")
    for other, played in ((silent, first.recording), (newer, "RE-newer")):
        about = replace(ticket.about, calls=(call_about(first), call_about(other)))
        assert call_out_of(ticket.ticket, about, NIGHT).recording == played


def test_a_ticket_whose_desk_is_gone_is_escalated() -> None:
    ticket = a_ticket()
    world = SimulationFacts().world("+4720000210", "")
    policy = policy_of(ticket.ticket, ticket.about, world, NIGHT)
    nobody = next_call_out(ticket.ticket, ticket.about, policy, NIGHT)
    assert isinstance(nobody, Escalate)
    assert line_number(FACTS, LineKind.DUTY) == ticket.ticket.line


def test_a_ticket_that_a_backup_has_brought_back_is_called_about_only_while_it_is_news() -> None:
    ticket = a_ticket()

    def restored_after(minutes: float) -> NextCallOut:
        now = ticket.ticket.opened_at + minutes * MINUTE
        world = FACTS.world(ticket.ticket.line, NIGHT.isoformat())
        policy = replace(policy_of(ticket.ticket, ticket.about, world, now), is_restored=True)
        return next_call_out(ticket.ticket, ticket.about, policy, now)

    stopped = restored_after(10)
    assert isinstance(stopped, Stop)
    assert stopped.reason.code is Code.RESTORED
    assert isinstance(restored_after(9.5), RingNow)


def test_a_round_of_which_nothing_is_heard_is_helped_on() -> None:
    """The network may lose a word, or the worker die: the next one must ring all the same."""
    ticket = a_ticket()
    ringing = a_call_out(ticket)
    going = going_on(ticket, ringing.call_out)
    still_until = look(after(going, 1)).at
    minutes = (still_until - ticket.moved_at) / MINUTE
    step = after(going, minutes)
    assert isinstance(step, RingNow)
    assert step.unanswered == (1,)
    placing = look(after(going.with_about(is_placing=True), minutes))
    assert placing.at == still_until + UNTIL_PLACED
    silent = replace(ringing.call_out, recording="")
    desk = desk_of(FACTS)
    assert longest_ring(desk, silent) < longest_ring(desk, ringing.call_out), "it may be played"
