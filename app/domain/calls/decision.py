"""What a decision holds: an instruction for the provider, effects, and the reasons."""

from dataclasses import dataclass, replace

from app.domain.calls.call import Call
from app.domain.hunts.effects import Effect
from app.domain.hunts.instructions import Bridge, Instruction, Silent
from app.domain.reasons import Reason
from app.domain.texts.message import TICKET_NUMBER, Message


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one event: the call as it is now, what is spoken or rung, and the trace.

    `trace` holds every reason and effect in the order in which they arose, so that a
    told call reads as it happened.
    """

    call: Call
    instruction: Instruction
    trace: tuple[Effect | Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it went this way, in order."""
        return tuple(part for part in self.trace if isinstance(part, Reason))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Return what shall happen in the system, in order."""
        return tuple(part for part in self.trace if not isinstance(part, Reason))


def numbered(message: Message, number: int) -> Message:
    """Fill the ticket's number in, once it has been given."""
    values = tuple(
        (name, number if value == TICKET_NUMBER else value) for name, value in message.values
    )
    return replace(message, values=values)


def numbered_instruction(instruction: Instruction, number: int) -> Instruction:
    """Fill the ticket's number into everything the instruction says."""
    if isinstance(instruction, Bridge | Silent):
        return instruction
    return replace(
        instruction, says=tuple(numbered(message, number) for message in instruction.says)
    )
