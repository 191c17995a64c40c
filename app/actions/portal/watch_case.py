"""Cases followed in the portal: whoever opens one follows it, others may."""

from datetime import datetime
from functools import partial

from app.domain.access.users import User
from app.store import Database
from app.store.portal_cases import unwatch_case, watch_case


def watch(database: Database, ticket: int, user: User, now: datetime) -> None:
    """Let somebody follow a ticket that they may see, once."""
    database.write(partial(watch_case, ticket=ticket, user=user.id, now=now))


def unwatch(database: Database, ticket: int, user: User, _now: datetime) -> None:
    """Let somebody follow it no more."""
    database.write(partial(unwatch_case, ticket=ticket, user=user.id))
