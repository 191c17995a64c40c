"""Whose number is it: names for everybody on the live documents, for the terminal's eyes."""

from collections.abc import Iterable, Mapping

from app.domain.texts.plain import spaced
from app.store.desks import LiveDesk


def contact_names(desks: Iterable[LiveDesk]) -> dict[str, str]:
    """Name every number that the desks can ring or are rung at."""
    names: dict[str, str] = {}
    for live in desks:
        for number in live.roster.last_resort_numbers if live.roster else ():
            names[number] = "last resort"
        for person in live.roster.people if live.roster else ():
            names |= dict.fromkeys(person.numbers, person.name)
        names |= {phone.number: phone.name for phone in live.desk.first_line.phones}
        names |= {line.number: f"{live.desk.name} {line.kind}" for line in live.desk.lines}
    return names


def named(number: str, names: Mapping[str, str]) -> str:
    """Write a number with its owner's name, where we know it."""
    name = names.get(number)
    return f"{name} {spaced(number)}" if name else spaced(number)
