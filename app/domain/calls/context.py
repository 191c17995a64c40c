"""What a fork in the call can see, and what it answers.

The two small values that calls/flows/caller.py, forks.py and decide.py pass between them.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.calls.call import Call, Step
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Agreement, Desk, Line
from app.domain.desks.shared_numbers import SharedBy, shared_by
from app.domain.hunts.effects import Effect
from app.domain.hunts.world import World
from app.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class CallContext:
    """One call in its world at one moment."""

    call: Call
    world: World
    now: datetime

    @property
    def desk(self) -> Desk:
        """Return the desk of the line; asked only where the line has one."""
        assert self.world.desk is not None
        return self.world.desk

    @property
    def line(self) -> Line:
        """Return the line that was called; asked only where the desk has it."""
        assert self.world.line is not None
        return self.world.line

    @property
    def agreement(self) -> Agreement:
        """Return the caller's agreement; the default one while nobody knows the caller.

        A call-out may come when the desk has the agreement no more: the default one too.
        """
        own = (each for each in self.desk.agreements if each.id == self.call.agreement)
        return next(own, None) or self.desk.default_agreement()

    @property
    def customer(self) -> Customer | None:
        """Return the customer, once the caller is known to belong to one."""
        return next((c for c in self.world.customers if c.number == self.call.customer), None)

    @property
    def has_shared_number(self) -> bool:
        """Tell whether the caller's number is a switchboard of some customer."""
        return any(self.call.caller.digits in c.shared_phones for c in self.world.customers)

    @property
    def is_stranger(self) -> bool:
        """Tell whether the caller's number is no known customer's: withheld, or nobody's we know.

        A customer number that is keyed does not change that: anybody can key one. Nobody is a
        stranger in a call-out about a ticket that the desk itself, or a program of theirs, opened.
        """
        about = self.call.ticket if self.call.call_out_number else None
        if about and not about.is_from_call:
            return False
        digits = self.call.caller.digits
        return not digits or not any(c.answers_to(digits) for c in self.world.customers)

    @property
    def rings_this_hour(self) -> int:
        """Return the attempts that count for this caller: strangers never use up the customers'."""
        return self.world.strangers.rings if self.is_stranger else self.world.rings_this_hour

    def may_wake(self, person: str) -> bool:
        """Tell whether this call may wake somebody of the duty; strangers' calls may not for ever.

        A call-out may: all strangers' call-outs together ring no more often than one ticket's.
        """
        if not self.is_stranger or self.call.call_out_number:
            return True
        limit = self.desk.ceilings.stranger_wakes_per_hour
        return self.world.strangers.wakes_of(person) < limit

    @property
    def caller_shared_by(self) -> SharedBy | None:
        """Say why the caller's number does not tell who calls; None where it is one person's."""
        world = self.world
        return shared_by(self.call.caller, world.desk, world.roster, is_line=world.caller_is_line)

    @property
    def callers_number(self) -> str:
        """Return the number that reaches the caller; empty where it would reach somebody else."""
        return "" if self.caller_shared_by else self.call.caller.digits

    @property
    def caller_gets_sms(self) -> bool:
        """Tell whether an SMS to the caller's number would reach the caller, and only them."""
        is_own = not (self.has_shared_number or self.caller_shared_by)
        return self.call.caller.can_receive_sms and is_own

    def of(self, call: Call) -> "CallContext":
        """Return what is seen when the call stands like this."""
        return CallContext(call, self.world, self.now)

    def with_call(self, **changes: object) -> "CallContext":
        """Return the same context with the call changed."""
        # A wrong name fails in every test that passes here; the checker cannot see through **.
        return self.of(replace(self.call, **changes))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a fork leads, what it changed on the call, and the trace of why."""

    to: Step
    call: Call
    trace: tuple[Effect | Reason, ...] = field(default=())
