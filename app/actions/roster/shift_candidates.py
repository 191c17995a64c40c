"""Tells who could take over a stretch of duty, the fairest first. Changes nothing."""

from app.actions.roster.report_hours import load_sources
from app.actions.roster.shown_rosters import RosterInUse
from app.domain.roster.working_hours.next_shift import Candidate, candidates
from app.domain.time.intervals import Interval
from app.store import Database


def shift_candidates(
    database: Database, roster: RosterInUse, shift: Interval
) -> tuple[Candidate, ...]:
    """Tell of everybody in the roster whether they could have the shift, and how fair that is."""
    desks = tuple(desk.id for desk in roster.desks)
    with database.read() as connection:
        sources = load_sources(connection, roster.plan, desks, shift)
    return candidates(sources, shift)
