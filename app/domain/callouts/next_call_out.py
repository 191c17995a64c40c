"""What is next for a ticket that nobody has acknowledged: ring, look again then, escalate, or stop.

Calculates only, and is the only one that does; what a call-out does is callouts/decide.py. All
instants are the ticket's own time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.callouts.call_out import CallOut
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.context import CallOutContext
from app.domain.callouts.ring_again import is_rung_now, pause_of, rings_others
from app.domain.copies import replace
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import Desk
from app.domain.hunts.staffing import NO_DUTY_NOW
from app.domain.hunts.waking import why_no_call_out
from app.domain.hunts.world import World
from app.domain.reasons import Code, Reason, because
from app.domain.tickets.ticket import RingAgain, Ticket

# Between a caller's call and the first call-out: whoever was rung in the call may still press 1.
PAUSE: Final = timedelta(minutes=1)
SLACK: Final = timedelta(minutes=2)  # what the network, menus and whispers take at most
# Who hears later than this of what a backup has brought back hears what may not be so any more.
RESTORED_IS_NEWS: Final = timedelta(minutes=10)
UNTIL_PLACED: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class RingNow:
    """Ring the next one: in a new call-out, or in the one that stands still.

    `unanswered`: the legs of that one, which count as not answered.
    """

    reason: Reason
    unanswered: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalate:
    """The call-outs are over and nobody has the ticket: tell the desk's contacts."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class LookAt:
    """Look at the ticket then; `then` is what follows, unless something happens before.

    It is None while something goes on, or the duty is not there: what follows is not known.
    """

    at: datetime
    reason: Reason
    then: RingNow | Escalate | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody is called about the ticket: somebody has it, or it never was the duty's."""

    reason: Reason


NextCallOut = RingNow | LookAt | Escalate | Stop


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a ticket's call-outs at a moment: the desk's times, and the duty's rule.

    `longest_wait` and `longest_ring` say how long a call, and a call-out, may stand still.
    """

    every: timedelta
    lasts: timedelta
    longest_wait: timedelta
    longest_ring: timedelta
    acknowledged_by: str | None = None
    refusal: Reason | None = None  # why the duty may not be called now
    is_strangers: bool = False  # all strangers' tickets of a desk ring no more often than one
    pause: RingAgain | None = None  # of somebody who would be rung now
    rings_others: bool = True  # also while that pause lasts
    is_restored: bool = False  # a backup has just been put back: what came after it is not known


def call_out_of(ticket: Ticket, about: CallsAbout, now: datetime) -> CallOut:
    """Make the next call-out of a ticket; its first event is CallOutBegan.

    Of all pauses that were asked for, its ticket has only the one that still counts.
    """
    spoken = [call.recording for call in about.calls if call.recording]
    pause = pause_of(ticket, about)
    return CallOut(
        replace(ticket.without_people(), rings_again=(pause,) if pause else ()),
        number=ticket.call_outs_made + 1,
        started_at=now,
        recording=spoken[-1] if spoken else "",
    )


def policy_of(ticket: Ticket, about: CallsAbout, world: World, now: datetime) -> Policy:
    """Say what holds for the ticket's call-outs in the world as it is now."""
    if world.desk is None or world.line is None:
        none = timedelta(0)
        return Policy(none, none, none, none, refusal=because(Code.UNKNOWN_LINE))
    context = CallOutContext(call_out_of(ticket, about, now), world, now)
    duty = world.desk.duty
    pause = pause_of(ticket, about)
    if pause and not is_rung_now(world, pause.person, now):
        pause = None
    times = duty.call_outs_for(ticket.priority) if duty else CallOutPolicy()
    return Policy(
        every=timedelta(minutes=times.every_minutes),
        lasts=timedelta(minutes=times.for_minutes),
        longest_wait=longest_wait(world.desk),
        longest_ring=longest_ring(world.desk, about.last or context.call_out),
        acknowledged_by=world.acknowledged_by,
        refusal=why_no_call_out(context),
        is_strangers=context.is_stranger,
        pause=pause,
        rings_others=pause is None or rings_others(world, pause.person, now),
    )


def next_call_out(ticket: Ticket, about: CallsAbout, policy: Policy, now: datetime) -> NextCallOut:
    """Say what is next for the ticket, and why.

    A ticket whose call hangs does not sleep either: after the longest wait it counts as over.
    """
    refusal = policy.refusal
    if policy.is_restored and ticket.opened_at <= now - RESTORED_IS_NEWS:
        return Stop(because(Code.RESTORED))
    if refusal and refusal.code is Code.UNKNOWN_LINE:
        return Escalate(refusal)
    if policy.acknowledged_by:
        return Stop(because(Code.HAS_THE_TICKET, name=policy.acknowledged_by))
    if refusal and refusal.code not in NO_DUTY_NOW:
        return Stop(refusal)
    going = _under_way(about, policy, now)
    if going:
        return going
    follows, at = _due(ticket, about, policy, now)
    if isinstance(follows, RingNow) and policy.is_strangers:
        follows, at = _after_other_strangers(ticket, about, policy, follows, at)
    if follows is None:
        return LookAt(at, refusal or because(Code.CALL_GOES_ON))
    if at > now or (about.desk_rings and isinstance(follows, RingNow)):
        return LookAt(at, follows.reason, follows)
    return follows


