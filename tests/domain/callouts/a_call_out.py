"""A call-out in a test: what happens to it, event by event, as `decide` answers."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.callouts.policy import CallsAbout, call_out_of
from app.domain.calls.call import Call, CallOutBegan, Event, outcome_of
from app.domain.calls.decide import decide
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import Effect, SendSms
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
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
    """A ticket and the calls about it."""

    ticket: Ticket
    about: CallsAbout

    @property
    def call(self) -> Call:
        return self.about.calls[0]

    @property
    def moved_at(self) -> datetime:
        return self.about.moved_at

    def with_ticket(self, **changes: object) -> "AfterCall":
        return AfterCall(replace(self.ticket, **changes), self.about)  # type: ignore[arg-type]

    def with_about(self, **changes: object) -> "AfterCall":
        return AfterCall(self.ticket, replace(self.about, **changes))  # type: ignore[arg-type]

    def with_call(self, **changes: object) -> "AfterCall":
        return self.with_about(calls=(replace(self.call, **changes),))  # type: ignore[arg-type]


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
    return AfterCall(ticket, CallsAbout(ended_at, (replace(call, ticket=ticket),)))


@dataclass
class ACallOut:
    """A call-out that has begun; `facts` may change while it rings."""

    call: Call
    facts: SimulationFacts
    now: datetime
    decisions: list[Decision] = field(default_factory=list)

    def does(self, event: Event) -> Decision:
        """Let something happen to it."""
        call = self.call
        world = self.facts.world(call.line, call.caller.digits, customer=call.customer)
        decision = decide(call, event, world, self.now)
        self.call = decision.call
        self.decisions.append(decision)
        self.now += timedelta(seconds=5)
        return decision

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
    def rung(self) -> list[str]:
        """Whom it rang so far, in order: a name and a number."""
        return [f"{leg.callee.name} {leg.callee.number}" for leg in self.call.legs]

    @property
    def effects(self) -> list[Effect]:
        """What it made happen in the system, in order."""
        return [effect for decision in self.decisions for effect in decision.effects]

    @property
    def messages(self) -> list[SendSms]:
        """The SMS that it sent."""
        return [effect for effect in self.effects if isinstance(effect, SendSms)]


def a_call_out(ticket: AfterCall | None = None, facts: SimulationFacts | None = None) -> ACallOut:
    """The next call-out of the ticket, begun a minute after the call."""
    ticket = ticket or a_ticket()
    now = ticket.moved_at + timedelta(minutes=1)
    call = call_out_of(ticket.ticket, ticket.about, now)
    begun = ACallOut(call, facts or shipped("brukarstotte"), now)
    begun.does(CallOutBegan())
    return begun
