"""What a fork in the call can see, and what it answers.

The two small values that calls/flows/caller.py, forks.py and decide.py pass between them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.calls.call import Call, Step
from app.domain.copies import replace
from app.domain.desks.desk import LineKind
from app.domain.hunts.context import FOR_CALLER, HuntContext, RingRules
from app.domain.hunts.effects import Trace
from app.domain.hunts.hunt import Hunt
from app.domain.hunts.staffing import duty_hours_answer
from app.domain.hunts.world import World
from app.domain.roster.plan import has_left


class NoSms(StrEnum):
    """Why a caller gets no SMS."""

    CANNOT = "cannot"  # no mobile, or its number is not shown
    SHARED = "shared"  # others would read it too
    OPTED_OUT = "opted_out"  # of this line, by STOP


@dataclass(frozen=True, slots=True)
class CallContext(HuntContext):
    """One call in its world at one moment."""

    call: Call
    world: World
    now: datetime

    @property
    def holder(self) -> Call:
        """Return the call."""
        return self.call

    @property
    def rules(self) -> RingRules:
        """Ring as it is done for a caller who waits."""
        return FOR_CALLER

    @property
    def waiting_number(self) -> str:
        """Return the caller's number, as long as they are there."""
        return "" if self.call.has_ended else self.call.caller.digits

    @property
    def is_stranger(self) -> bool:
        """Tell whether the caller's number is no known customer's."""
        return not self.has_customers_number

    @property
    def has_shared_number(self) -> bool:
        """Tell whether the caller's number is a switchboard of some customer."""
        return any(self.call.caller.digits in c.shared_phones for c in self.world.customers)

    @property
    def why_no_sms(self) -> "NoSms | None":
        """Say why no SMS to the caller's number would reach the caller, and only them."""
        if not self.call.caller.can_receive_sms:
            return NoSms.CANNOT
        if self.has_shared_number or self.caller_shared_by:
            return NoSms.SHARED
        return NoSms.OPTED_OUT if self.world.caller_opted_out else None

    @property
    def caller_gets_sms(self) -> bool:
        """Tell whether an SMS to the caller's number would reach the caller, and only them."""
        return self.why_no_sms is None

    @property
    def may_be_affected(self) -> bool:
        """Tell whether 8 means something: an outage is known, or was when the call came in.

        Whoever has a case is told of that.
        """
        known = self.world.outage is not None or self.call.outage is not None
        return known and self.call.ticket is None and not self.call.staff

    @property
    def may_show_pin(self) -> bool:
        """Tell whether 7 asks for a PIN: the number is somebody's of the roster."""
        roster, call = self.world.roster, self.call
        if roster is None or call.ticket or call.staff or not call.caller.digits:
            return False
        return any(
            call.caller.digits in each.numbers and not has_left(roster, each.id, self.now)
            for each in roster.people
        )

    @property
    def is_duty_call(self) -> bool:
        """Tell whether this is a duty line in duty hours."""
        return self.call.kind is LineKind.DUTY and bool(duty_hours_answer(self))

    def hunting(self, hunt: Hunt) -> "CallContext":
        """Return what is seen when the hunt stands like this."""
        return self.of(replace(self.call, hunt=hunt))

    def of(self, call: Call) -> "CallContext":
        """Return what is seen when the call stands like this."""
        return CallContext(call, self.world, self.now)

    def with_call(self, **changes: object) -> "CallContext":
        """Return the same context with the call changed."""
        # A wrong name fails in every test that passes here; the checker cannot see through **.
        return self.of(replace(self.call, **changes))  # type: ignore[arg-type]  # names of fields


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a fork leads, what it changed on the call, and the trace of why."""

    to: Step
    call: Call
    trace: Trace = field(default=())
