"""Whom to ring: the first line or the duty, one number after another, each with its reason.

What is remembered is WHO was rung, not how many: the list may change during a call.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.domain import case
from app.domain.call import Callee, Leg, LegOutcome, Place, RateLimit, RungAs
from app.domain.callees import first_line_of, on_the_list
from app.domain.decision import CancelLeg, Code, Effect, Named, PlaceLeg, Reason
from app.domain.duty.roster import DutyList, Role, Roster, on_duty
from app.domain.sight import Go, Sight, because

# Where ringing begins again after a talk, by the role of who took it; else at the duty.
AGAIN: Final = {
    RungAs.FIRST_LINE: Place.RING_FIRST_LINE,
    RungAs.HAS_CASE: Place.RING_WHO_HAS_IT,
}


def ring_first_line(sight: Sight) -> Go:
    """Choose the next telephone of the first line, or all of them at once."""
    callees = tuple(_first_line(sight))
    if not callees:
        return Go(Place.FIRST_LINE_SILENT, sight.call, (because(Code.NO_FIRST_LINE),))
    if _at_once(sight, callees):
        busy = {*_asked_before(sight), sight.call.caller.digits}
        anew = tuple(c for c in callees if c.number not in busy)
        return _ring(sight, Place.FIRST_LINE_RINGS, anew, ())
    return _ring_next(sight, callees, Place.FIRST_LINE_RINGS, Place.FIRST_LINE_SILENT, ())


def _at_once(sight: Sight, callees: tuple[Callee, ...]) -> bool:
    if not sight.desk.first_line.at_once or sight.call.hunting or sight.call.first_choice:
        return False
    return len(callees) > 1 and not _rung(sight, Place.FIRST_LINE_RINGS)


def ring_duty(sight: Sight) -> Go:
    """Choose whom of the duty to ring next: primary, backup, last resort; tell all by SMS once."""
    return next_of_duty(sight, Place.DUTY_RINGS, Place.MESSAGE)


def next_of_duty(sight: Sight, rings: Place, silent: Place) -> Go:
    """Ring the next of the duty at one place; go to the other when nobody is left."""
    roster = sight.world.roster
    duty_list = on_duty(roster, sight.now) if roster else DutyList(())
    story: tuple[Effect | Reason, ...] = ()
    if not _rung(sight, rings):
        story = tuple(_why_these(roster, duty_list))
    call, messages = case.tell_duty(sight, sight.call, duty_list)
    sight = sight.of(call)
    callees = tuple(_duty(sight, duty_list))
    return _ring_next(sight, callees, rings, silent, (*story, *messages))


def ring_again(sight: Sight) -> Go:
    """Ring the one who accepted before first, then the others as if anew."""
    call = sight.call
    leg = call.leg(call.accepted_leg or 0)
    role = leg.callee.role if leg else RungAs.FIRST_LINE
    again = replace(
        call,
        round_start=len(call.legs),
        accepted_leg=None,
        hunting=True,
        first_choice=leg.callee.number if leg else None,
    )
    story = (because(Code.SAME_PERSON_FIRST, name=leg.callee.name),) if leg else ()
    return Go(AGAIN.get(role, Place.RING_DUTY), again, story)


def ring_who_has_it(sight: Sight) -> Go:
    """Ring whoever took an earlier call about the case; then whoever would be rung anyway."""
    holder = _who_has_it(sight)
    if holder is None or holder.number in _asked_before(sight) or _ceiling(sight) is not None:
        return Go(Place.WHO_SHALL_ANSWER, sight.call)
    if _is_woken_enough(sight, holder):
        return Go(Place.WHO_SHALL_ANSWER, sight.call, _why_not_woken(sight, (holder,)))
    if _talking(sight, (holder,)):
        reason = because(Code.TALKING, name=holder.name)
        return Go(Place.WHO_SHALL_ANSWER, sight.call, (reason,))
    reason = because(Code.HAS_THE_CASE, name=holder.name)
    return _ring(sight, Place.WHO_HAS_IT_RINGS, (holder,), (reason,))


def _who_has_it(sight: Sight) -> Callee | None:
    """Find them as they stand in the roster or the first line now: who has left is not rung."""
    case_before, roster = sight.call.open_case, sight.world.roster
    if case_before is None or case_before.accepted_by is None:
        return None
    person = roster.person(case_before.accepted_by) if roster else None
    if person and person.numbers:
        took_it = case_before.accepted_on
        number = took_it if took_it in person.numbers else person.numbers[0]
        language = person.language or sight.line.languages[0]
        return Callee(person.id, person.name, number, RungAs.HAS_CASE, language)
    phone = next((c for c in _first_line(sight) if c.person == case_before.accepted_by), None)
    return replace(phone, role=RungAs.HAS_CASE) if phone else None


def _asked_before(sight: Sight) -> set[str]:
    """The number of whoever has the case, once it has been rung in this round."""
    this_round = sight.call.legs[sight.call.round_start :]
    return {leg.callee.number for leg in this_round if leg.callee.role is RungAs.HAS_CASE}


def first_line_seconds(sight: Sight) -> int:
    """Return how long a telephone of the first line rings."""
    return sight.desk.first_line.ring_seconds


def duty_seconds(sight: Sight) -> int:
    """Return how long a telephone of the duty rings."""
    return sight.desk.duty.ring_seconds if sight.desk.duty else first_line_seconds(sight)


def hunt_in_order(sight: Sight, why: Code) -> Go:
    """Go over to ringing in order, when ringing all at once came to nothing."""
    call = replace(sight.call, hunting=True, round_start=len(sight.call.legs))
    return Go(Place.RING_FIRST_LINE, call, (because(why),))


def stop_ringing(
    sight: Sight, outcome: LegOutcome
) -> tuple[tuple[Leg, ...], tuple[CancelLeg, ...]]:
    """End every leg that still rings, and stop those that are calls of their own."""
    legs = tuple(
        replace(leg, outcome=outcome) if leg.outcome is LegOutcome.RINGING else leg
        for leg in sight.call.legs
    )
    stopped = tuple(CancelLeg(leg.id, leg.sid) for leg in sight.call.ringing if leg.own_call)
    return legs, stopped


def _ring_next(
    sight: Sight,
    callees: tuple[Callee, ...],
    rings: Place,
    silent: Place,
    story: tuple[Effect | Reason, ...],
) -> Go:
    rung = _rung(sight, rings)
    done = rung | _asked_before(sight) | _passed_on(sight, callees)
    left = [c for c in callees if c.number not in done]
    if not left:
        code = Code.NOBODY_LEFT_TO_RING if callees else Code.NOBODY_ON_DUTY
        return Go(silent, sight.call, (*story, because(code)))
    ceiling = _ceiling(sight)
    if ceiling is not None:
        story = (*story, because(Code.CEILING, limit=ceiling))
        is_own = len(sight.call.legs) >= sight.desk.ceilings.rings_per_call
        return Go(silent, sight.call, story) if is_own else _rate_limited(sight, silent, story)
    spared = [c for c in left if _is_woken_enough(sight, c)]
    left = [c for c in left if c not in spared]
    story = (*story, *_why_not_woken(sight, spared))
    if not left:
        return _rate_limited(sight, silent, story)
    ordered = _in_ringing_order(sight, left)
    why = () if rung else _why_last(sight, left)
    return _ring(sight, rings, (ordered[0],), (*story, *why))


def _rate_limited(sight: Sight, silent: Place, story: tuple[Effect | Reason, ...]) -> Go:
    """Ring nobody more in this call: rounds follow for a critical ticket, and an alarm."""
    limit = RateLimit.STRANGERS if sight.is_stranger else RateLimit.CUSTOMERS
    return Go(silent, replace(sight.call, rate_limited=limit), story)


def _is_woken_enough(sight: Sight, callee: Callee) -> bool:
    """Tell whether strangers' calls may wake this person no more for now."""
    return callee.role is not RungAs.FIRST_LINE and not sight.may_wake(callee.person)


