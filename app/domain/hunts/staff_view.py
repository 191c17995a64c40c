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
class StaffQuestion:
    """What a question of the menu is about: an outage, a shift, a duty that was taken, by its id.

    Or, without one, an outage to be marked, or the duty of `person` to be taken. `when` is the time
    that is told with it. It is kept with the call: the answer to it changes nothing else.
    """

    about: int = 0
    when: datetime | None = None
    person: str = ""

    def is_same(self, other: "StaffQuestion | None") -> bool:
        """Tell whether both are about the same; the time that is told may have been put right."""
        return other is not None and (self.about, self.person) == (other.about, other.person)


@dataclass(frozen=True, slots=True)
class StaffView:
    """What is known for somebody's menu, after what their key has changed.

    `done` tells what that was, or why it was not. `took` is the duty that they took themselves and
    still have, and until when; `shift` the next one that waits to be confirmed, and its beginning.
    `watchers` are told when the known outage is over.
    """

    person: str
    name: str
    language: str = ""
    tickets: tuple[OpenTicket, ...] = ()  # by number
    took: StaffQuestion | None = None
    shift: StaffQuestion | None = None
    watchers: int = 0
    done: tuple[MessageRef, ...] = ()

    def after(self, number: int) -> OpenTicket | None:
        """Return the ticket that is read after this one."""
        return next((each for each in self.tickets if each.number > number), None)

    def ticket(self, number: int) -> OpenTicket | None:
        """Return the one with this number; somebody else may have taken it."""
        return next((each for each in self.tickets if each.number == number), None)
