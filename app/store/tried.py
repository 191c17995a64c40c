"""Which numbers have answered: somebody there has pressed a key for us."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from app.domain.call import LegOutcome
from app.store.tables import LegRow

# Late is a key too: it was the caller who had gone.
WITH_A_KEY: Final = (LegOutcome.ACCEPTED, LegOutcome.PASSED, LegOutcome.LATE)


def last_answers(connection: Connection, since: datetime) -> dict[str, datetime]:
    """Return when each number last answered with a key, since an instant."""
    last = func.max(LegRow.changed_at).label("last")
    by_legs = (
        select(LegRow.number, last)
        .where(LegRow.placed_at >= since, LegRow.outcome.in_(WITH_A_KEY), LegRow.number != "")
        .group_by(LegRow.number)
    )
    return {row.number: row.last for row in connection.execute(by_legs).all()}
