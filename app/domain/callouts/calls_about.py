"""What has happened about a ticket: the calls and call-outs that say when the next one is due."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.callouts.call_out import CallOut


@dataclass(frozen=True, slots=True)
class CallAbout:
    """A caller's call about the ticket: when it ended, and what was spoken in it."""

    ended_at: datetime | None = None
    recording: str = ""


@dataclass(frozen=True, slots=True)
class CallsAbout:
    """What has happened about a ticket: other things than the ticket, in rows of their own.

    `calls`: the caller's that opened it first, then those that keep a call-out waiting; none about
    a ticket that no call opened. `last`: the last call-out. `moved_at`: when something last
    happened in any of them. `strangers_rang_at`: when the desk's duty was last rung about another
    ticket of a stranger. `is_placing`: a leg of the last call-out waits for a worker that places
    it. `desk_rings`: a call-out about another ticket rings at the desk.
    """

    moved_at: datetime
    calls: tuple[CallAbout, ...] = ()
    last_began_at: datetime | None = None
    last: CallOut | None = None
    strangers_rang_at: datetime | None = None
    is_placing: bool = False
    desk_rings: bool = False
