"""A call-out in a test: what happens to it, event by event, as `decide_call_out` answers."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.callouts.call_out import CallOut, CallOutBegan, CallOutDecision, CallOutEvent
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.decide import decide_call_out
from app.domain.callouts.next_call_out import call_out_of
from app.domain.calls.call import Call, outcome_of
from app.domain.calls.decide import decide
from app.domain.calls.decision import Decision
from app.domain.calls.follow_up import call_about
from app.domain.hunts.effects import Effect, SendSms
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.instructions import Instruction, Whisper
from app.domain.numbers import parse_number
from app.domain.simulate.simulation import RingResult, SimulationFacts, simulate
from app.domain.tickets.ticket import Ticket
from tests.support.shipped_desks import oslo, shipped

DUTY_LINE, NURSING_HOME = "+4720000210", "+4749002001"
NIGHT = oslo("2026-11-21 23:10")
NOBODY_ANSWERS = (RingResult("no_answer"),)
MOBILE_1, HOME_1, MOBILE_2, LAST_RESORT = 1, 2, 3, 4  # legs, where everybody is rung in vain


@dataclass(frozen=True)
class AfterCall:
    """A ticket, the call that opened it, and the calls about it."""

    ticket: Ticket
    about: CallsAbout
    call: Call

    @property
    def moved_at(self) -> datetime:
        return self.about.moved_at

    def with_ticket(self, **changes: object) -> "AfterCall":
        return replace(self, ticket=replace(self.ticket, **changes))  # type: ignore[arg-type]

    def with_about(self, **changes: object) -> "AfterCall":
        return replace(self, about=replace(self.about, **changes))  # type: ignore[arg-type]

    def with_call(self, **changes: object) -> "AfterCall":
        call = replace(self.call, **changes)  # type: ignore[arg-type]
        return replace(self.with_about(calls=(call_about(call),)), call=call)


def a_ticket(
    *answers: str,
    caller: str = NURSING_HOME,
    ringing: tuple[RingResult, ...] = NOBODY_ANSWERS,
    facts: SimulationFacts | None = None,
    line: str = DUTY_LINE,
) -> AfterCall:
    """A ticket after a night's call on the duty line that nobody accepted."""
    keys = answers or ("1", "speak 20")
    transcript = simulate(
        facts or shipped("brukarstotte"), line, parse_number(caller), NIGHT, keys, ringing
    )
    call, ended_at = transcript.call, transcript.call.ended_at
    assert call.ticket
    assert ended_at
    assert outcome_of(call) != "connected"
    ticket = replace(call.ticket, number=1042)
    call = replace(call, ticket=ticket)
    return AfterCall(ticket, CallsAbout(ended_at, (call_about(call),)), call)


@dataclass
class Rung:
    """Those who are rung, and what follows from what they do; `facts` may change meanwhile."""

    facts: SimulationFacts
    now: datetime
    decisions: list[CallOutDecision | Decision] = field(default_factory=list, kw_only=True)

    def does(self, event: LegEvent) -> CallOutDecision | Decision:
        """Let something happen at a leg."""
        raise NotImplementedError

    def lifts(self, leg: int) -> Whisper:
        """Somebody lifts the receiver and hears a whisper."""
        instruction = self.does(LegAnswered(leg, f"CA-leg{leg}")).instruction
        assert isinstance(instruction, Whisper)
        return instruction

    def presses(self, leg: int, key: str) -> Instruction:
        """Somebody who has lifted the receiver presses a key."""
        return self.does(LegPressed(leg, key)).instruction

    def ends(self, leg: int, status: str = "no-answer") -> None:
        """The network tells how a leg ended."""
        self.does(LegChanged(leg, status, f"CA-leg{leg}"))

    @property
    def effects(self) -> list[Effect]:
        """What it made happen in the system, in order."""
        return [effect for decision in self.decisions for effect in decision.effects]

    @property
    def messages(self) -> list[SendSms]:
        """The SMS that it sent."""
        return [effect for effect in self.effects if isinstance(effect, SendSms)]


@dataclass
class ACallOut(Rung):
    """A call-out that has begun."""

    call_out: CallOut

    def does(self, event: CallOutEvent) -> CallOutDecision:
        """Let something happen to it."""
        about = self.call_out
        world = self.facts.world(about.line, about.caller.digits, customer=about.customer)
        decision = decide_call_out(about, event, world, self.now)
        self.call_out = decision.call_out
        self.decisions.append(decision)
        self.now += timedelta(seconds=5)
        return decision

    @property
    def rung(self) -> list[str]:
        """Whom it rang so far, in order: a name and a number."""
        return [f"{leg.callee.name} {leg.callee.number}" for leg in self.call_out.legs]


@dataclass
class ALateCall(Rung):
    """A call whose caller has hung up while the duty rang."""

    call: Call

    def does(self, event: LegEvent) -> Decision:
        """Let something happen at a leg of it."""
        world = self.facts.world(self.call.line, self.call.caller.digits)
        decision = decide(self.call, event, world, self.now)
        self.call = decision.call
        self.decisions.append(decision)
        self.now += timedelta(seconds=5)
        return decision


def a_late_call(call: Call) -> ALateCall:
    """A minute after its caller has hung up."""
    assert call.ended_at
    return ALateCall(shipped("brukarstotte"), call.ended_at + timedelta(minutes=1), call)


def a_call_out(ticket: AfterCall | None = None, facts: SimulationFacts | None = None) -> ACallOut:
    """The next call-out of the ticket, begun a minute after the call."""
    ticket = ticket or a_ticket()
    now = ticket.moved_at + timedelta(minutes=1)
    call_out = call_out_of(ticket.ticket, ticket.about, now)
    begun = ACallOut(facts or shipped("brukarstotte"), now, call_out)
    begun.does(CallOutBegan())
    return begun
