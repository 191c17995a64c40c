"""Puts what a desk's lines play while the whole site is down where the network finds it.

The worker keeps it up to date (refresher.py); what is written stands in
gateways/twilio/site_outage_twiml.py, and the auditor tells the desk's contacts when it cannot be
put there.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

import structlog

from app.domain.simulate.site_outage import StaticPlan, build_static_plan
from app.domain.time.backoff import pause_after
from app.store import Database
from app.store.desks import list_desks
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes, save_lifeline_push

LOOK_AGAIN: Final = timedelta(minutes=5)  # another worker may have failed where we did not
FIRST_PAUSE: Final = timedelta(seconds=10)
MOST_CHARACTERS: Final = 250

log = structlog.get_logger()


class DocumentTarget(Protocol):
    """Where the documents are put (gateways/static_host.py)."""

    def fingerprint(self, plan: StaticPlan) -> str:
        """Return what changes when the documents say something else."""
        ...

    def put(self, plan: StaticPlan) -> None:
        """Put them there; OSError when they are not taken."""
        ...


@dataclass(slots=True)
class StaticDocuments:
    """Every desk's documents at the network, as something to be kept up to date."""

    target: DocumentTarget
    name: str = "static documents"
    _until: datetime | None = None

    def holds_until(self) -> datetime | None:
        """Return when the next desk opens, closes or hands over, or is to be tried again."""
        return self._until

    def write(self, database: Database, now: datetime) -> int:
        """Put there what says something else now, and tell how many desks that were.

        What is not taken is tried again ever more slowly.
        """
        with database.read() as connection:
            desks, pushes = list_desks(connection), load_lifeline_pushes(connection)
        looks = [
            _push(database, self.target, build_static_plan(live.desk, live.roster, now), last)
            for live in desks
            for last in (pushes.get(live.desk.id, LifelinePush(live.desk.id)),)
        ]
        self._until = min((now + LOOK_AGAIN, *(look.again_at for look in looks)))
        return sum(look.is_put for look in looks)


@dataclass(frozen=True, slots=True)
class _PushResult:
    """Whether a desk's documents were put there just now, and when to look again."""

    is_put: bool
    again_at: datetime


def _push(
    database: Database, target: DocumentTarget, plan: StaticPlan, last: LifelinePush
) -> _PushResult:
    now, fingerprint = plan.from_, target.fingerprint(plan)
    if fingerprint == last.fingerprint and not last.tries:  # a try that failed may have left some
        return _PushResult(is_put=False, again_at=plan.until)
    if last.next_at and now < last.next_at:
        return _PushResult(is_put=False, again_at=last.next_at)
    try:
        target.put(plan)
    except OSError as trouble:
        log.warning("lifeline_not_pushed", desk=last.desk, why=str(trouble))
        failed = _after_failure(last, str(trouble), now)
        database.write(partial(save_lifeline_push, pushed=failed))
        return _PushResult(is_put=False, again_at=failed.next_at or now)
    done = LifelinePush(last.desk, fingerprint, now, plan.until)
    database.write(partial(save_lifeline_push, pushed=done))
    log.info("lifeline_pushed", desk=last.desk, valid_until=plan.until.isoformat())
    return _PushResult(is_put=True, again_at=plan.until)


def _after_failure(last: LifelinePush, error: str, now: datetime) -> LifelinePush:
    return replace(
        last,
        tries=last.tries + 1,
        failing_since=last.failing_since or now,
        error=error[:MOST_CHARACTERS],
        next_at=now + pause_after(last.tries + 1, FIRST_PAUSE),
    )
