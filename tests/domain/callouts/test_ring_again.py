"""Whoever of the duty asks to be rung again is waited for, but a critical ticket never sleeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.callouts.call_out import CallOutBegan, CallOutPutOff
from app.domain.callouts.calls_about import CallAbout
from app.domain.callouts.next_call_out import (
    Escalate,
    LookAt,
    NextCallOut,
    RingNow,
    call_out_of,
    next_call_out,
    policy_of,
)
from app.domain.callouts.ring_again import a_pause, ask_again, may_ask_again
from app.domain.hunts.effects import CancelLeg, MissedCallOut
from app.domain.simulate.simulation import SimulationFacts
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.release import pass_on
from app.domain.tickets.ticket import RingAgain
from tests.domain.callouts.a_call_out import (
    MOBILE_1,
    NIGHT,
    ACallOut,
    AfterCall,
    a_call_out,
    a_ticket,
)
from tests.support.shipped_desks import shipped

MINUTE = timedelta(minutes=1)
FACTS = shipped("brukarstotte")
VAKT_1 = Actor(ActorKind.PERSON, "Vakt 1", "vakt-1", "night_page")
VAKT_2 = Actor(ActorKind.PERSON, "Vakt 2", "vakt-2", "night_page")


def after(ticket: AfterCall, now: datetime, facts: SimulationFacts = FACTS) -> NextCallOut:
    world = facts.world(ticket.ticket.line, NIGHT.isoformat())
    policy = policy_of(ticket.ticket, ticket.about, world, now)
    return next_call_out(ticket.ticket, ticket.about, policy, now)


def asked(ticket: AfterCall, at: datetime, person: str = "vakt-2") -> AfterCall:
    over = ticket.ticket.urgent_since + 60 * MINUTE
    return ticket.with_ticket(rings_again=(a_pause(person, at, over),))


def alone() -> SimulationFacts:
    """The same desk where only Vakt 1 is on duty, and nobody is the last resort."""
    assert FACTS.roster
    roster = replace(FACTS.roster, layers=FACTS.roster.layers[:1], last_resort=())
    return replace(FACTS, roster=roster)


ALONE = alone()
BEGINS = a_ticket().moved_at


@dataclass
class Night:
    """A ticket that nobody takes, half a minute at a time: who was rung when."""

    facts: SimulationFacts
    ticket: AfterCall = field(default_factory=a_ticket)
    going: ACallOut | None = None
    rung: list[tuple[datetime, str]] = field(default_factory=list)

    def passes(self, now: datetime, asks: str = "") -> None:
        """Nobody lifts a telephone that rings; somebody may ask for a pause; the next is rung."""
        if self.going and self.going.call_out.ringing:
            self.going.now = now
            self.going.ends(self.going.call_out.ringing[0].id)
        if asks:
            self._asks(asks, now)
        world = self.facts.world(self.ticket.ticket.line, NIGHT.isoformat())
        policy = policy_of(self.ticket.ticket, self.ticket.about, world, now)
        step = next_call_out(self.ticket.ticket, self.ticket.about, policy, now)
        if isinstance(step, RingNow):
            called = call_out_of(self.ticket.ticket, self.ticket.about, now)
            self.going = ACallOut(self.facts, now, called)
            self.going.does(CallOutBegan())
            made = self.ticket.ticket.call_outs_made + 1
            self.ticket = self.ticket.with_ticket(call_outs_made=made)
            self.ticket = self.ticket.with_about(last_began_at=now)
        self._note(now)

    def _asks(self, person: str, now: datetime) -> None:
        if not may_ask_again(self.ticket.ticket, self.ticket.about, person):
            return
        pause = a_pause(person, now, self.ticket.ticket.urgent_since + 60 * MINUTE)
        by = Actor(ActorKind.PERSON, person, person, "night_page")
        if self.going and not self.going.call_out.has_ended:
            self.going.does(CallOutPutOff(person, pause))
        outcome = ask_again(self.ticket.ticket, by, pause)
        self.ticket = replace(self.ticket, ticket=outcome.ticket)

    def _note(self, now: datetime) -> None:
        if self.going is None:
            return
        self.ticket = self.ticket.with_about(last=self.going.call_out, moved_at=now)
        people = [leg.callee.person for leg in self.going.call_out.ringing]
        self.rung += [(now, person) for person in people]


def a_night(facts: SimulationFacts, asks: Mapping[int, str]) -> Night:
    """An hour in which these people ask for a pause, each at a half minute."""
    night = Night(facts)
    for half in range(2, 120):
        night.passes(BEGINS + half * MINUTE / 2, asks.get(half, ""))
    return night


def rings_at(step: NextCallOut) -> datetime:
    assert isinstance(step, LookAt)
    assert isinstance(step.then, RingNow)
    return step.at


def test_the_others_are_rung_as_usual_while_one_has_a_pause() -> None:
    night = a_night(FACTS, {3: "vakt-1"})  # while their telephone rings
    ends = BEGINS + 16.5 * MINUTE
    in_pause = [who for at, who in night.rung if BEGINS + 1.5 * MINUTE <= at < ends]
    assert in_pause == ["vakt-2", "+4749002790"] * 3 + ["vakt-2"]
    after_it = [who for at, who in night.rung if at >= ends]
    assert after_it[:2] == ["+4749002790", "vakt-1"], "first, when the call-out that rings is over"


def test_who_asks_while_it_rings_at_another_is_not_rung_in_that_call_out() -> None:
    night = a_night(FACTS, {3: "vakt-2"})  # it rings at Vakt 1
    ends = BEGINS + 16.5 * MINUTE
    assert "vakt-2" not in [who for at, who in night.rung if at < ends]
    after_it = [who for at, who in night.rung if at > ends]
    assert after_it[1:3] == ["vakt-2", "vakt-1"], "first, once it is over"
    assert after_it[5:8] == ["vakt-1", "vakt-1", "vakt-2"], "once only"


def test_only_who_is_alone_on_duty_is_waited_for() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    waits = asked(ticket, at, "vakt-1")
    assert rings_at(after(waits, at, ALONE)) == at + 15 * MINUTE
    assert isinstance(after(waits, at + 15 * MINUTE, ALONE), RingNow)
    assert isinstance(after(waits, at), RingNow), "there are others"


def test_a_pause_never_outlasts_the_call_outs() -> None:
    ticket = a_ticket()
    over = ticket.ticket.urgent_since + 60 * MINUTE
    waits = asked(ticket, over - 4 * MINUTE, "vakt-1").with_about(last_began_at=over - 6 * MINUTE)
    assert rings_at(after(waits, over - 4 * MINUTE, ALONE)) == over
    rung = waits.with_about(last_began_at=over)
    assert isinstance(after(rung, over + MINUTE), Escalate)


def test_who_passes_it_on_in_the_pause_is_rung_after_the_others() -> None:
    ticket = a_ticket()
    at = ticket.moved_at + 2 * MINUTE
    waits = asked(ticket, at, "vakt-1").with_about(last_began_at=at - MINUTE)
    outcome = pass_on(waits.ticket, VAKT_1, at + MINUTE)
    assert isinstance(outcome, Outcome)
    passed = replace(waits, ticket=outcome.ticket)
    assert rings_at(after(passed, at + MINUTE, ALONE)) == at + 4 * MINUTE, "the pause is over"
    assert a_call_out(passed).rung == ["Vakt 2 +4749002702"]
    again = ask_again(passed.ticket, VAKT_1, a_pause("vakt-1", at, at + 50 * MINUTE))
    assert not again.ticket.passed_on_by, "their last word counts"


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
    outcome = ask_again(ticket.ticket, VAKT_2, a_pause("vakt-2", at, at + 50 * MINUTE))
    assert [event.kind for event in outcome.events] == [TicketEventKind.RING_AGAIN]
    rung = replace(ticket.about, last_began_at=at + 15 * MINUTE)
    assert not may_ask_again(outcome.ticket, ticket.about, "vakt-1"), "while one is waited for"
    assert not may_ask_again(outcome.ticket, rung, "vakt-2")
    assert may_ask_again(outcome.ticket, rung, "vakt-1")
    twice = replace(
        outcome.ticket, rings_again=(*outcome.ticket.rings_again, RingAgain("vakt-1", at, at))
    )
    assert not may_ask_again(twice, rung, "vakt-3")


def test_nobody_is_waited_for_while_the_caller_waits() -> None:
    going = a_ticket().with_call(ended_at=None)
    assert not may_ask_again(going.ticket, going.about, "vakt-2")


def test_a_telephone_that_rings_stops_and_its_person_has_missed_nothing() -> None:
    night = a_call_out()
    pause = a_pause("vakt-1", night.now, night.now + 50 * MINUTE)
    night.does(CallOutPutOff("Vakt 1", pause))
    assert [leg.callee.name for leg in night.call_out.ringing] == ["Vakt 2"]
    assert CancelLeg(MOBILE_1, "") in night.effects
    assert not [effect for effect in night.effects if isinstance(effect, MissedCallOut)]


ASKS = st.dictionaries(st.integers(2, 119), st.sampled_from(["vakt-1", "vakt-2"]), max_size=6)


@settings(max_examples=40, deadline=None)
@given(ASKS)
def test_a_critical_ticket_never_sleeps_because_somebody_asked_for_a_pause(
    asks: dict[int, str],
) -> None:
    night = a_night(FACTS, asks)
    times = [at for at, _ in night.rung]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) <= 5 * MINUTE, "the desk's interval, as long as anybody else can be rung"
    for pause in night.ticket.ticket.rings_again:
        theirs = [at for at, who in night.rung if who == pause.person]
        assert not [at for at in theirs if pause.asked_at < at < pause.until]
        assert any(at <= pause.until + 3 * MINUTE for at in theirs if at >= pause.until) or (
            pause.until > times[-1]
        )


@settings(max_examples=20, deadline=None)
@given(ASKS)
def test_who_is_alone_is_waited_for_a_quarter_at_the_most(asks: dict[int, str]) -> None:
    times = [at for at, _ in a_night(ALONE, asks).rung]
    assert max(later - earlier for earlier, later in pairwise(times)) <= 20 * MINUTE
