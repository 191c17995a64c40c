"""What whoever decides on a call-out can see."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.callouts.call_out import CallOut
from app.domain.copies import replace
from app.domain.hunts.context import IN_CALL_OUT, HuntContext, RingRules
from app.domain.hunts.hunt import Hunt
from app.domain.hunts.world import World


@dataclass(frozen=True, slots=True)
class CallOutContext(HuntContext):
    """One call-out in its world at one moment."""

    call_out: CallOut
    world: World
    now: datetime

    @property
    def holder(self) -> CallOut:
        """Return the call-out."""
        return self.call_out

    @property
    def rules(self) -> RingRules:
        """Ring as it is done about a ticket, without a caller."""
        return IN_CALL_OUT

    @property
    def waiting_number(self) -> str:
        """Nobody waits."""
        return ""

    @property
    def is_stranger(self) -> bool:
        """Tell whether the ticket is a stranger's: none that the desk, or a program of theirs,
        opened.
        """
        return self.call_out.ticket.is_from_caller and not self.has_customers_number

    def hunting(self, hunt: Hunt) -> "CallOutContext":
        """Return what is seen when the hunt stands like this."""
        return CallOutContext(replace(self.call_out, hunt=hunt), self.world, self.now)
