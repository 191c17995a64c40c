"""Whom a critical call would ring at an instant, in order: asked of the forks that a call walks.

Nothing is decided here. For how long it stays so is answering_times.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.calls import forks
from app.domain.calls.call import Call, Step
from app.domain.calls.context import CallContext
from app.domain.desks.desk import Agreement, Desk, Line, LineKind, Priority
from app.domain.hunts.effects import Trace
from app.domain.hunts.hunt import Callee
from app.domain.hunts.ringing_order import (
    first_line_of,
    in_ringing_order,
    on_the_list,
    why_this_order,
)
from app.domain.hunts.world import World
from app.domain.numbers import NOBODY
from app.domain.reasons import Reason
from app.domain.roster.on_duty import Roster, on_duty
from app.domain.tickets.ticket import Source, Ticket


@dataclass(frozen=True, slots=True)
class Staff:
    """A desk with its roster, and who of them is rung after the others at this moment.

    `talking` are numbers that are connected in a call; `missed` persons who have not answered
    since a call-out.
    """

    desk: Desk
    roster: Roster | None = None
    talking: frozenset[str] = frozenset()
    missed: frozenset[str] = frozenset()

    @property
    def as_planned(self) -> "Staff":
        """Return the same with everybody free."""
        return replace(self, talking=frozenset(), missed=frozenset())


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom a critical call rings in turn until somebody accepts: the first line, then the duty.

    Where there is neither, a message is taken. `why` tells what led there, and who is rung last.
    """

    first_line: tuple[Callee, ...] = ()
    duty: tuple[Callee, ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def callees(self) -> tuple[Callee, ...]:
        """Return everybody in the order in which they are rung."""
        return (*self.first_line, *self.duty)

    @property
    def first(self) -> Callee | None:
        """Return who is rung first; None where nobody is."""
        return next(iter(self.callees), None)


def answer(staff: Staff, line: Line, agreement: Agreement, at: datetime) -> Answer:
    """Say whom a critical call rings that comes in on the line at the instant.

    On a duty line in duty hours it is the same under every agreement.
    """
    context = critical_call(staff, line, agreement, at)
    if not context.call.for_duty:
        has_telephone = forks.has_telephone(context)
        if has_telephone.to is not Step.PRIORITY_MENU:
            return Answer(why=_reasons(has_telephone.trace))
    go = forks.who_shall_answer(context)
    why = _reasons(go.trace)
    first_line: tuple[Callee, ...] = ()
    if go.to is Step.RING_FIRST_LINE:
        first_line, late = _in_order(context, tuple(first_line_of(staff.desk)))
        go = forks.may_duty_take_over(context)
        why = (*why, *late)
    if go.to is not Step.RING_DUTY:
        return Answer(first_line, why=why)
    listed = (
        tuple(on_the_list(on_duty(staff.roster, at), line.languages[0])) if staff.roster else ()
    )
    duty, late = _in_order(context, listed)
    return Answer(first_line, duty, (*why, *late))


def critical_call(staff: Staff, line: Line, agreement: Agreement, at: datetime) -> CallContext:
    """Make a call that has come as far as its ticket, in the world as it is for these people."""
    desk = staff.desk
    call = Call(
        sid="",
        line=line.number,
        caller=NOBODY,
        started_at=at,
        desk=desk.id,
        kind=line.kind,
        language=line.languages[0],
        priority=Priority.CRITICAL,
        agreement=agreement.id,
        ticket=Ticket(desk.id, Source.CALL, Priority.CRITICAL, at, agreement=agreement.id),
    )
    world = World(desk, line, staff.roster, talking=staff.talking, missed=staff.missed)
    context = CallContext(call, world, at)
    return context.with_call(for_duty=line.kind is LineKind.DUTY and context.is_duty_call)


def _in_order(
    context: CallContext, callees: tuple[Callee, ...]
) -> tuple[tuple[Callee, ...], tuple[Reason, ...]]:
    """Put them in the order in which they are rung, each number once, and say who comes last."""
    ordered = in_ringing_order(context, list(callees))
    once = {callee.number: callee for callee in reversed(ordered)}
    kept = tuple(callee for callee in ordered if once[callee.number] is callee)
    return kept, why_this_order(context, list(kept))


def _reasons(trace: Trace) -> tuple[Reason, ...]:
    return tuple(each for each in trace if isinstance(each, Reason))
