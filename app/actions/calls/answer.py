"""What a turn answers, of a call or of a call-out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, overload

from sqlalchemy import Connection

from app.domain.callouts.call_out import CallOut, CallOutDecision
from app.domain.calls.call import Call
from app.domain.calls.decision import Decision
from app.domain.desks.desk import Desk
from app.domain.hunts.instructions import Instruction
from app.store.calls import CallOutTurn, Turn


class UnknownCall(Exception):
    """The network speaks of a call that was never stored here."""


class TurnWriter(Protocol):
    """Writes a turn: `apply` in the database, the offline journal while that is away."""

    @overload
    def __call__(self, connection: Connection, turn: Turn) -> Decision: ...
    @overload
    def __call__(self, connection: Connection, turn: CallOutTurn) -> CallOutDecision: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell the network, and what is needed to word it.

    `turn` is the turn that the instruction answers: its action leads to the next one.
    `desk` is None on a line that no desk has.
    """

    held: Call | CallOut
    instruction: Instruction
    turn: int
    now: datetime
    desk: Desk | None = None
    is_repeated: bool = False
