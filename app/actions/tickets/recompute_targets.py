"""Sets the deadlines of open tickets anew after a change of the desk's document or of a customer.

By the worker, a batch in a transaction: an import waits for none of them, however many there are.
"""

from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from app.domain.tickets.clocks import recompute
from app.store import Database, DatabaseUnavailable
from app.store.desks import desk_version_id, find_desk
from app.store.people import customer_agreements
from app.store.target_reviews import (
    change_agreement,
    lock_outdated,
    mark_up_to_date,
    outdated_desks,
)
from app.store.tickets import add_events, change_ticket

log = structlog.get_logger()


def recompute_next_targets(database: Database, now: datetime) -> int:
    """Set anew a batch of deadlines of each desk that needs it; return how many were looked at."""
    with database.read() as connection:
        outdated = outdated_desks(connection)
    return sum(_recompute(database, desk, now) for desk, _ in outdated)


def _recompute(database: Database, desk_id: str, now: datetime) -> int:
    """One desk about whose tickets nothing can be done must not keep the others."""
    try:
        return database.write(partial(_recompute_batch, desk_id=desk_id, now=now))
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("targets_recompute_stuck", desk=desk_id)
        return 0


def _recompute_batch(connection: Connection, desk_id: str, now: datetime) -> int:
    live, version = find_desk(connection, desk_id), desk_version_id(connection, desk_id)
    if live is None or version is None:
        return 0
    tickets = lock_outdated(connection, desk_id, version)
    customers = list({each.customer for each, _ in tickets if each.customer})
    agreements = customer_agreements(connection, desk_id, customers)
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
    mark_up_to_date(connection, [each.number for each, _ in tickets], version)
    log.info("targets_recomputed", desk=desk_id, looked_at=len(tickets), changed=changed)
    return len(tickets)
