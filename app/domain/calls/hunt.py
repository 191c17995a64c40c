"""Whom to ring: the first line or the duty, one number after another, each with its reason.

What is remembered is WHO was rung, not how many: the list may change during a call.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.domain.calls import call_ticket
from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.hunts.callees import first_line_of, on_the_list
from app.domain.hunts.effects import CancelLeg, Effect, PlaceLeg
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome, RateLimit, RungAs
from app.domain.reasons import Code, Reason, because
from app.domain.roster.on_duty import DutyList, Role, Roster, on_duty
from app.domain.texts.message import MessageRef

# Where ringing begins again after a talk, by the role of who took it; else at the duty.
AGAIN: Final = {
    RungAs.FIRST_LINE: Step.RING_FIRST_LINE,
    RungAs.TICKET_OWNER: Step.RING_TICKET_OWNER,
}


def ring_first_line(context: CallContext) -> Branch:
    """Choose the next telephone of the first line, or all of them at once."""
    callees = tuple(_first_line(context))
    if not callees:
        return Branch(Step.FIRST_LINE_SILENT, context.call, (because(Code.NO_FIRST_LINE),))
    if _at_once(context, callees):
        busy = {*_asked_before(context), context.call.caller.digits}
        anew = tuple(c for c in callees if c.number not in busy)
        return _ring(context, Step.FIRST_LINE_RINGS, anew, ())
    return _ring_next(context, callees, Step.FIRST_LINE_RINGS, Step.FIRST_LINE_SILENT, ())


def _at_once(context: CallContext, callees: tuple[Callee, ...]) -> bool:
    if (
        not context.desk.first_line.at_once
        or context.call.hunt.in_order
        or context.call.hunt.first_choice
    ):
        return False
    return len(callees) > 1 and not _rung(context, Step.FIRST_LINE_RINGS)


def ring_duty(context: CallContext) -> Branch:
    """Choose whom of the duty to ring next: primary, backup, last resort; tell all by SMS once."""
    return next_of_duty(context, Step.DUTY_RINGS, Step.MESSAGE)


def next_of_duty(context: CallContext, rings: Step, silent: Step) -> Branch:
    """Ring the next of the duty at one step; go to the other when nobody is left."""
    roster = context.world.roster
    duty_list = on_duty(roster, context.now) if roster else DutyList(())
    trace: tuple[Effect | Reason, ...] = ()
    if not _rung(context, rings):
        trace = tuple(_why_these(roster, duty_list))
    call, messages = call_ticket.notify_duty(context, context.call, duty_list)
    context = context.of(call)
    callees = tuple(_duty(context, duty_list))
    return _ring_next(context, callees, rings, silent, (*trace, *messages))


def ring_again(context: CallContext) -> Branch:
    """Ring the one who accepted before first, then the others as if anew."""
    call = context.call
    leg = call.hunt.accepted
    role = leg.callee.role if leg else RungAs.FIRST_LINE
    again = replace(call, hunt=call.hunt.begun_anew(leg.callee.number if leg else None))
    trace = (because(Code.SAME_PERSON_FIRST, name=leg.callee.name),) if leg else ()
    return Branch(AGAIN.get(role, Step.RING_DUTY), again, trace)


def ring_ticket_owner(context: CallContext) -> Branch:
    """Ring whoever took an earlier call about the case; then whoever would be rung anyway."""
    holder = _ticket_owner(context)
    if holder is None or holder.number in _asked_before(context) or _ceiling(context) is not None:
        return Branch(Step.WHO_SHALL_ANSWER, context.call)
    if _is_woken_enough(context, holder):
        return Branch(Step.WHO_SHALL_ANSWER, context.call, _why_not_woken(context, (holder,)))
    if _talking(context, (holder,)):
        reason = because(Code.TALKING, name=holder.name)
        return Branch(Step.WHO_SHALL_ANSWER, context.call, (reason,))
    reason = because(Code.HAS_THE_TICKET, name=holder.name)
    return _ring(context, Step.TICKET_OWNER_RINGS, (holder,), (reason,))


def _ticket_owner(context: CallContext) -> Callee | None:
    """Find them as they stand in the roster or the first line now: who has left is not rung."""
    ticket_before, roster = context.call.recent_ticket, context.world.roster
    taken = ticket_before.acknowledged if ticket_before else None
    if taken is None or not taken.person:
        return None
    person = roster.person(taken.person) if roster else None
    if person and person.numbers:
        took_it = taken.on_number
        number = took_it if took_it in person.numbers else person.numbers[0]
        language = person.language or context.line.languages[0]
        return Callee(person.id, person.name, number, RungAs.TICKET_OWNER, language)
    phone = next((c for c in _first_line(context) if c.person == taken.person), None)
    return replace(phone, role=RungAs.TICKET_OWNER) if phone else None


def _asked_before(context: CallContext) -> set[str]:
    """The number of whoever has the case, once it has been rung in this hunt."""
    return {
        leg.callee.number
        for leg in context.call.hunt.own_legs
        if leg.callee.role is RungAs.TICKET_OWNER
    }


def first_line_seconds(context: CallContext) -> int:
    """Return how long a telephone of the first line rings."""
    return context.desk.first_line.ring_seconds


def duty_seconds(context: CallContext) -> int:
    """Return how long a telephone of the duty rings."""
    return context.desk.duty.ring_seconds if context.desk.duty else first_line_seconds(context)


def hunt_in_order(context: CallContext, why: Code) -> Branch:
    """Go over to ringing in order, when ringing all at once came to nothing."""
    anew = replace(context.call.hunt, in_order=True, start=len(context.call.legs))
    call = replace(context.call, hunt=anew)
    return Branch(Step.RING_FIRST_LINE, call, (because(why),))


def stop_ringing(context: CallContext, outcome: LegOutcome) -> tuple[Hunt, tuple[CancelLeg, ...]]:
    """End every leg that still rings, and stop those that are calls of their own."""
    stopped = tuple(CancelLeg(leg.id, leg.sid) for leg in context.call.ringing if leg.own_call)
    return context.call.hunt.stopped(outcome), stopped


def _ring_next(
    context: CallContext,
    callees: tuple[Callee, ...],
    rings: Step,
    silent: Step,
    trace: tuple[Effect | Reason, ...],
) -> Branch:
    rung = _rung(context, rings)
    done = rung | _asked_before(context) | _passed_on(context, callees)
    left = [c for c in callees if c.number not in done]
    if not left:
        code = Code.NOBODY_LEFT_TO_RING if callees else Code.NOBODY_ON_DUTY
        return Branch(silent, context.call, (*trace, because(code)))
    ceiling = _ceiling(context)
    if ceiling is not None:
        trace = (*trace, because(Code.CEILING, limit=ceiling))
        is_own = len(context.call.legs) >= context.desk.ceilings.rings_per_call
        return (
            Branch(silent, context.call, trace) if is_own else _rate_limited(context, silent, trace)
        )
    spared = [c for c in left if _is_woken_enough(context, c)]
    left = [c for c in left if c not in spared]
    trace = (*trace, *_why_not_woken(context, spared))
    if not left:
        return _rate_limited(context, silent, trace)
    ordered = _in_ringing_order(context, left)
    why = () if rung else _why_last(context, left)
    return _ring(context, rings, (ordered[0],), (*trace, *why))


def _rate_limited(context: CallContext, silent: Step, trace: tuple[Effect | Reason, ...]) -> Branch:
    """Ring nobody more in this call: call-outs follow for a critical ticket, and an alarm."""
    limit = RateLimit.STRANGERS if context.is_stranger else RateLimit.CUSTOMERS
    return Branch(silent, replace(context.call, rate_limited=limit), trace)


def _is_woken_enough(context: CallContext, callee: Callee) -> bool:
    """Tell whether strangers' calls may wake this person no more for now."""
    return callee.role is not RungAs.FIRST_LINE and not context.may_wake(callee.person)


