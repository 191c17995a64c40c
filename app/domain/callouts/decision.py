"""What a decision on a call-out holds: the same as one on a call, and carried out the same way."""

from dataclasses import dataclass

from app.domain.callouts.call_out import CallOut
from app.domain.hunts.effects import Trace, Traced
from app.domain.hunts.instructions import Instruction


@dataclass(frozen=True, slots=True)
class CallOutDecision(Traced):
    """The answer to one event: the call-out as it is now, what is heard, and the trace."""

    call_out: CallOut
    instruction: Instruction
    trace: Trace = ()

    @property
    def holder(self) -> CallOut:
        """Return what was decided on."""
        return self.call_out
