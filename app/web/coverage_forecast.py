"""The hours of duty ahead that nobody covers, for the metrics."""

from datetime import datetime, timedelta
from typing import Final

from app.actions.overview.coverage import CoverageCache
from app.store import Database
from app.store.desks import list_desks

FORECAST: Final = timedelta(days=14)
HOUR: Final = timedelta(hours=1)


def uncovered_hours(coverage: CoverageCache, database: Database, now: datetime) -> dict[str, float]:
    """Return the uncovered hours of duty in the next 14 days, by desk with a duty."""
    with database.read() as connection:
        live = list_desks(connection)
    return {
        desk: ahead.uncovered(now, FORECAST) / HOUR
        for desk, ahead in coverage.of(live, now).items()
    }
