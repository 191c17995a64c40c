"""Whose number is it: names for everybody on the live documents, for the terminal's eyes."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.demo.wording import DemoWording
from app.domain.desks.desk import LineKind
from app.domain.message_refs import ref
from app.domain.texts.written_moments import spaced
from app.store.desks import LiveDesk

LINES: Final = {LineKind.SUPPORT: "demo.support_line", LineKind.DUTY: "demo.duty_line"}


def contact_names(desks: Iterable[LiveDesk], wording: DemoWording) -> dict[str, str]:
    """Name every number that the desks can ring or are rung at."""
    names: dict[str, str] = {}
    for live in desks:
        for number in live.roster.last_resort_numbers if live.roster else ():
            names[number] = wording.write(ref("role.last_resort"))
        for person in live.roster.people if live.roster else ():
            names |= dict.fromkeys(person.numbers, person.name)
        names |= {phone.number: phone.name for phone in live.desk.first_line.phones}
        names |= {
            line.number: wording.write(ref(LINES[line.kind], desk=live.desk.name))
            for line in live.desk.lines
        }
    return names


def named(number: str, names: Mapping[str, str]) -> str:
    """Write a number with its owner's name, where we know it."""
    name = names.get(number)
    return f"{name} {spaced(number)}" if name else spaced(number)
