"""Whose number it is that shall be tried, and which line of ours rings it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.desks.desk import Line, LineKind
from app.domain.message_refs import Value, ref
from app.store.desks import LiveDesk


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """A number with whoever has it. `who` is empty where no desk knows it."""

    number: str
    who: Value
    desk: str
    desk_name: str
    time_zone: str
    line: str
    language: str


def number_owner(number: str, desks: tuple[LiveDesk, ...]) -> NumberOwner | None:
    """Return who would be rung at a number, or told something there; None where nobody would."""
    for live in desks:
        for theirs, who, language, kind in _people(live):
            if theirs == number:
                return _number_owner(number, who, live, _line(live, kind), language)
    return None


def unknown_owner(number: str, desks: tuple[LiveDesk, ...]) -> NumberOwner | None:
    """Return a number that no desk knows, rung with the first desk's line; None without a desk."""
    return (
        _number_owner(number, "", desks[0], _line(desks[0], LineKind.SUPPORT), "")
        if desks
        else None
    )


def _people(live: LiveDesk) -> Iterator[tuple[str, Value, str, LineKind]]:
    """Yield each number with its owner, their language and the kind of line that rings them."""
    for person in live.roster.people if live.roster else ():
        for number in person.numbers:
            yield number, person.name, person.language, LineKind.DUTY
    for number in live.roster.last_resort_numbers if live.roster else ():
        yield number, ref("preflight.last_resort"), "", LineKind.DUTY
    for phone in live.desk.first_line.phones:
        yield phone.number, phone.name, phone.language, LineKind.SUPPORT
    for contact in live.desk.contacts:
        yield contact.phone, contact.role, "", LineKind.SUPPORT


def _line(live: LiveDesk, kind: LineKind) -> Line:
    lines = live.desk.lines
    return next((line for line in lines if line.kind is kind), lines[0])


def _number_owner(
    number: str, who: Value, live: LiveDesk, line: Line, language: str
) -> NumberOwner:
    desk = live.desk
    return NumberOwner(
        number=number,
        who=who,
        desk=desk.id,
        desk_name=desk.name,
        time_zone=desk.time_zone,
        line=line.number,
        language=language or line.languages[0],
    )
