"""What a decision holds: an instruction for the provider, effects, and the reasons."""

from dataclasses import dataclass

from app.domain.calls.call import Call
from app.domain.hunts.effects import Trace, Traced
from app.domain.hunts.instructions import Instruction


@dataclass(frozen=True, slots=True)
class Decision(Traced):
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
