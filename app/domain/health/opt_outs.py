"""Whom of a desk no SMS reaches any more, because the number has sent STOP to its line."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from app.domain.desks.desk import Desk
from app.domain.numbers import parse_number
from app.domain.roster.on_duty import Roster


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number that takes no SMS from one of our lines."""

    number: str
    line: str


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Somebody of a desk's people, and the line whose SMS they do not get."""

    desk: str
    who: str
    number: str
    line: str


def first_that_takes_sms(
    numbers: Iterable[str], desk: Desk, opt_outs: Collection[OptOut]
) -> str | None:
    """Return the first number that can get an SMS from a desk, and has not written STOP to it."""
    if not desk.lines:
        return None
    can = (each for each in numbers if parse_number(each).can_receive_sms)
    return next((to for to in can if OptOut(to, desk.lines[0].number) not in opt_outs), None)


def opt_outs_of(
    desk: Desk, roster: Roster | None, opt_outs: Collection[OptOut]
) -> Iterator[OptedOut]:
    """Name everybody on the roster and each contact whose number has opted out."""
    people = roster.people if roster else ()
    theirs = [(person.name, number) for person in people for number in person.numbers]
    theirs += [(contact.role, contact.phone) for contact in desk.contacts if contact.phone]
    for who, number in dict.fromkeys(theirs):
        for line in desk.lines:
            if OptOut(number, line.number) in opt_outs:
                yield OptedOut(desk.id, who, number, line.number)
