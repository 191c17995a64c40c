"""The times of agreed requests: those of their entries, which may have moved with their shifts.

The rows keep the time that was agreed about.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from app.domain.roster.duty_requests import DutyRequest, RequestState
from app.domain.roster.plan import Override
from app.store.roster_entries import find_entries


def as_moved(
    connection: Connection, roster: str, requests: Collection[DutyRequest]
) -> tuple[DutyRequest, ...]:
    """The requests as people read them: those that are agreed in the time of their entries."""
    agreed = [each for each in requests if each.state is RequestState.AGREED]
    entries = find_entries(connection, roster, [one for each in agreed for one in each.entries])
    times = {each.id: each.dated for each in entries if isinstance(each.dated, Override)}
    return tuple(
        each.moved(times) if each.state is RequestState.AGREED else each for each in requests
    )
