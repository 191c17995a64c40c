"""Urgent tickets that nobody has acknowledged: when somebody is called about each one next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.next_call_out import policy_of
from app.domain.desks.desk import Desk, Priority
from app.domain.hunts.staffing import NO_DUTY_NOW
from app.domain.hunts.world import World
from app.domain.reasons import Reason
from app.domain.roster.on_duty import Roster
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class WaitingTicket:
    """A ticket that nobody has acknowledged.

    `next_at` is when it is looked at next, in real time. Without one nobody is called about it any
    more: its call-outs are over, or `never` says why there are none.
    """

    number: int
    priority: Priority
    since: datetime
    call_outs_made: int
    next_at: datetime | None = None
    never: Reason | None = None

    @property
    def is_given_up(self) -> bool:
        """Tell whether its call-outs are over, and nobody has it."""
        return self.next_at is None and self.never is None


@dataclass(frozen=True, slots=True)
class WaitingTickets:
    """How many wait, and the ones that have waited longest."""

    count: int = 0
    longest: tuple[WaitingTicket, ...] = ()

    @property
    def given_up(self) -> tuple[WaitingTicket, ...]:
        """Return those about which nobody is called any more."""
        return tuple(each for each in self.longest if each.is_given_up)


def waiting_tickets(
    desk: Desk, roster: Roster | None, tickets: Iterable[Ticket], count: int, now: datetime
) -> WaitingTickets:
    """Say of each ticket what is next for it, the longest waiting first; `count` wait in all."""
    waiting = (_waiting(desk, roster, each, now) for each in tickets if each.is_unacknowledged)
    in_order = sorted(waiting, key=lambda each: (each.since, each.number))
    return WaitingTickets(max(count, len(in_order)), tuple(in_order))


def _waiting(desk: Desk, roster: Roster | None, ticket: Ticket, now: datetime) -> WaitingTicket:
    next_at = ticket.next_call_out_at
    return WaitingTicket(
        ticket.number,
        ticket.priority,
        ticket.urgent_since,
        ticket.call_outs_made,
        next_at,
        None if next_at else _why_never(desk, roster, ticket, now),
    )


def _why_never(desk: Desk, roster: Roster | None, ticket: Ticket, now: datetime) -> Reason | None:
    """Why the duty is not called about such a ticket, at whatever hour; None where it was."""
    world = World(desk=desk, line=desk.line(ticket.line), roster=roster)
    about = CallsAbout(moved_at=ticket.opened_at)
    refusal = policy_of(ticket, about, world, now).refusal
    return refusal if refusal and refusal.code not in NO_DUTY_NOW else None
