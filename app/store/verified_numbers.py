"""Which numbers have answered: somebody there has pressed a key for us."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, union_all

from app.domain.hunts.hunt import LegOutcome
from app.store.tables import LegRow, NumberVerificationRow

# Not late: a voicemail that lifts when the caller has gone is late too, without any key.
WITH_A_KEY: Final = (LegOutcome.ACCEPTED, LegOutcome.PASSED)


def last_answers(connection: Connection, since: datetime) -> dict[str, datetime]:
    """Return when each number last answered with a key, since an instant."""
    last = func.max(LegRow.changed_at).label("last")
    by_legs = (
        select(LegRow.number, last)
        .where(LegRow.placed_at >= since, LegRow.outcome.in_(WITH_A_KEY), LegRow.number != "")
        .group_by(LegRow.number)
    )
    by_trials = select(
        NumberVerificationRow.number, NumberVerificationRow.key_pressed_at.label("last")
    ).where(NumberVerificationRow.key_pressed_at >= since, NumberVerificationRow.number != "")
    answers = union_all(by_legs, by_trials).subquery()
    newest = select(answers.c.number, func.max(answers.c.last).label("last"))
    found = connection.execute(newest.group_by(answers.c.number)).all()
    return {row.number: row.last for row in found}
