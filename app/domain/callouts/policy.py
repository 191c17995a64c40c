"""When a ticket that nobody has accepted gets its next call-out, or why it gets none.

Calculates only; what a call-out does is callouts/call_out.py. All instants are the call's own time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.calls import forks
from app.domain.calls.call import Call, Step
from app.domain.calls.context import CallContext, because
from app.domain.calls.staffing import NO_DUTY_NOW
from app.domain.calls.world import World
from app.domain.desks.desk import CallOutPolicy, Desk
from app.domain.reasons import Code, Reason
from app.domain.tickets.opening import PAUSE
from app.domain.tickets.ticket import Ticket, WakesDuty

SLACK: Final = timedelta(minutes=2)  # what the network, menus and whispers take at most


class NextAction(StrEnum):
    """What shall become of a ticket that nobody has accepted."""

    BEGIN = "begin"  # a call-out, at the moment that is named
    RING_ON = "ring_on"  # the call-out stands still: who rings has not answered
    LOOK_AGAIN = "look_again"  # at the moment that is named: something is under way, or asleep
    LEAVE = "leave"  # no call-out: it is accepted, or was never the duty's
    ALARM = "alarm"  # the call-outs are over and nobody has it: tell the desk's contacts


@dataclass(frozen=True, slots=True)
class NextCallOut:
    """What is next for a ticket, when, and why."""

    then: NextAction
    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class CallsAbout:
    """The calls about a ticket: other things than the ticket, in rows of their own.

    `calls`: the caller's that opened it first, then those that keep a call-out waiting; none about
    a ticket that no call opened. `moved_at`: when something last happened in any of them, or in
    the last call-out. `strangers_rang_at`: when the desk's duty was last rung about another ticket
    of a stranger.
    """

    moved_at: datetime
    calls: tuple[Call, ...] = ()
    last_began_at: datetime | None = None
    last: Call | None = None
    strangers_rang_at: datetime | None = None


def delays_call_outs(call: Call, opened_by: str) -> bool:
    """Tell whether a call-out waits for this call: the one that opened the ticket, or one that
    rings.

    Others only leave a message, or nothing: however many come, they put no call-out off.
    """
    return call.sid == opened_by or bool(call.legs)


def looked_at_after(before: Call, call: Call) -> timedelta | None:
    """Say how long after a turn its ticket is looked at; None where the turn changes nothing.

    It is when the ticket is new to the call, and when a call about it has ended. A call that
    joined it and rings nobody puts nothing off.
    """
    ticket = call.ticket
    if ticket is None or not ticket.number or not ticket.is_urgent:
        return None
    if call.joined and not call.legs:
        return None
    is_news = before.ticket is None or not before.ticket.number
    if not (is_news or (call.has_ended and not before.has_ended)):
        return None
    return timedelta(0) if call.call_out_number else PAUSE


def call_out_of(ticket: Ticket, about: CallsAbout, now: datetime) -> Call:
    """Make the next call-out of a ticket: a call without a caller's end, about the ticket.

    Its first event is CallOutBegan.
    """
    which = ticket.call_outs_made + 1
    spoken = [call.recording for call in about.calls if call.has_message]
    return Call(
        sid=f"call-out-{ticket.number}-{which}",
        line=ticket.line,
        caller=ticket.contact.number,
        started_at=now,
        desk=ticket.desk,
        step=Step.CALL_OUT,
        language=ticket.language,
        priority=ticket.priority,
        customer=ticket.customer,
        agreement=ticket.agreement,
        ticket=ticket.without_people(),
        for_duty=ticket.wakes_duty is WakesDuty.CONFIRMED,
        wants_human=ticket.wakes_duty is WakesDuty.NEVER,
        recording=spoken[-1] if spoken else "",
        call_out_number=which,
    )


def next_call_out(ticket: Ticket, about: CallsAbout, world: World, now: datetime) -> NextCallOut:
    """Say when the ticket's next call-out begins, or why there is none.

    A ticket whose call hangs does not sleep either: after the longest wait it counts as over.
    """
    if world.desk is None or world.line is None:
        return NextCallOut(NextAction.ALARM, now, because(Code.UNKNOWN_LINE))
    context = CallContext(call_out_of(ticket, about, now), world, now)
    if world.acknowledged_by:
        return NextCallOut(
            NextAction.LEAVE, now, because(Code.HAS_THE_TICKET, name=world.acknowledged_by)
        )
    refusal = forks.why_no_call_out(context)
    if refusal and refusal.code not in NO_DUTY_NOW:
        return NextCallOut(NextAction.LEAVE, now, refusal)
    duty = context.desk.duty
    call_outs = duty.call_outs_for(ticket.priority) if duty else CallOutPolicy()
    going = _under_way(about, context.desk, now)
    if going:
        return going
    follows = _due(ticket, about, call_outs, refusal, now)
    if not context.is_stranger:
        return follows
    return _after_other_strangers(ticket, about, call_outs, follows)


def longest_wait(desk: Desk) -> timedelta:
    """How long a call can stand still before somebody has accepted, at the very most."""
    duty = desk.duty.ring_seconds if desk.duty else 0
    longest = max(desk.first_line.ring_seconds, duty, desk.ceilings.message_seconds)
    return timedelta(seconds=longest) + SLACK


def longest_ring(desk: Desk, going: Call) -> timedelta:
    """How long a call-out can stand still while somebody rings, or hears the message, at most."""
    rings = desk.duty.ring_seconds if desk.duty else 0
    plays = desk.ceilings.message_seconds if going.recording else 0
    return timedelta(seconds=max(rings, plays)) + SLACK


def _under_way(about: CallsAbout, desk: Desk, now: datetime) -> NextCallOut | None:
    """What goes on, and is waited for; a call-out that stands still is helped on."""
    last = about.last
    if last and not last.has_ended and last.ringing:
        going = because(Code.CALL_OUT_GOES_ON, call_out_number=last.call_out_number)
        still_until = about.moved_at + longest_ring(desk, last)
        then = NextAction.LOOK_AGAIN if now < still_until else NextAction.RING_ON
        return NextCallOut(then, max(now, still_until), going)
    hangs_at = about.moved_at + longest_wait(desk)
    if now < hangs_at and any(not call.has_ended for call in about.calls):
        return NextCallOut(NextAction.LOOK_AGAIN, hangs_at, because(Code.CALL_GOES_ON))
    return None


def _after_other_strangers(
    ticket: Ticket, about: CallsAbout, call_outs: CallOutPolicy, follows: NextCallOut
) -> NextCallOut:
    """Let all strangers' tickets of a desk ring the duty no more often than one of them would.

    One for which that is too late is the contacts' matter.
    """
    rang_at = about.strangers_rang_at
    if rang_at is None or follows.then is not NextAction.BEGIN:
        return follows
    spaced = rang_at + timedelta(minutes=call_outs.every_minutes)
    if spaced <= follows.at:
        return follows
    if spaced > ticket.urgent_since + timedelta(minutes=call_outs.for_minutes):
        over = because(Code.CALL_OUTS_OVER, minutes=call_outs.for_minutes)
        return NextCallOut(NextAction.ALARM, follows.at, over)
    return replace(follows, at=spaced)


def _due(
    ticket: Ticket,
    about: CallsAbout,
    call_outs: CallOutPolicy,
    refusal: Reason | None,
    now: datetime,
) -> NextCallOut:
    every = timedelta(minutes=call_outs.every_minutes)
    until = ticket.urgent_since + timedelta(minutes=call_outs.for_minutes)
    due = _first_due(ticket, about)
    if not (every and call_outs.for_minutes):
        return NextCallOut(NextAction.ALARM, max(due, now), because(Code.NO_CALL_OUTS))
    if about.last_began_at:
        due = max(due, about.last_began_at + every)
    elif refusal is None:
        until = max(until, due)  # one call-out at least, however long the call was
    if refusal and due <= now:
        due = now + every
    if due > until:
        return NextCallOut(
            NextAction.ALARM, now, because(Code.CALL_OUTS_OVER, minutes=call_outs.for_minutes)
        )
    if refusal and due > now:
        return NextCallOut(NextAction.LOOK_AGAIN, due, refusal)
    return NextCallOut(
        NextAction.BEGIN,
        due,
        because(Code.NOT_ACKNOWLEDGED, call_out_number=ticket.call_outs_made + 1),
    )


def _first_due(ticket: Ticket, about: CallsAbout) -> datetime:
    ended = [call.ended_at or about.moved_at for call in about.calls]
    after_calls = max(ended) + PAUSE if ended else ticket.opened_at
    return max(after_calls, ticket.priority_set_at or after_calls)
