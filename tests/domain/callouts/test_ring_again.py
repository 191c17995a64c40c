"""Whoever of the duty asks to be rung again is waited for, but a critical ticket never sleeps."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.callouts.call_out import CallOutPutOff
from app.domain.callouts.calls_about import CallAbout
from app.domain.callouts.next_call_out import (
    Escalate,
    LookAt,
    NextCallOut,
    RingNow,
    next_call_out,
    policy_of,
)
from app.domain.callouts.ring_again import ask_again, may_ask_again
from app.domain.hunts.effects import CancelLeg, MissedCallOut
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.ticket import RingAgain
from tests.domain.callouts.a_call_out import MOBILE_1, NIGHT, AfterCall, a_call_out, a_ticket
from tests.support.shipped_desks import shipped

MINUTE = timedelta(minutes=1)
FACTS = shipped("brukarstotte")
VAKT_2 = Actor(ActorKind.PERSON, "Vakt 2", "vakt-2", "night_page")


def after(ticket: AfterCall, now: datetime, missed: frozenset[str] = frozenset()) -> NextCallOut:
    world = replace(FACTS, missed=missed).world(ticket.ticket.line, NIGHT.isoformat())
    policy = policy_of(ticket.ticket, ticket.about, world, now)
    return next_call_out(ticket.ticket, ticket.about, policy, now)


def asked(ticket: AfterCall, at: datetime, person: str = "vakt-2") -> AfterCall:
    return ticket.with_ticket(rings_again=(RingAgain(person, at),))


def rings_at(step: NextCallOut) -> datetime:
    assert isinstance(step, LookAt)
    assert isinstance(step.then, RingNow)
    return step.at


def test_who_asks_is_rung_a_quarter_later_and_nobody_before() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    waits = asked(ticket, at)
    assert rings_at(after(waits, at)) == at + 15 * MINUTE
    assert isinstance(after(waits, at + 15 * MINUTE), RingNow)


def test_a_pause_never_outlasts_the_call_outs() -> None:
    ticket = a_ticket()
    over = ticket.ticket.urgent_since + 60 * MINUTE
    waits = asked(ticket, over - 4 * MINUTE).with_about(last_began_at=over - 6 * MINUTE)
    assert rings_at(after(waits, over - 4 * MINUTE)) == over
    rung = waits.with_about(last_began_at=over)
    assert isinstance(after(rung, over + MINUTE), Escalate)


def test_they_are_rung_first_in_that_call_out_and_last_when_they_miss_it() -> None:
    ticket = asked(a_ticket(), NIGHT + 10 * MINUTE)
    assert a_call_out(ticket).rung == ["Vakt 2 +4749002702"]
    missed = a_call_out(ticket, replace(FACTS, missed=frozenset({"vakt-2"})))
    assert missed.rung == ["Vakt 1 +4749002701"]


def test_nobody_is_waited_for_once_the_caller_has_called_again() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    again = asked(ticket, at).with_about(
        calls=(*ticket.about.calls, CallAbout(ended_at=at + 3 * MINUTE))
    )
    assert rings_at(after(again, at + 3 * MINUTE)) == at + 4 * MINUTE


def test_nobody_is_waited_for_who_is_not_on_duty_any_more() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    assert isinstance(after(asked(ticket, at, "vakt-9"), at), RingNow)


def test_a_ticket_that_was_given_back_since_is_as_new() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    given_back = asked(ticket, at).with_ticket(released_at=at + 3 * MINUTE)
    assert isinstance(after(given_back, at + 3 * MINUTE), RingNow)


def test_each_person_is_waited_for_once_and_two_at_the_most() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    assert may_ask_again(ticket.ticket, ticket.about, "vakt-2")
    outcome = ask_again(ticket.ticket, VAKT_2, at)
    assert [event.kind for event in outcome.events] == [TicketEventKind.RING_AGAIN]
    rung = replace(ticket.about, last_began_at=at + 15 * MINUTE)
    assert not may_ask_again(outcome.ticket, ticket.about, "vakt-1"), "while one is waited for"
    assert not may_ask_again(outcome.ticket, rung, "vakt-2")
    assert may_ask_again(outcome.ticket, rung, "vakt-1")
    twice = replace(
        outcome.ticket, rings_again=(RingAgain("vakt-2", at), RingAgain("vakt-1", at + MINUTE))
    )
    assert not may_ask_again(twice, rung, "vakt-3")


def test_nobody_is_waited_for_while_the_caller_waits() -> None:
    going = a_ticket().with_call(ended_at=None)
    assert not may_ask_again(going.ticket, going.about, "vakt-2")


def test_a_telephone_that_rings_stops_and_its_person_has_missed_nothing() -> None:
    night = a_call_out()
    night.does(CallOutPutOff("Vakt 1"))
    assert night.call_out.has_ended
    assert CancelLeg(MOBILE_1, "") in night.effects
    assert not [effect for effect in night.effects if isinstance(effect, MissedCallOut)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 90), st.integers(0, 90), st.sampled_from(["vakt-1", "vakt-2", "vakt-9"]))
def test_whenever_somebody_asks_the_next_call_out_is_at_most_a_quarter_away(
    asked_after: int, looked_after: int, person: str
) -> None:
    ticket = a_ticket()
    at = ticket.moved_at + asked_after * MINUTE
    now = at + looked_after * MINUTE
    step = after(asked(ticket, at, person), now)
    if isinstance(step, LookAt):
        assert step.at <= at + 15 * MINUTE
        assert isinstance(step.then, RingNow)
    else:
        assert isinstance(step, RingNow | Escalate)
