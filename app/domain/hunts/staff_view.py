"""What somebody of the roster hears in their menu: facts, gathered for their own turns alone."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.message_refs import MessageRef


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A critical ticket that nobody has acknowledged; `customer` is empty where none is known."""

    number: int
    customer: str
    since: datetime
    recording: str = ""  # what its caller said, where that can be played


@dataclass(frozen=True, slots=True)
class StaffView:
    """What is known for somebody's menu, after what their key has changed.

    `done` tells what that was, or why it was not. `took_until` is until when they have the duty
    that they took themselves; `shift` begins the one that waits to be confirmed. `watchers` are
    told when the known outage is over.
    """

    person: str
    name: str
    language: str = ""
    tickets: tuple[OpenTicket, ...] = ()  # by number
    took_until: datetime | None = None
    shift: datetime | None = None
    watchers: int = 0
    done: tuple[MessageRef, ...] = ()

    def after(self, number: int) -> OpenTicket | None:
        """Return the ticket that is read after this one."""
        return next((each for each in self.tickets if each.number > number), None)

    def ticket(self, number: int) -> OpenTicket | None:
        """Return the one with this number; somebody else may have taken it."""
        return next((each for each in self.tickets if each.number == number), None)
