"""What a decision on a call-out holds: the same as one on a call, and carried out the same way."""

from dataclasses import dataclass

from app.domain.callouts.call_out import CallOut
from app.domain.hunts.effects import Effect, Trace, effects_of, reasons_of
from app.domain.hunts.instructions import Instruction
from app.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class CallOutDecision:
    """The answer to one event: the call-out as it is now, what is heard, and the trace."""

    call_out: CallOut
    instruction: Instruction
    trace: Trace = ()

    @property
    def holder(self) -> CallOut:
        """Return what was decided on."""
        return self.call_out

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return reasons_of(self.trace)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the system, in order."""
        return effects_of(self.trace)
