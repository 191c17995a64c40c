"""Figures for the metrics, and whether the database can be written to."""

from sqlalchemy import Connection, func, select, update

from app.domain.call import CallOutcome
from app.store.tables import CallRow, CounterRow


def count_outcomes(connection: Connection) -> dict[str, int]:
    """Count the calls that have ended, by outcome; every outcome is named."""
    counted = select(CallRow.outcome, func.count()).where(CallRow.outcome.is_not(None))
    rows = connection.execute(counted.group_by(CallRow.outcome)).all()
    found = {str(outcome): int(count) for outcome, count in rows}
    return {str(outcome): found.get(outcome, 0) for outcome in CallOutcome}


def touch(connection: Connection) -> None:
    """Write what stands there already: a database that is full or read-only refuses it."""
    connection.execute(update(CounterRow).values(value=CounterRow.value))
