"""What is left of a call when time has passed, or when somebody asks to be forgotten.

Numbers and names go; how the call went and ended stays, so that it still counts. Pure.
How many days each level is kept is the desk's Retention (desks/desk.py); the columns beside the
state are cleared by store/retention.py.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import Call
from app.domain.hunts.hunt import Callee, Hunt, Leg
from app.domain.numbers import NOBODY, NORWAY, mask
from app.domain.tickets.ticket import NO_CONTACT, Ticket

ERASED: Final = "erased"  # stands where a number stood within a longer text
TELEPHONE: Final = re.compile(r"(?<![0-9A-Za-z])\+\d{6,15}(?![0-9A-Za-z])")


class RetentionLevel(StrEnum):
    """How much of a call is kept. It only ever becomes less, in this order."""

    EVERYTHING = "everything"
    NO_TURNS = "no_turns"
    NO_NUMBERS = "no_numbers"
    FIGURES = "figures"


def without_numbers(call: Call) -> Call:
    """Return the call without anybody's telephone number."""
    ticket = _without_contact(call.ticket) if call.ticket else None
    hunt = _unreachable_hunt(call.hunt)
    return replace(call, caller=NOBODY, hunt=hunt, recent_ticket=None, ticket=ticket)


def call_out_without_numbers(call_out: CallOut) -> CallOut:
    """Return the call-out without anybody's telephone number."""
    ticket, hunt = _without_contact(call_out.ticket), _unreachable_hunt(call_out.hunt)
    return replace(call_out, ticket=ticket, hunt=hunt)


def figures_only(call: Call) -> Call:
    """Return the call without its people: who called or was rung, and what was spoken."""
    ticket = _nobodys(call.ticket) if call.ticket else None
    bare = replace(without_numbers(call), customer=None, recording="")
    nobody = replace(bare, staff="", staff_question=None)
    return replace(nobody, ticket=ticket, hunt=_without_people(call.hunt))


def call_out_figures_only(call_out: CallOut) -> CallOut:
    """Return the call-out without its people: who was rung, and what was spoken."""
    ticket, hunt = _nobodys(call_out.ticket), _without_people(call_out.hunt)
    return replace(call_out, ticket=ticket, hunt=hunt, recording="")


def _without_contact(ticket: Ticket) -> Ticket:
    taken = ticket.acknowledged
    return replace(
        ticket,
        contact=NO_CONTACT,
        acknowledged=replace(taken, on_number="") if taken else None,
    )


def _nobodys(ticket: Ticket) -> Ticket:
    bare = replace(_without_contact(ticket), subject="", customer=None)
    return replace(bare, acknowledged=None, closed=None, passed_on_by=(), rings_again=())


def _unreachable_hunt(hunt: Hunt) -> Hunt:
    legs = tuple(_unreachable(leg) for leg in hunt.legs)
    # Nobody's telephone is named by its number, here as in the leg.
    names = {
        leg.callee.person: bare.callee.person for leg, bare in zip(hunt.legs, legs, strict=True)
    }
    unbridged = names.get(hunt.unbridged, hunt.unbridged) if hunt.unbridged else None
    return replace(hunt, legs=legs, first_choice=None, unbridged=unbridged)


def _without_people(hunt: Hunt) -> Hunt:
    legs = (replace(leg, sid="") for leg in _unreachable_hunt(hunt).legs)
    bare = (replace(leg, callee=replace(leg.callee, person="", name="")) for leg in legs)
    return replace(hunt, legs=tuple(bare), first_choice=None, unbridged=None, duty_notified=())


def without_numbers_in(value: object) -> object:
    """Return what JSON can hold, with every E.164 number in it taken out."""
    return _replaced(value, TELEPHONE)


def without_number(value: object, digits: str) -> object:
    """Return what JSON can hold, with one number taken out, however it is written."""
    return _replaced(value, spellings(digits))


def masked_but(value: object, digits: str) -> object:
    """Return what JSON can hold with every E.164 number masked that is not this one."""
    return _with_texts(
        value, lambda text: TELEPHONE.sub(lambda it: _masked_but(it[0], digits), text)
    )


def _masked_but(found: str, digits: str) -> str:
    return found if found == digits else mask(found)


def mentions(value: object, digits: str) -> bool:
    """Tell whether a number stands anywhere in what JSON can hold."""
    return without_number(value, digits) != value


def spellings(digits: str) -> re.Pattern[str]:
    """Match a number as people and programs write it: +47 49 00 90 01, 0047…, 49009001.

    It never matches inside a longer number or a word such as a CallSid.
    """
    national = digits.removeprefix(NORWAY).removeprefix("+")
    code = r"(?:(?:\+|00)?47[ .-]?)?" if digits.startswith(NORWAY) else r"(?:\+|00)?"
    if not digits.startswith("+"):
        code = ""
    grouped = r"[ .-]?".join(national)
    return re.compile(rf"(?<![0-9A-Za-z+]){code}{grouped}(?![0-9A-Za-z])")


def names_that_are_numbers(hunt: Hunt) -> frozenset[str]:
    """Return by what those are named who have no name: a last resort of nobody's in particular."""
    nameless = [leg.callee for leg in hunt.legs if _is_nameless(leg.callee)]
    return frozenset(name for callee in nameless for name in (callee.person, callee.name))


def _unreachable(leg: Leg) -> Leg:
    callee: Callee = replace(leg.callee, number="")
    if _is_nameless(leg.callee):
        callee = replace(callee, person=ERASED, name=ERASED)
    return replace(leg, callee=callee)


def _is_nameless(callee: Callee) -> bool:
    return bool(callee.number) and callee.person == callee.number


def _replaced(value: object, number: re.Pattern[str]) -> object:
    return _with_texts(
        value, lambda text: "" if number.fullmatch(text) else number.sub(ERASED, text)
    )


def _with_texts(value: object, changed: Callable[[str], str]) -> object:
    """Return what JSON can hold with each text in it changed; the names of fields stay."""
    match value:
        case str():
            return changed(value)
        case dict():
            return {name: _with_texts(each, changed) for name, each in value.items()}
        case list():
            return [_with_texts(each, changed) for each in value]
        case _:
            return value
