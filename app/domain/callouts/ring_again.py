"""Ring me again in a while: whoever of the duty has not taken a ticket, and asks for a pause.

A critical ticket does not sleep: each person is waited for once, and two at the most; never past
the time when the desk's contacts are told; and not any longer once the caller calls again.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from app.domain.access.actor import Actor
from app.domain.callouts.calls_about import CallsAbout
from app.domain.hunts.world import World
from app.domain.roster.on_duty import on_duty
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.outcome import Outcome, ReviewCallOuts
from app.domain.tickets.ticket import RingAgain, Ticket

MOST_PAUSES: Final = 2  # of one ticket, whoever asks


def waited_for(ticket: Ticket, about: CallsAbout) -> RingAgain | None:
    """Return who is waited for; None once anything has happened since they asked."""
    if ticket.acknowledged or not ticket.rings_again:
        return None
    asked = ticket.rings_again[-1]
    began, ended = about.last_began_at, [call.ended_at for call in about.calls]
    has_called = any(at is None or at > asked.asked_at for at in ended)
    has_rung = began is not None and began > asked.asked_at
    return None if has_called or has_rung or ticket.urgent_since > asked.asked_at else asked


def is_rung_now(world: World, person: str, now: datetime) -> bool:
    """Tell whether somebody is among those whom the duty rings at this moment."""
    ringing = on_duty(world.roster, now).ringing if world.roster else ()
    return any(each.person and each.person.id == person for each in ringing)


def may_ask_again(ticket: Ticket, about: CallsAbout, person: str) -> bool:
    """Tell whether a person may ask for it.

    Not while the caller still waits: the call rings on, whatever is asked for here.
    """
    return (
        ticket.is_unacknowledged
        and waited_for(ticket, about) is None
        and all(call.ended_at for call in about.calls)
        and not any(each.person == person for each in ticket.rings_again)
        and len(ticket.rings_again) < MOST_PAUSES
    )


def ask_again(ticket: Ticket, by: Actor, now: datetime) -> Outcome:
    """Note that somebody shall be rung again: next_call_out.py says when."""
    asked = (*ticket.rings_again, RingAgain(by.id, now))
    event = event_by(TicketEventKind.RING_AGAIN, by, now)
    return Outcome(replace(ticket, rings_again=asked), (event,), (ReviewCallOuts(),))
