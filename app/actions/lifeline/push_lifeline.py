"""Pushes a desk's lifeline documents to the static host whenever they change.

The worker looks every few seconds; what is written stands in phone/static_lifeline.py, and
the auditor tells the desk's contacts when it cannot be put there.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

import structlog

from app.domain.simulate.proof.site_outage import StaticPlan, build_static_plan
from app.domain.time.backoff import pause_after
from app.store import Database
from app.store.desks import list_desks
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes, save_lifeline_push

FIRST_PAUSE: Final = timedelta(seconds=10)
MOST_CHARACTERS: Final = 250

log = structlog.get_logger()


class DocumentTarget(Protocol):
    """Where the documents are put (phone/shelf.py)."""

    def fingerprint(self, plan: StaticPlan) -> str:
        """Return what changes when the documents say something else."""
        ...

    def put(self, plan: StaticPlan) -> None:
        """Put them there; OSError when they are not taken."""
        ...


def push_lifelines(database: Database, store: DocumentTarget, now: datetime) -> int:
    """Put there what has changed since the last time, and tell how many desks that were.

    What is not taken is tried again ever more slowly.
    """
    with database.read() as connection:
        desks, pushes = list_desks(connection), load_lifeline_pushes(connection)
    return sum(
        _push(database, store, build_static_plan(live.desk, live.roster, now), last)
        for live in desks
        for last in (pushes.get(live.desk.id, LifelinePush(live.desk.id)),)
    )


def _push(database: Database, store: DocumentTarget, plan: StaticPlan, last: LifelinePush) -> bool:
    now, fingerprint = plan.from_, store.fingerprint(plan)
    lies_there = (
        fingerprint == last.fingerprint and not last.tries
    )  # a try that failed may have left some
    if lies_there or (last.next_at and now < last.next_at):
        return False
    try:
        store.put(plan)
    except OSError as trouble:
        log.warning("lifeline_not_pushed", desk=last.desk, why=str(trouble))
        database.write(partial(save_lifeline_push, pushed=_after_failure(last, str(trouble), now)))
        return False
    done = LifelinePush(last.desk, fingerprint, now, plan.until)
    database.write(partial(save_lifeline_push, pushed=done))
    log.info("lifeline_pushed", desk=last.desk, valid_until=plan.until.isoformat())
    return True


def _after_failure(last: LifelinePush, error: str, now: datetime) -> LifelinePush:
    return replace(
        last,
        tries=last.tries + 1,
        failing_since=last.failing_since or now,
        error=error[:MOST_CHARACTERS],
        next_at=now + pause_after(last.tries + 1, FIRST_PAUSE),
    )