def longest_wait(desk: Desk) -> timedelta:
    """How long a call can stand still before somebody has accepted, at the very most."""
    duty = desk.duty.ring_seconds if desk.duty else 0
    longest = max(desk.first_line.ring_seconds, duty, desk.ceilings.message_seconds)
    return timedelta(seconds=longest) + SLACK


def longest_ring(desk: Desk, going: CallOut) -> timedelta:
    """How long a call-out can stand still while somebody rings, or hears the message, at most."""
    rings = desk.duty.ring_seconds if desk.duty else 0
    plays = desk.ceilings.message_seconds if going.recording else 0
    return timedelta(seconds=max(rings, plays)) + SLACK


def _under_way(about: CallsAbout, policy: Policy, now: datetime) -> NextCallOut | None:
    """What goes on, and is waited for; a call-out that stands still is helped on."""
    last = about.last
    if last and not last.has_ended and last.ringing:
        going = because(Code.CALL_OUT_GOES_ON, call_out_number=last.number)
        still_until = about.moved_at + policy.longest_ring
        if now < still_until:
            return LookAt(still_until, going)
        if about.is_placing:
            return LookAt(now + UNTIL_PLACED, going)
        return RingNow(going, tuple(leg.id for leg in last.ringing))
    hangs_at = about.moved_at + policy.longest_wait
    if now < hangs_at and any(call.ended_at is None for call in about.calls):
        return LookAt(hangs_at, because(Code.CALL_GOES_ON))
    return None


def _due(
    ticket: Ticket, about: CallsAbout, policy: Policy, now: datetime
) -> tuple[RingNow | Escalate | None, datetime]:
    """Say what follows, and when; None where the duty is not there, and is looked for then."""
    until = over_at(ticket, policy)
    due = _first_due(ticket, about)
    if not (policy.every and policy.lasts):
        return Escalate(because(Code.NO_CALL_OUTS)), due
    if about.last_began_at and not _is_new_since(ticket, about.last_began_at):
        due = max(due, about.last_began_at + policy.every)
    elif policy.refusal is None:
        until = max(until, due)  # one call-out at least, however long the call was
    if policy.pause:
        ends = policy.pause.until
        due = max(_first_due(ticket, about), min(due, ends) if policy.rings_others else ends)
    if policy.refusal and due <= now:
        due = now + policy.every
    if due > until:
        return Escalate(_over(policy)), now
    if policy.refusal:
        return None, due
    which = ticket.call_outs_made + 1
    return RingNow(because(Code.NOT_ACKNOWLEDGED, call_out_number=which)), due


def over_at(ticket: Ticket, policy: Policy) -> datetime:
    """Return when call-outs about a ticket are over."""
    return ticket.urgent_since + policy.lasts


def goes_on(ticket: Ticket, policy: Policy, now: datetime) -> bool:
    """Tell whether the duty may still be called about a ticket for a while."""
    may_ring = bool(policy.every) and policy.refusal is None and policy.acknowledged_by is None
    return may_ring and now < over_at(ticket, policy)


def _after_other_strangers(
    ticket: Ticket, about: CallsAbout, policy: Policy, follows: RingNow, due: datetime
) -> tuple[RingNow | Escalate, datetime]:
    """Let all strangers' tickets of a desk ring the duty no more often than one of them would.

    One for which that is too late is the contacts' matter.
    """
    spaced = about.strangers_rang_at + policy.every if about.strangers_rang_at else due
    if spaced <= due:
        return follows, due
    if spaced > over_at(ticket, policy):
        return Escalate(_over(policy)), due
    return follows, spaced


def will_ring(follows: NextCallOut) -> bool:
    """Tell whether somebody is rung, now or later, unless something happens before."""
    match follows:
        case LookAt(reason=reason, then=None):
            return reason.code in (Code.CALL_OUT_GOES_ON, Code.CALL_GOES_ON)
        case LookAt(then=then):
            return isinstance(then, RingNow)
        case _:
            return isinstance(follows, RingNow)


def _over(policy: Policy) -> Reason:
    return because(Code.CALL_OUTS_OVER, minutes=policy.lasts // timedelta(minutes=1))


def _first_due(ticket: Ticket, about: CallsAbout) -> datetime:
    ended = [call.ended_at or about.moved_at for call in about.calls]
    after_calls = max(ended) + PAUSE if ended else ticket.opened_at
    return max(after_calls, ticket.urgent_since)


def _is_new_since(ticket: Ticket, at: datetime) -> bool:
    """Tell whether the ticket was given back after an instant: its call-outs begin anew."""
    return ticket.released_at is not None and ticket.released_at > at
