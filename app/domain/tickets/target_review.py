"""What a look at a ticket's targets leads to: who is told now, and when to look again. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.tickets.escalation import (
    Cell,
    Escalation,
    Recipient,
    due_escalations,
    next_escalation_at,
)
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class NotifiedEscalation:
    """An escalation that somebody is told of now, and how the ticket's history tells it."""

    escalation: Escalation
    to: Recipient
    event: TicketEvent


@dataclass(frozen=True, slots=True)
class Review:
    """Who is told now; `next_at` is when to look again if nothing happens, None: never."""

    escalations: tuple[NotifiedEscalation, ...]
    next_at: datetime | None


def review_targets(desk: Desk, ticket: Ticket, notified: Collection[Cell], now: datetime) -> Review:
    """Look at a ticket's targets: each level is told once, late where nobody looked in time."""
    told = tuple(
        NotifiedEscalation(each, to, _event(each, to, now))
        for each, to in due_escalations(desk, ticket, notified, now)
    )
    known = {*notified, *(each.escalation.cell for each in told)}
    return Review(told, next_escalation_at(desk, ticket, known, now))


def _event(escalation: Escalation, to: Recipient, now: datetime) -> TicketEvent:
    facts: dict[str, object] = {
        "target": str(escalation.kind),
        "level": escalation.level,
        "since": escalation.reached_at,
        "due": escalation.deadline,
    }
    if to.instead_of:
        facts["instead_of"] = to.instead_of
    return TicketEvent(now, TicketEventKind.ESCALATED, to.contact.role, facts)