def _why_not_woken(context: CallContext, spared: Iterable[Callee]) -> tuple[Reason, ...]:
    limit = context.desk.ceilings.stranger_wakes_per_hour
    names = dict.fromkeys(callee.name for callee in spared)
    return tuple(because(Code.WOKEN_TOO_OFTEN, name=name, limit=limit) for name in names)


def _why_last(context: CallContext, callees: list[Callee]) -> tuple[Reason, ...]:
    talking, missed = _talking(context, callees), context.world.missed
    aside = dict.fromkeys(c.name for c in callees if c.number in talking)
    late = dict.fromkeys(c.name for c in callees if c.person in missed and c.name not in aside)
    if all(c.person in missed for c in callees):  # nobody is left to be rung before them
        late = {}
    return (
        *(because(Code.TALKING, name=name) for name in aside),
        *(because(Code.MISSED_A_CALL_OUT, name=name) for name in late),
    )


def _ring(
    context: CallContext, to: Step, callees: tuple[Callee, ...], trace: tuple[Effect | Reason, ...]
) -> Branch:
    """Add a leg for each callee; several at once, and those of a call-out, are calls of their
    own.
    """
    first = context.call.hunt.next_id
    own_call = len(callees) > 1 or context.call.call_out_number > 0
    legs = tuple(
        Leg(first + count, callee, own_call=own_call, for_stranger=context.is_stranger)
        for count, callee in enumerate(callees)
    )
    placed: tuple[PlaceLeg, ...] = ()
    if own_call:
        seconds = (
            duty_seconds(context) if context.call.call_out_number else first_line_seconds(context)
        )
        placed = tuple(PlaceLeg(leg.id, leg.callee, seconds) for leg in legs)
    return Branch(
        to, replace(context.call, hunt=context.call.hunt.adding(*legs)), (*trace, *placed)
    )


