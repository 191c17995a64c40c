"""The order in which people are rung: the first line, the duty; and who comes last for once.

Who of them is rung next in a call stands in who_is_rung.py, and without the system in
site_outage.py.
"""

from collections.abc import Iterable, Iterator

from app.domain.desks.desk import Desk
from app.domain.hunts.context import HuntContext
from app.domain.hunts.hunt import Callee
from app.domain.numbers import in_pairs
from app.domain.reasons import Code, Reason, because
from app.domain.roles import Role
from app.domain.roster.on_duty import DutyList
from app.domain.tickets.ticket import RingAgain


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


def in_ringing_order(context: HuntContext, callees: list[Callee]) -> list[Callee]:
    """The one who accepted before first, then who asked to be rung again; who talks elsewhere,
    passed it on or missed one last.
    """
    busy, missed, passed = talking(context, callees), context.world.missed, _passed_on_by(context)
    again = _rung_again(context)
    return sorted(
        callees,
        key=lambda c: (
            c.number != context.hunt.first_choice,
            c.number in busy,
            c.person != again,
            c.person in passed,
            c.person in missed,
        ),
    )


def why_this_order(context: HuntContext, callees: list[Callee]) -> tuple[Reason, ...]:
    """Name those who are rung before or after all others, and why."""
    busy, missed = talking(context, callees), context.world.missed
    aside = dict.fromkeys(c.name for c in callees if c.number in busy)
    again = _rung_again(context)
    first = dict.fromkeys(c.name for c in callees if c.person == again and c.name not in aside)
    passed = dict.fromkeys(
        c.name for c in callees if c.person in _passed_on_by(context) and c.name not in first
    )
    late = dict.fromkeys(c.name for c in callees if c.person in missed and c.name not in aside)
    if all(c.person in missed for c in callees):  # nobody is left to be rung before them
        late = {}
    return (
        *(because(Code.RING_AGAIN, name=name) for name in first),
        *(because(Code.TALKING, name=name) for name in aside),
        *(because(Code.PASSED_IT_ON, name=name) for name in passed),
        *(because(Code.MISSED_A_CALL_OUT, name=name) for name in late),
    )


def _passed_on_by(context: HuntContext) -> tuple[str, ...]:
    """Name the people who have passed on the ticket that is rung about."""
    return context.ticket.passed_on_by if context.ticket else ()


def without_pausing(context: HuntContext, callees: Iterable[Callee]) -> list[Callee]:
    """Leave out whoever has a pause: of a call-out that began before it ends, in all of it."""
    asked = _pause(context)
    person = asked.person if asked and asked.until > context.holder.started_at else None
    return [c for c in callees if c.person != person]


def why_pausing(context: HuntContext, callees: Iterable[Callee]) -> tuple[Reason, ...]:
    """Name whoever is left out."""
    left = without_pausing(context, callees := tuple(callees))
    names = dict.fromkeys(c.name for c in callees if c not in left)
    return tuple(because(Code.ASKS_FOR_PAUSE, name=name) for name in names)


def _rung_again(context: HuntContext) -> str:
    """Name whoever asked to be rung again by the time at which the call-out began."""
    asked = _pause(context)
    return asked.person if asked and asked.until <= context.holder.started_at else ""


def _pause(context: HuntContext) -> RingAgain | None:
    asked = context.ticket.rings_again if context.ticket and context.rules.keeps_pauses else ()
    return asked[-1] if asked else None


def talking(context: HuntContext, callees: Iterable[Callee]) -> set[str]:
    """All numbers of everybody who talks on another of our calls now, or is this one's caller."""
    callees = tuple(callees)
    busy = context.world.talking | {context.waiting_number}  # who is on duty and calls themselves
    people = {c.person for c in callees if c.number in busy}
    return {c.number for c in callees if c.person in people}