def _why_not_woken(sight: Sight, spared: Iterable[Callee]) -> tuple[Reason, ...]:
    limit = sight.desk.ceilings.stranger_wakes_per_hour
    names = dict.fromkeys(callee.name for callee in spared)
    return tuple(because(Code.WOKEN_TOO_OFTEN, name=name, limit=limit) for name in names)


def _why_last(sight: Sight, callees: list[Callee]) -> tuple[Reason, ...]:
    talking, missed = _talking(sight, callees), sight.world.missed
    aside = dict.fromkeys(c.name for c in callees if c.number in talking)
    late = dict.fromkeys(c.name for c in callees if c.person in missed and c.name not in aside)
    if all(c.person in missed for c in callees):  # nobody is left to be rung before them
        late = {}
    return (
        *(because(Code.TALKING, name=name) for name in aside),
        *(because(Code.MISSED_A_ROUND, name=name) for name in late),
    )


def _ring(
    sight: Sight, to: Place, callees: tuple[Callee, ...], story: tuple[Effect | Reason, ...]
) -> Go:
    """Add a leg for each callee; several at once, and those of a round, are calls of their own."""
    first = len(sight.call.legs) + 1
    own_call = len(callees) > 1 or sight.call.round > 0
    legs = tuple(
        Leg(first + count, callee, own_call=own_call, for_stranger=sight.is_stranger)
        for count, callee in enumerate(callees)
    )
    placed: tuple[PlaceLeg, ...] = ()
    if own_call:
        seconds = duty_seconds(sight) if sight.call.round else first_line_seconds(sight)
        placed = tuple(PlaceLeg(leg.id, leg.callee, seconds) for leg in legs)
    return Go(to, replace(sight.call, legs=(*sight.call.legs, *legs)), (*story, *placed))


