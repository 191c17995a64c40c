"""Whom a call rings for its caller: the first line, the duty, or whoever has the case.

Forks of the call flow. In which order people are rung is hunts/ringing_order.py, and who is
rung next hunts/who_is_rung.py.
"""

from typing import Final

from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.copies import replace
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.hunt import Callee
from app.domain.hunts.ringing_order import first_line_of, talking
from app.domain.hunts.who_is_rung import (
    OF_FIRST_LINE,
    NextRing,
    asked_owner,
    duty_seconds,
    first_line_seconds,
    is_woken_enough,
    limit_reached,
    ring,
    ring_next,
    why_not_woken,
)
from app.domain.hunts.who_is_rung import ring_duty as ring_next_of_duty
from app.domain.reasons import Code, because
from app.domain.roles import Role
from app.domain.roster.plan import has_left

# Where ringing begins again after a talk, by the role of who took it; else at the duty.
AGAIN: Final = {
    Role.FIRST_LINE: Step.RING_FIRST_LINE,
    Role.TICKET_OWNER: Step.RING_TICKET_OWNER,
}

# Calls of our own need the worker; without it, the caller is rung for in order instead.
PLACED_WITHIN: Final = 5  # seconds
LONGEST_WAIT: Final = 180  # seconds; a leg whose end was never told must not hold the caller


def may_be_answered(call: HuntHolder, waited: int) -> bool:
    """Tell whether the caller waits on in the queue, after so many seconds.

    As long as one who was rung has accepted, or rings on a leg that the network took.
    """
    if call.has_ended or waited > LONGEST_WAIT:
        return False
    if call.hunt.accepted_leg is not None:
        return True
    is_early = waited < PLACED_WITHIN
    return any(leg.placed or is_early for leg in call.hunt.ringing)


def ring_first_line(context: CallContext) -> Branch:
    """Choose the next telephone of the first line, or all of them at once."""
    callees, seconds = tuple(first_line_of(context.desk)), first_line_seconds(context)
    if not callees:
        return Branch(Step.FIRST_LINE_SILENT, context.call, (because(Code.NO_FIRST_LINE),))
    if _at_once(context, callees):
        busy = {*asked_owner(context.hunt), context.call.caller.digits}
        anew = tuple(c for c in callees if c.number not in busy)
        return _branch(context, ring(context, anew, seconds), Step.FIRST_LINE_RINGS)
    rang = ring_next(context, callees, seconds)
    return _branch(context, rang, Step.FIRST_LINE_RINGS, Step.FIRST_LINE_SILENT)


def ring_duty(context: CallContext) -> Branch:
    """Choose whom of the duty to ring next. Of a ticket that the call joined they know already."""
    rang = ring_next_of_duty(context, notifies=not context.call.joined)
    return _branch(context, rang, Step.DUTY_RINGS, Step.MESSAGE)


def ring_again(context: CallContext) -> Branch:
    """Ring the one who accepted before first, then the others as if anew."""
    call = context.call
    leg = call.hunt.accepted
    role = leg.callee.role if leg else Role.FIRST_LINE
    again = replace(call, hunt=call.hunt.begun_anew(leg.callee.number if leg else None))
    trace = (because(Code.SAME_PERSON_FIRST, name=leg.callee.name),) if leg else ()
    return Branch(AGAIN.get(role, Step.RING_DUTY), again, trace)


def ring_ticket_owner(context: CallContext) -> Branch:
    """Ring whoever took an earlier call about the case; then whoever would be rung anyway."""
    owner = _ticket_owner(context)
    if (
        owner is None
        or owner.number in asked_owner(context.hunt)
        or limit_reached(context) is not None
    ):
        return Branch(Step.WHO_SHALL_ANSWER, context.call)
    if is_woken_enough(context, owner):
        return Branch(Step.WHO_SHALL_ANSWER, context.call, why_not_woken(context, (owner,)))
    if talking(context, (owner,)):
        reason = because(Code.TALKING, name=owner.name)
        return Branch(Step.WHO_SHALL_ANSWER, context.call, (reason,))
    reason = because(Code.HAS_THE_TICKET, name=owner.name)
    rang = ring(context, (owner,), duty_seconds(context)).after((reason,))
    return _branch(context, rang, Step.TICKET_OWNER_RINGS)


def hunt_in_order(context: CallContext, why: Code) -> Branch:
    """Go over to ringing in order, when ringing all at once came to nothing."""
    anew = replace(context.hunt, in_order=True, start=len(context.hunt.legs))
    return Branch(Step.RING_FIRST_LINE, replace(context.call, hunt=anew), (because(why),))


def _branch(
    context: CallContext, rang: NextRing, rings: Step, silent: Step | None = None
) -> Branch:
    to = rings if rang.is_ringing or silent is None else silent
    return Branch(to, replace(context.call, hunt=rang.hunt), rang.trace)


def _at_once(context: CallContext, callees: tuple[Callee, ...]) -> bool:
    hunt = context.hunt
    if not context.desk.first_line.at_once or hunt.in_order or hunt.first_choice:
        return False
    return len(callees) > 1 and not hunt.rung_as(OF_FIRST_LINE)


def _ticket_owner(context: CallContext) -> Callee | None:
    """Find them as they stand in the roster or the first line now: who has left is not rung."""
    ticket_before, roster = context.call.recent_ticket, context.world.roster
    taken = ticket_before.acknowledged if ticket_before else None
    if taken is None or not taken.person:
        return None
    person = roster.person(taken.person) if roster else None
    if roster and person and person.numbers and not has_left(roster, person.id, context.now):
        took_it = taken.on_number
        number = took_it if took_it in person.numbers else person.numbers[0]
        language = person.language or context.line.languages[0]
        return Callee(person.id, person.name, number, Role.TICKET_OWNER, language)
    phone = next((c for c in first_line_of(context.desk) if c.person == taken.person), None)
    return replace(phone, role=Role.TICKET_OWNER) if phone else None
