"""The last change of a ticket undone within a few seconds, as if it had never been made. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.access.actor import Actor
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.outcome import (
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
    WithdrawComment,
)
from app.domain.tickets.ticket import Ticket

# Mails about a ticket are put together by the minute, so that nothing has left the house yet.
UNDO_WITHIN: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Undoable:
    """How the last change can be undone: the ticket before, who changed it, until when."""

    before: Ticket
    by: str  # the id, or the name where there is none
    until: datetime
    commented: bool = False  # with a comment, the last one on the ticket
    moved: bool = False  # to another state


def undoable(before: Ticket, outcome: Outcome, by: Actor, now: datetime) -> Undoable | None:
    """Return how a change can be undone; None where it has left the house at once."""
    if any(isinstance(each, NotifyInbox) for each in outcome.effects):
        return None
    kinds = {each.kind for each in outcome.events}
    return Undoable(
        before,
        by.id or by.name,
        now + UNDO_WITHIN,
        commented=TicketEventKind.COMMENTED in kinds,
        moved=not kinds.isdisjoint({TicketEventKind.MOVED, TicketEventKind.CLOSED}),
    )


def undo(ticket: Ticket, last: Undoable | None, by: Actor, now: datetime) -> Outcome | Refused:
    """Put a ticket back as it was before its last change, for whoever made that."""
    if last is None or now > last.until:
        return Refused(Refusal.TOO_LATE_TO_UNDO, "", None)
    if last.by != (by.id or by.name):
        return Refused(Refusal.NOT_THEIRS, ticket.work.changed_by, ticket.work.changed_at)
    work = replace(last.before.work, version=ticket.work.version)
    event: TicketEvent = event_by(TicketEventKind.CHANGE_UNDONE, by, now, moved=last.moved)
    back = (WithdrawComment(),) if last.commented else ()
    return Outcome(replace(last.before, work=work), (event,), (ReviewCallOuts(), *back))