def _in_ringing_order(sight: Sight, callees: list[Callee]) -> list[Callee]:
    """The one who accepted before first; who talks elsewhere or missed a round last."""
    talking, missed = _talking(sight, callees), sight.world.missed
    return sorted(
        callees,
        key=lambda c: (
            c.number != sight.call.first_choice,
            c.number in talking,
            c.person in missed,
        ),
    )


def _talking(sight: Sight, callees: Iterable[Callee]) -> set[str]:
    """All numbers of everybody who talks on another of our calls now, or is this one's caller."""
    callees = tuple(callees)
    caller = "" if sight.call.round or sight.call.has_ended else sight.call.caller.digits
    busy = sight.world.talking | {caller}  # who is on duty and calls themselves
    people = {c.person for c in callees if c.number in busy}
    return {c.number for c in callees if c.person in people}


def _rung(sight: Sight, rings: Place) -> set[str]:
    """The numbers of this round that were rung as first line, or as duty."""
    first_line = rings is Place.FIRST_LINE_RINGS
    return {
        leg.callee.number
        for leg in sight.call.legs[sight.call.round_start :]
        if leg.callee.role is not RungAs.HAS_CASE
        and (leg.callee.role is RungAs.FIRST_LINE) is first_line
    }


def _passed_on(sight: Sight, callees: tuple[Callee, ...]) -> set[str]:
    """All numbers of those who sent it on with 2: they are awake, and have said no."""
    people = {
        leg.callee.person
        for leg in sight.call.legs[sight.call.round_start :]
        if leg.outcome is LegOutcome.PASSED and leg.callee.role is not RungAs.FIRST_LINE
    }
    return {c.number for c in callees if c.person in people and c.role is not RungAs.FIRST_LINE}


def _ceiling(sight: Sight) -> int | None:
    """Return the ceiling that is reached, or None: it keeps the cost of a call within bounds.

    A round is bounded by its own times: a full hour must not end it.
    """
    limits = sight.desk.ceilings
    if len(sight.call.legs) >= limits.rings_per_call:
        return limits.rings_per_call
    is_full = not sight.call.round and sight.rings_this_hour >= limits.rings_per_hour
    return limits.rings_per_hour if is_full else None


def _first_line(sight: Sight) -> Iterator[Callee]:
    return first_line_of(sight.desk)


def _duty(sight: Sight, duty_list: DutyList) -> Iterator[Callee]:
    return on_the_list(duty_list, sight.line.languages[0])


def _why_these(roster: Roster | None, duty_list: DutyList) -> Iterator[Reason]:
    for entry in duty_list.ringing:
        if entry.person:
            role = Named(f"role.{entry.role}")
            yield because(Code.ON_DUTY, name=entry.person.name, role=role)
    for skipped in duty_list.skipped:
        person = roster.person(skipped.person) if roster else None
        name = person.name if person else skipped.person
        yield because(Code.SKIPPED, name=name, why=Named(f"roster.{skipped.why.code}"))
    if all(entry.role is Role.LAST_RESORT for entry in duty_list.ringing):
        yield because(Code.NOBODY_ON_DUTY)
