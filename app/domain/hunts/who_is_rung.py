"""Whom to ring next: one number after another, each with its reason.

What is remembered is WHO was rung, not how many: the list may change meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.copies import replace
from app.domain.hunts.context import HuntContext
from app.domain.hunts.duty_sms import notify_duty
from app.domain.hunts.effects import CancelLeg, PlaceLeg, Trace
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome, RateLimit
from app.domain.hunts.ringing_order import (
    in_ringing_order,
    on_the_list,
    why_pausing,
    why_this_order,
    without_pausing,
)
from app.domain.reasons import Code, Reason, because, text_key
from app.domain.roles import DUTY_ROLES, Role
from app.domain.roster.on_duty import DutyList, Roster, on_duty
from app.domain.texts.message import MessageRef

OF_FIRST_LINE = frozenset({Role.FIRST_LINE})


@dataclass(frozen=True, slots=True)
class NextRing:
    """The hunt when the next one rings, and why they do; or why nobody does."""

    hunt: Hunt
    is_ringing: bool
    trace: Trace = ()

    def after(self, trace: Trace) -> "NextRing":
        """Return the same with what came before it."""
        return replace(self, trace=(*trace, *self.trace))


def ring_duty(context: HuntContext, *, notifies: bool = True) -> NextRing:
    """Ring the next of the duty: primary, backup, last resort; tell all by SMS once."""
    roster = context.world.roster
    duty_list = on_duty(roster, context.now) if roster else DutyList(())
    is_first = not context.hunt.rung_as(DUTY_ROLES)
    why = tuple(_why_these(roster, duty_list)) if is_first else ()
    hunt, messages = notify_duty(context, duty_list) if notifies else (context.hunt, ())
    context = context.hunting(hunt)
    callees = tuple(on_the_list(duty_list, context.line.languages[0]))
    return ring_next(context, callees, duty_seconds(context)).after((*why, *messages))


def next_of_duty(context: HuntContext) -> Callee | None:
    """Return who of the duty would be rung first now, where anybody would."""
    roster = context.world.roster
    duty_list = on_duty(roster, context.now) if roster else DutyList(())
    callees = without_pausing(context, on_the_list(duty_list, context.line.languages[0]))
    return next(iter(in_ringing_order(context, callees)), None)


def ring_next(context: HuntContext, callees: tuple[Callee, ...], seconds: int) -> NextRing:
    """Ring the next of the first line, or of the duty."""
    hunt, roles = context.hunt, DUTY_ROLES if _are_duty(callees) else OF_FIRST_LINE
    rung = hunt.rung_as(roles)
    done = rung | asked_owner(hunt) | _passed_on(hunt, callees)
    left = without_pausing(context, (c for c in callees if c.number not in done))
    if not left:
        code = Code.NOBODY_LEFT_TO_RING if callees else Code.NOBODY_ON_DUTY
        return NextRing(hunt, is_ringing=False, trace=(because(code),))
    limit = limit_reached(context)
    if limit is not None:
        return _limited(context, limit)
    spared = [c for c in left if is_woken_enough(context, c)]
    why_spared = why_not_woken(context, spared)
    left = [c for c in left if c not in spared]
    if not left:
        return _rate_limited(context, why_spared)
    why_order = () if rung else (*why_pausing(context, callees), *why_this_order(context, left))
    first = in_ringing_order(context, left)[0]
    return ring(context, (first,), seconds).after((*why_spared, *why_order))


def ring(context: HuntContext, callees: tuple[Callee, ...], seconds: int) -> NextRing:
    """Add a leg for each callee; several at once, and those of a call-out, are calls of their
    own.
    """
    first = context.hunt.next_id
    own_call = len(callees) > 1 or context.rules.own_calls
    legs = tuple(
        Leg(first + count, callee, own_call=own_call, for_stranger=context.is_stranger)
        for count, callee in enumerate(callees)
    )
    placed = tuple(PlaceLeg(leg.id, leg.callee, seconds) for leg in legs if own_call)
    return NextRing(context.hunt.adding(*legs), is_ringing=True, trace=placed)


def stop_ringing(hunt: Hunt, outcome: LegOutcome) -> tuple[Hunt, tuple[CancelLeg, ...]]:
    """End every leg that still rings, and stop those that are calls of their own."""
    stopped = tuple(CancelLeg(leg.id, leg.sid) for leg in hunt.ringing if leg.own_call)
    return hunt.stopped(outcome), stopped


def asked_owner(hunt: Hunt) -> set[str]:
    """Return the number of whoever has the case, once it has been rung in this hunt."""
    return hunt.rung_as((Role.TICKET_OWNER,))


def first_line_seconds(context: HuntContext) -> int:
    """Return how long a telephone of the first line rings."""
    return context.desk.first_line.ring_seconds


def duty_seconds(context: HuntContext) -> int:
    """Return how long a telephone of the duty rings."""
    return context.desk.duty.ring_seconds if context.desk.duty else first_line_seconds(context)


def limit_reached(context: HuntContext) -> int | None:
    """Return the limit that is reached, or None: it keeps the cost within bounds."""
    limits = context.desk.ceilings
    if _has_rung_enough(context):
        return limits.rings_per_call
    is_full = context.rules.hourly_limits and context.rings_this_hour >= limits.rings_per_hour
    return limits.rings_per_hour if is_full else None


def is_woken_enough(context: HuntContext, callee: Callee) -> bool:
    """Tell whether strangers' calls may wake this person no more for now."""
    return callee.role is not Role.FIRST_LINE and not context.may_wake(callee.person)


