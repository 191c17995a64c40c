"""Whom of a desk no SMS reaches any more, because the number has sent STOP to its line."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.domain.desk import Desk
from app.domain.duty.roster import Roster


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number that takes no SMS from one of our lines."""

    number: str
    line: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody of a desk's people, and the line whose SMS they do not get."""

    desk: str
    who: str
    number: str
    line: str


def unreached(
    desk: Desk, roster: Roster | None, opt_outs: Collection[OptOut]
) -> Iterator[Unreached]:
    """Name everybody on the roster and each contact whose number has opted out."""
    people = roster.people if roster else ()
    theirs = [(person.name, number) for person in people for number in person.numbers]
    theirs += [(contact.role, contact.phone) for contact in desk.contacts if contact.phone]
    for who, number in dict.fromkeys(theirs):
        for line in desk.lines:
            if OptOut(number, line.number) in opt_outs:
                yield Unreached(desk.id, who, number, line.number)
