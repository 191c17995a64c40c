"""What a decision holds: an instruction for the provider, effects, and the reasons."""

from dataclasses import dataclass

from app.domain.calls.call import Call
from app.domain.hunts.effects import Effect, Trace, effects_of, reasons_of
from app.domain.hunts.instructions import Instruction
from app.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one event: the call as it is now, what is spoken or rung, and the trace.

    `trace` holds every reason and effect in the order in which they arose, so that a
    told call reads as it happened.
    """

    call: Call
    instruction: Instruction
    trace: Trace = ()

    @property
    def holder(self) -> Call:
        """Return what was decided on."""
        return self.call

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return reasons_of(self.trace)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the system, in order."""
        return effects_of(self.trace)
