"""Whose a ticket is at the desk: a person's, and a group's. Pure, as moves.py is."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.access.actor import Actor
from app.domain.desks.desk import Group
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.moves import (
    Refusal,
    Refused,
    Unchanged,
    acknowledged,
    acknowledged_event,
    is_closed,
)
from app.domain.tickets.outcome import Outcome, ReviewCallOuts, TicketEffect
from app.domain.tickets.ticket import Assignee, Ticket
from app.domain.workflow.status import Status


def assign(
    ticket: Ticket, to: Assignee | None, by: Actor, now: datetime, note: str = ""
) -> Outcome | Unchanged | Refused:
    """Give a ticket to somebody at the desk, or to nobody. Whoever takes it themselves has it."""
    if ticket.status is Status.CLOSED:
        return is_closed(ticket)
    was = ticket.work.assignee
    is_own = to is not None and bool(to.id) and to.id == by.id
    if to == was and not (is_own and ticket.acknowledged is None):
        return Unchanged()
    facts = {"to": to.name if to else "", "was": was.name if was else ""}
    event = event_by(TicketEventKind.ASSIGNED, by, now, note, **facts)
    assigned = replace(ticket, work=replace(ticket.work, assignee=to))
    if not is_own or ticket.acknowledged:
        return Outcome(assigned, (event,))
    events: tuple[TicketEvent, ...] = (acknowledged_event(by, now), event)
    effects: tuple[TicketEffect, ...] = (ReviewCallOuts(),)
    return Outcome(acknowledged(assigned, by, now), events, effects)


@dataclass(frozen=True, slots=True)
class RouteAsked:
    """To which of the desk's groups, and why."""

    group: str
    groups: tuple[Group, ...]
    note: str = ""


def route(
    ticket: Ticket, asked: RouteAsked, by: Actor, now: datetime
) -> Outcome | Unchanged | Refused:
    """Pass a ticket on to a group of the desk: whoever had it there has it no more."""
    if ticket.status is Status.CLOSED:
        return is_closed(ticket)
    if asked.group == ticket.work.group:
        return Unchanged()
    if asked.group not in (each.id for each in asked.groups):
        return Refused(Refusal.NO_SUCH_GROUP, "", None)
    facts = {"to": asked.group, "was": ticket.work.group}
    event = event_by(TicketEventKind.ROUTED, by, now, asked.note, **facts)
    routed = replace(ticket, work=replace(ticket.work, group=asked.group, assignee=None))
    return Outcome(routed, (event,))
