"""The roster of a desk that somebody names, or why there is none."""

from sqlalchemy import Connection

from app.domain.message_refs import MessageError, ref
from app.domain.roster.plan import Roster
from app.store.desks import find_desk


def roster_of_desk(connection: Connection, desk: str) -> Roster:
    """Find the roster of a desk; MessageError for an unknown desk, or one without a roster."""
    live = find_desk(connection, desk)
    if live is None:
        raise MessageError(ref("calendar_refused.unknown_desk", desk=desk))
    if live.roster is None:
        raise MessageError(ref("calendar_refused.no_roster", desk=desk))
    return live.roster


def check_person(roster: Roster, person: str) -> None:
    """Raise MessageError, with everybody there is, for a person who is not on the roster."""
    if roster.person(person) is None:
        people = tuple(each.id for each in roster.people)
        raise MessageError(ref("calendar_refused.unknown_person", person=person, people=people))
