"""When a ticket that nobody has accepted gets its next round of calls, or why it gets none.

Calculates only; what a round does is rounds.py. All instants are the call's own time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain import forks
from app.domain.call import Call, Place
from app.domain.decision import Code, Reason
from app.domain.desk import Desk, Rounds
from app.domain.sight import Sight, because
from app.domain.staffing import NO_DUTY_NOW
from app.domain.world import World

PAUSE: Final = timedelta(minutes=1)  # between the call and the first round
HEARD_ENOUGH: Final = 2  # seconds of a message that is worth playing (contract.md, Call outcomes)
SLACK: Final = timedelta(minutes=2)  # what the network, menus and whispers take at most


class Then(StrEnum):
    """What shall become of a ticket that nobody has accepted."""

    BEGIN = "begin"  # a round, at the moment that is named
    RING_ON = "ring_on"  # the round stands still: who rings has not answered
    LOOK_AGAIN = "look_again"  # at the moment that is named: something is under way, or asleep
    LEAVE = "leave"  # no round: it is accepted, or was never the duty's
    ALARM = "alarm"  # the rounds are over and nobody has it: tell the desk's contacts


@dataclass(frozen=True, slots=True)
class NextRound:
    """What is next for a ticket, when, and why."""

    then: Then
    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """What the house knows of a ticket: the callers' calls about it, and the rounds so far.

    `calls`: the one that opened it first, then those that keep a round waiting. `moved_at`:
    when something last happened in any of them, or in the last round. `strangers_rang_at`: when
    the desk's duty was last rung about another ticket of a stranger.
    """

    opened_at: datetime
    calls: tuple[Call, ...]
    moved_at: datetime
    rounds: int = 0
    last_began_at: datetime | None = None
    last: Call | None = None
    raised_at: datetime | None = None  # when somebody made it as urgent as it is now
    strangers_rang_at: datetime | None = None


def keeps_rounds_waiting(call: Call, opened_by: str) -> bool:
    """Tell whether a round waits for this call: the one that opened the ticket, or one that rings.

    Others only leave a message, or nothing: however many come, they put no round off.
    """
    return call.sid == opened_by or bool(call.legs)


def round_of(ticket: Unaccepted, now: datetime) -> Call:
    """Make the next round of a ticket: a call without a caller's end, about what it was about.

    Its first event is RoundBegan.
    """
    first, which = ticket.calls[0], ticket.rounds + 1
    about = first.ticket
    number = about.number if about else None
    spoken = [call.recording for call in ticket.calls if call.message_seconds >= HEARD_ENOUGH]
    return Call(
        sid=f"round-{number}-{which}",
        line=first.line,
        caller=first.caller,
        started_at=now,
        desk=first.desk,
        kind=first.kind,
        place=Place.ROUND,
        language=first.language,
        priority=first.priority,
        customer=first.customer,
        agreement=first.agreement,
        ticket=about,
        for_duty=first.for_duty,
        wants_human=first.wants_human,
        recording=spoken[-1] if spoken else "",
        round=which,
    )


def next_round(ticket: Unaccepted, world: World, now: datetime) -> NextRound:
    """Say when the ticket's next round begins, or why there is none.

    A ticket whose call hangs does not sleep either: after the longest wait it counts as over.
    """
    if world.desk is None or world.line is None:
        return NextRound(Then.ALARM, now, because(Code.UNKNOWN_LINE))
    sight = Sight(round_of(ticket, now), world, now)
    if world.taken_by:
        return NextRound(Then.LEAVE, now, because(Code.HAS_THE_CASE, name=world.taken_by))
    refusal = forks.why_no_round(sight)
    if refusal and refusal.code not in NO_DUTY_NOW:
        return NextRound(Then.LEAVE, now, refusal)
    duty, about = sight.desk.duty, ticket.calls[0].ticket
    rounds = duty.rounds_for(about.priority) if duty and about else Rounds()
    going = _under_way(ticket, sight.desk, now)
    if going:
        return going
    follows = _due(ticket, rounds, refusal, now)
    return _after_other_strangers(ticket, rounds, follows) if sight.is_stranger else follows


def longest_wait(desk: Desk) -> timedelta:
    """How long a call can stand still before somebody has accepted, at the very most."""
    duty = desk.duty.ring_seconds if desk.duty else 0
    longest = max(desk.first_line.ring_seconds, duty, desk.ceilings.message_seconds)
    return timedelta(seconds=longest) + SLACK


def longest_ring(desk: Desk, going: Call) -> timedelta:
    """How long a round can stand still while somebody rings, or hears the message, at most."""
    rings = desk.duty.ring_seconds if desk.duty else 0
    plays = desk.ceilings.message_seconds if going.recording else 0
    return timedelta(seconds=max(rings, plays)) + SLACK


def _under_way(ticket: Unaccepted, desk: Desk, now: datetime) -> NextRound | None:
    """What goes on, and is waited for; a round that stands still is helped on."""
    last = ticket.last
    if last and not last.has_ended and last.ringing:
        going = because(Code.ROUND_GOES_ON, round=last.round)
        still_until = ticket.moved_at + longest_ring(desk, last)
        then = Then.LOOK_AGAIN if now < still_until else Then.RING_ON
        return NextRound(then, max(now, still_until), going)
    hangs_at = ticket.moved_at + longest_wait(desk)
    if now < hangs_at and any(not call.has_ended for call in ticket.calls):
        return NextRound(Then.LOOK_AGAIN, hangs_at, because(Code.CALL_GOES_ON))
    return None


def _after_other_strangers(ticket: Unaccepted, rounds: Rounds, follows: NextRound) -> NextRound:
    """Let all strangers' tickets of a desk ring the duty no more often than one of them would.

    One for which that is too late is the contacts' matter.
    """
    rang_at = ticket.strangers_rang_at
    if rang_at is None or follows.then is not Then.BEGIN:
        return follows
    spaced = rang_at + timedelta(minutes=rounds.every_minutes)
    if spaced <= follows.at:
        return follows
    since = ticket.raised_at or ticket.opened_at
    if spaced > since + timedelta(minutes=rounds.for_minutes):
        over = because(Code.ROUNDS_OVER, minutes=rounds.for_minutes)
        return NextRound(Then.ALARM, follows.at, over)
    return replace(follows, at=spaced)


def _due(ticket: Unaccepted, rounds: Rounds, refusal: Reason | None, now: datetime) -> NextRound:
    every = timedelta(minutes=rounds.every_minutes)
    until = (ticket.raised_at or ticket.opened_at) + timedelta(minutes=rounds.for_minutes)
    due = max(call.ended_at or ticket.moved_at for call in ticket.calls) + PAUSE
    due = max(due, ticket.raised_at or due)
    if not (every and rounds.for_minutes):
        return NextRound(Then.ALARM, max(due, now), because(Code.NO_ROUNDS))
    if ticket.last_began_at:
        due = max(due, ticket.last_began_at + every)
    elif refusal is None:
        until = max(until, due)  # one round at least, however long the call was
    if refusal and due <= now:
        due = now + every
    if due > until:
        return NextRound(Then.ALARM, now, because(Code.ROUNDS_OVER, minutes=rounds.for_minutes))
    if refusal and due > now:
        return NextRound(Then.LOOK_AGAIN, due, refusal)
    return NextRound(Then.BEGIN, due, because(Code.NOT_TAKEN, round=ticket.rounds + 1))
