"""Those whom a desk rings, in the order in which they are rung: the first line, the duty.

Who of them is rung in a call stands in who_is_rung.py, and without the system in site_outage.py.
"""

from collections.abc import Iterator

from app.domain.desks.desk import Desk
from app.domain.hunts.hunt import Callee
from app.domain.numbers import in_pairs
from app.domain.roles import Role
from app.domain.roster.on_duty import DutyList


def first_line_of(desk: Desk) -> Iterator[Callee]:
    """Name each telephone of the first line."""
    for phone in desk.first_line.phones:
        yield Callee(phone.name, phone.name, phone.number, Role.FIRST_LINE, phone.language)


def on_the_list(duty_list: DutyList, desk_language: str) -> Iterator[Callee]:
    """Name each person's numbers in turn, the next person's, at last the last resort."""
    for entry in duty_list.ringing:
        person = entry.person
        for number in entry.numbers:
            if person:
                language = person.language or desk_language
                yield Callee(person.id, person.name, number, entry.role, language)
            else:
                name = in_pairs(number)  # nobody's: who lifts it says so
                yield Callee(number, name, number, Role.LAST_RESORT, desk_language)