def _in_ringing_order(context: CallContext, callees: list[Callee]) -> list[Callee]:
    """The one who accepted before first; who talks elsewhere or missed a call-out last."""
    talking, missed = _talking(context, callees), context.world.missed
    return sorted(
        callees,
        key=lambda c: (
            c.number != context.call.hunt.first_choice,
            c.number in talking,
            c.person in missed,
        ),
    )


def _talking(context: CallContext, callees: Iterable[Callee]) -> set[str]:
    """All numbers of everybody who talks on another of our calls now, or is this one's caller."""
    callees = tuple(callees)
    caller = (
        "" if context.call.call_out_number or context.call.has_ended else context.call.caller.digits
    )
    busy = context.world.talking | {caller}  # who is on duty and calls themselves
    people = {c.person for c in callees if c.number in busy}
    return {c.number for c in callees if c.person in people}


def _rung(context: CallContext, rings: Step) -> set[str]:
    """The numbers of this hunt that were rung as first line, or as duty."""
    first_line = rings is Step.FIRST_LINE_RINGS
    return {
        leg.callee.number
        for leg in context.call.hunt.own_legs
        if leg.callee.role is not RungAs.TICKET_OWNER
        and (leg.callee.role is RungAs.FIRST_LINE) is first_line
    }


def _passed_on(context: CallContext, callees: tuple[Callee, ...]) -> set[str]:
    """All numbers of those who sent it on with 2: they are awake, and have said no."""
    people = {
        leg.callee.person
        for leg in context.call.hunt.own_legs
        if leg.outcome is LegOutcome.PASSED and leg.callee.role is not RungAs.FIRST_LINE
    }
    return {c.number for c in callees if c.person in people and c.role is not RungAs.FIRST_LINE}


def _ceiling(context: CallContext) -> int | None:
    """Return the ceiling that is reached, or None: it keeps the cost of a call within bounds.

    A call-out is bounded by its own times: a full hour must not end it.
    """
    limits = context.desk.ceilings
    if len(context.call.legs) >= limits.rings_per_call:
        return limits.rings_per_call
    is_full = not context.call.call_out_number and context.rings_this_hour >= limits.rings_per_hour
    return limits.rings_per_hour if is_full else None


def _first_line(context: CallContext) -> Iterator[Callee]:
    return first_line_of(context.desk)


def _duty(context: CallContext, duty_list: DutyList) -> Iterator[Callee]:
    return on_the_list(duty_list, context.line.languages[0])


def _why_these(roster: Roster | None, duty_list: DutyList) -> Iterator[Reason]:
    for entry in duty_list.ringing:
        if entry.person:
            role = MessageRef(f"role.{entry.role}")
            yield because(Code.ON_DUTY, name=entry.person.name, role=role)
    for skipped in duty_list.skipped:
        person = roster.person(skipped.person) if roster else None
        name = person.name if person else skipped.person
        yield because(Code.SKIPPED, name=name, why=MessageRef(f"roster.{skipped.why.code}"))
    if all(entry.role is Role.LAST_RESORT for entry in duty_list.ringing):
        yield because(Code.NOBODY_ON_DUTY)
