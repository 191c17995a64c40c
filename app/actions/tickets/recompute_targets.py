"""Sets the deadlines of open tickets anew after a change of the desk's document or of a customer.

By the worker, a batch in a transaction: an import waits for none of them, however many there are.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from app.domain.tickets.clocks import recompute
from app.store import Database, DatabaseUnavailable
from app.store.desks import find_desk
from app.store.people import customer_agreements
from app.store.target_reviews import (
    change_agreement,
    lock_outdated,
    mark_up_to_date,
    outdated_desks,
    outdated_tickets,
)
from app.store.tickets import add_events, change_ticket

log = structlog.get_logger()


def recompute_next_targets(database: Database, now: datetime) -> int:
    """Set anew a batch of deadlines of each desk that needs it; return how many were looked at."""
    with database.read() as connection:
        batches = [
            Batch(desk, version, outdated_tickets(connection, desk, version))
            for desk, version in outdated_desks(connection)
        ]
    return sum(_recompute(database, batch, now) for batch in batches)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tickets of a desk whose deadlines follow an older version of its document."""

    desk: str
    version: int
    numbers: tuple[int, ...]


def _recompute(database: Database, batch: Batch, now: datetime) -> int:
    """A ticket about which nothing can be done keeps neither the others nor other desks."""
    try:
        return database.write(partial(_recompute_batch, batch=batch, now=now))
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("targets_recompute_stuck", desk=batch.desk, tickets=len(batch.numbers))
    if len(batch.numbers) == 1:
        return 0
    each_alone = (replace(batch, numbers=(number,)) for number in batch.numbers)
    return sum(_recompute(database, each, now) for each in each_alone)


def _recompute_batch(connection: Connection, batch: Batch, now: datetime) -> int:
    live = find_desk(connection, batch.desk)
    if live is None:
        return 0
    tickets = lock_outdated(connection, batch.desk, batch.version, batch.numbers)
    customers = list({each.customer for each, _ in tickets if each.customer})
    agreements = customer_agreements(connection, batch.desk, customers)
    changed = 0
    for ticket, offset in tickets:
        agreement = agreements.get(ticket.customer or "")
        outcome = recompute(ticket, live.desk, agreement, now + offset)
        if outcome.ticket == ticket:
            continue
        changed += 1
        change_ticket(connection, outcome.ticket)
        if outcome.ticket.agreement != ticket.agreement:
            change_agreement(connection, outcome.ticket)
        add_events(connection, ticket.number, outcome.events)
    mark_up_to_date(connection, [each.number for each, _ in tickets], batch.version)
    log.info("targets_recomputed", desk=batch.desk, looked_at=len(tickets), changed=changed)
    return len(tickets)