def why_not_woken(context: HuntContext, spared: Iterable[Callee]) -> tuple[Reason, ...]:
    """Name those who have been woken often enough for strangers."""
    limit = context.desk.ceilings.stranger_wakes_per_hour
    names = dict.fromkeys(callee.name for callee in spared)
    return tuple(because(Code.WOKEN_TOO_OFTEN, name=name, limit=limit) for name in names)


def _are_duty(callees: tuple[Callee, ...]) -> bool:
    return all(callee.role is not Role.FIRST_LINE for callee in callees)


def _has_rung_enough(context: HuntContext) -> bool:
    return len(context.hunt.legs) >= context.desk.ceilings.rings_per_call


def _limited(context: HuntContext, limit: int) -> NextRing:
    """A call's own limit only ends its ringing; those of the hour are told of."""
    trace = (because(Code.CEILING, limit=limit),)
    if _has_rung_enough(context):
        return NextRing(context.hunt, is_ringing=False, trace=trace)
    return _rate_limited(context, trace)


def _rate_limited(context: HuntContext, trace: Trace) -> NextRing:
    """Ring nobody more in this call: call-outs follow for a critical ticket, and an alarm."""
    limit = RateLimit.STRANGERS if context.is_stranger else RateLimit.CUSTOMERS
    hunt = replace(context.hunt, rate_limited=limit)
    return NextRing(hunt, is_ringing=False, trace=trace)


def _passed_on(hunt: Hunt, callees: tuple[Callee, ...]) -> set[str]:
    """All numbers of those who sent it on with 2: they are awake, and have said no."""
    people = {
        leg.callee.person
        for leg in hunt.own_legs
        if leg.outcome is LegOutcome.PASSED and leg.callee.role is not Role.FIRST_LINE
    }
    return {c.number for c in callees if c.person in people and c.role is not Role.FIRST_LINE}


def _why_these(roster: Roster | None, duty_list: DutyList) -> Iterator[Reason]:
    for entry in duty_list.ringing:
        if entry.person:
            role = MessageRef(f"role.{entry.role}")
            yield because(Code.ON_DUTY, name=entry.person.name, role=role)
    for skipped in duty_list.skipped:
        name = roster.name_of(skipped.person) if roster else skipped.person
        # Without its values: what is noted of an absence is not for the records of a call.
        why = MessageRef(text_key(skipped.why.code))
        yield because(Code.SKIPPED, name=name, why=why)
    if all(entry.role is Role.LAST_RESORT for entry in duty_list.ringing):
        yield because(Code.NOBODY_ON_DUTY)
