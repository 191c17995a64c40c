"""Ring me again in a while: whoever of the duty has not taken a ticket, and asks for a pause.

A critical ticket does not sleep: only whoever asked has the pause, and the others are rung as usual
meanwhile. Each person has one, two are granted at the most, one at a time; never past the time when
the desk's contacts are told; and not any longer once the caller calls again.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.access.actor import Actor
from app.domain.callouts.calls_about import CallsAbout
from app.domain.hunts.world import World
from app.domain.roster.on_duty import on_duty
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.outcome import Outcome, ReviewCallOuts
from app.domain.tickets.ticket import RingAgain, Ticket

LASTS: Final = timedelta(minutes=15)
MOST_PAUSES: Final = 2  # of one ticket, whoever asks


def pause_of(ticket: Ticket, about: CallsAbout) -> RingAgain | None:
    """Return who has a pause, or is rung first now that it is over.

    None once a call-out has begun that rang them; and when anything ends it sooner: the caller has
    called again, the ticket has become more urgent, or whoever asked has passed it on.
    """
    if ticket.acknowledged or not ticket.rings_again:
        return None
    asked = ticket.rings_again[-1]
    began, ended = about.last_began_at, [call.ended_at for call in about.calls]
    has_called = any(at is None or at > asked.asked_at for at in ended)
    is_rung = began is not None and began >= asked.until
    is_past = has_called or is_rung or ticket.urgent_since > asked.asked_at
    return None if is_past or asked.person in ticket.passed_on_by else asked


def is_rung_now(world: World, person: str, now: datetime) -> bool:
    """Tell whether somebody is among those whom the duty rings at this moment."""
    ringing = on_duty(world.roster, now).ringing if world.roster else ()
    return any(each.person and each.person.id == person for each in ringing)


def rings_others(world: World, person: str, now: datetime) -> bool:
    """Tell whether the duty would ring anybody else at this moment."""
    ringing = on_duty(world.roster, now).ringing if world.roster else ()
    return any(each.person is None or each.person.id != person for each in ringing)


def may_ask_again(ticket: Ticket, about: CallsAbout, person: str) -> bool:
    """Tell whether a person may ask for it.

    Not while the caller still waits: the call rings on, whatever is asked for here.
    """
    return (
        ticket.is_unacknowledged
        and pause_of(ticket, about) is None
        and all(call.ended_at for call in about.calls)
        and not any(each.person == person for each in ticket.rings_again)
        and len(ticket.rings_again) < MOST_PAUSES
    )


def a_pause(person: str, now: datetime, over: datetime) -> RingAgain:
    """Return a pause from now on; call-outs about the ticket are over then."""
    return RingAgain(person, now, min(now + LASTS, over))


def ask_again(ticket: Ticket, by: Actor, asked: RingAgain) -> Outcome:
    """Note that somebody shall be rung again; if they have passed it on, that holds no more."""
    passed = tuple(each for each in ticket.passed_on_by if each != by.id)
    rings = (*ticket.rings_again, asked)
    event = event_by(TicketEventKind.RING_AGAIN, by, asked.asked_at)
    paused = replace(ticket, rings_again=rings, passed_on_by=passed)
    return Outcome(paused, (event,), (ReviewCallOuts(),))
