"""A shift that somebody of the sample organisation is asked to confirm: the one that they have."""

from datetime import datetime, timedelta

from app import clock
from app.domain.access.users import PersonLink
from app.domain.roles import Role
from app.domain.roster.calendar_events import calendar_events
from app.domain.roster.shift_confirmations import AskedShift
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.desks import find_desk
from app.store.shift_confirmations import add_asked_shift


def put_shift_to_confirm(
    database: Database, whose: PersonLink, asked_at: datetime | None = None, which: int = 0
) -> datetime:
    """Ask about a shift, whatever the document says; return its beginning."""
    now = clock.now()
    with database.read() as connection:
        live = find_desk(connection, whose.roster)
    assert live
    assert live.roster
    span = Interval(now, now + timedelta(days=30))
    shifts = [
        each
        for each in calendar_events(live.roster, span, whose.person)
        if each.role is Role.PRIMARY
    ]
    shift = shifts[which]
    asked = AskedShift(
        0,
        whose.roster,
        live.desk.id,
        whose.person,
        shift.role,
        shift.when,
        asked_at or now,
        shift.when.from_,
    )
    database.write(lambda connection: add_asked_shift(connection, asked))
    return shift.when.from_
