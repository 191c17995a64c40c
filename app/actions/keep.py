"""Keeps the desks' promises of how long things are kept (desk.toml, [keep]).

One small transaction after another: telephone calls pass between them, and whoever is
stopped goes on where the rows say. Figures stay: an old call still counts by its outcome.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from app.domain.desk import Keep
from app.store import Database
from app.store.desks import list_desks
from app.store.keeping import (
    drop_blocks,
    drop_listenings,
    drop_messages,
    drop_numbers,
    drop_recordings,
    drop_tickets,
    drop_turns,
    overwrite_what_goes,
)
from app.store.trials import drop_trials

log = structlog.get_logger()

Batch = Callable[[Connection], int]

USUAL: Final = Keep()  # for what belongs to no desk


def keep_some(database: Database, now: datetime) -> int:
    """Let one small batch of each kind and desk go; return how much went, 0 when all is kept.

    DatabaseUnavailable when the database is away; what was done until then is done.
    """
    gone = 0
    for desk, keep in _promises(database):
        for what, batch in _batches(desk, keep, now):
            count = database.write(partial(_overwriting, batch=batch))
            gone += count
            if count:
                log.info("kept_no_longer", what=what, desk=desk, count=count)
    return gone


def _promises(database: Database) -> list[tuple[str | None, Keep]]:
    with database.read() as connection:
        live = list_desks(connection)
    return [*((each.desk.id, each.desk.keep) for each in live), (None, USUAL)]


def _batches(desk: str | None, keep: Keep, now: datetime) -> Iterator[tuple[str, Batch]]:
    """Name what goes, in its order: what belongs to something before that goes."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    old = before(keep.recordings_days)
    yield "recordings", partial(drop_recordings, desk=desk, before=old, now=now)
    yield "messages", partial(drop_messages, desk=desk, before=before(keep.turns_days))
    yield "turns", partial(drop_turns, desk=desk, before=before(keep.turns_days))
    yield "numbers", partial(drop_numbers, desk=desk, before=before(keep.numbers_days))
    yield "trials", partial(drop_trials, desk=desk, before=before(keep.numbers_days))
    yield "blocks", partial(drop_blocks, desk=desk, before=before(keep.numbers_days))
    yield "tickets", partial(drop_tickets, desk=desk, before=before(keep.tickets_days))
    yield "listenings", partial(drop_listenings, desk=desk, before=before(keep.tickets_days))


def _overwriting(connection: Connection, batch: Batch) -> int:
    overwrite_what_goes(connection)
    return batch(connection)
