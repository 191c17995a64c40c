"""Purges what is past its retention (desk.toml, [retention]).

One small transaction after another: telephone calls pass between them, and whoever is
stopped goes on where the rows say. Figures stay: an old call still counts by its outcome.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from app.domain.desks.desk import Retention
from app.domain.tickets.writing import OVER_AFTER
from app.store import Database
from app.store.account_requests import purge_account_requests
from app.store.audit import purge_audit_events
from app.store.confirmed_call_outs import purge_confirmed_call_outs
from app.store.customer_calls import purge_customer_calls
from app.store.desks import list_desks
from app.store.duty_requests import purge_requests
from app.store.login_tokens import purge_login_tokens
from app.store.number_verifications import purge_number_verifications
from app.store.portal_cases import purge_ideas
from app.store.rate_limits import purge_rate_limits
from app.store.retention import (
    overwrite_deleted_rows,
    purge_blocks,
    purge_messages,
    purge_numbers,
    purge_recording_accesses,
    purge_recordings,
    purge_tickets,
    purge_turns,
)
from app.store.roster_drafts import purge_drafts
from app.store.roster_entries import purge_entries
from app.store.shift_confirmations import purge_asked_shifts
from app.store.ticket_writers import purge_writers
from app.store.web_sessions import purge_sessions

log = structlog.get_logger()

Batch = Callable[[Connection], int]

DEFAULT_RETENTION: Final = Retention()  # for what belongs to no desk
TOKENS_DAYS: Final = 1  # after they worked no longer


def purge_batch(database: Database, now: datetime) -> int:
    """Purge one small batch of each kind and desk; return how much, 0 when nothing is due.

    DatabaseUnavailable when the database is away; what was done until then is done.
    """
    gone = 0
    for desk, retention in _retention_rules(database):
        for what, batch in _batches(desk, retention, now):
            count = database.write(partial(_overwriting, batch=batch))
            gone += count
            if count:
                log.info("purged", what=what, desk=desk, count=count)
    return gone


def _retention_rules(database: Database) -> list[tuple[str | None, Retention]]:
    with database.read() as connection:
        live = list_desks(connection)
    return [*((each.desk.id, each.desk.retention) for each in live), (None, DEFAULT_RETENTION)]


def _batches(desk: str | None, retention: Retention, now: datetime) -> Iterator[tuple[str, Batch]]:
    """Name what goes, in its order: what belongs to something before that goes."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    old = before(retention.recordings_days)
    yield "recordings", partial(purge_recordings, desk=desk, before=old, now=now)
    yield "messages", partial(purge_messages, desk=desk, before=before(retention.turns_days))
    yield "turns", partial(purge_turns, desk=desk, before=before(retention.turns_days))
    yield "numbers", partial(purge_numbers, desk=desk, before=before(retention.numbers_days))
    yield (
        "number_verifications",
        partial(purge_number_verifications, desk=desk, before=before(retention.numbers_days)),
    )
    yield "blocks", partial(purge_blocks, desk=desk, before=before(retention.numbers_days))
    yield "tickets", partial(purge_tickets, desk=desk, before=before(retention.tickets_days))
    yield (
        "recording_accesses",
        partial(purge_recording_accesses, desk=desk, before=before(retention.tickets_days)),
    )
    if desk is not None:
        old = before(retention.tickets_days)
        old_requests = before(retention.numbers_days)
        yield "account_requests", partial(purge_account_requests, desk=desk, before=old_requests)
        old_calls = before(retention.turns_days)
        yield "customer_calls", partial(purge_customer_calls, desk=desk, before=old_calls)
        yield "ideas", partial(purge_ideas, desk=desk, before=old)
        yield "roster_entries", partial(purge_entries, desk=desk, before=old)
        yield "roster_drafts", partial(purge_drafts, desk=desk, before=old)
        yield "shift_confirmations", partial(purge_asked_shifts, desk=desk, before=old)
        yield "confirmed_call_outs", partial(purge_confirmed_call_outs, desk=desk, before=old)
        yield "duty_requests", partial(purge_requests, desk=desk, before=old)
        return
    yield "sessions", partial(purge_sessions, before=before(retention.turns_days))
    yield "audit_events", partial(purge_audit_events, before=before(retention.tickets_days))
    yield "login_tokens", partial(purge_login_tokens, before=before(TOKENS_DAYS))
    yield "rate_limits", partial(purge_rate_limits, now=now)
    yield "ticket_writers", partial(purge_writers, before=now - OVER_AFTER)


def _overwriting(connection: Connection, batch: Batch) -> int:
    overwrite_deleted_rows(connection)
    return batch(connection)
