"""A caller's call accepted about a ticket: who has it, and that the customer was answered. Pure."""

from dataclasses import replace
from datetime import datetime

from app.domain.access.actor import Actor
from app.domain.tickets.clocks import respond
from app.domain.tickets.moves import Refused, Unchanged, acknowledge_by_telephone
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Ticket


def accept_call(
    ticket: Ticket, by: Actor, now: datetime, instead_of: str | None
) -> Outcome | Unchanged | Refused:
    """Give the ticket to whoever accepts the call; where another has it, they answer all the same.

    `instead_of` is the person who pressed 1 before in the same call and was never connected.
    """
    outcome = acknowledge_by_telephone(ticket, by, now, instead_of)
    if not isinstance(outcome, Outcome):
        answered = respond(ticket, by, now)
        return answered if answered.events else outcome
    # That somebody took the caller's call says already that they answered: one event is enough.
    return replace(outcome, ticket=respond(outcome.ticket, by, now).ticket)
