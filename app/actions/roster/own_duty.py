"""Tells a user of their own duty, and takes back what they changed. The rules are domain/roster."""

from dataclasses import dataclass
from datetime import datetime

from app.actions.roster.duty_requests import list_duty_requests
from app.actions.roster.entries import EntryRefused, withdraw_entry
from app.actions.roster.shown_rosters import ShownRoster, show_roster
from app.domain.access.audit import Author
from app.domain.access.users import User
from app.domain.roster.duty_requests import RequestState
from app.domain.roster.entries import RosterEntry
from app.domain.roster.own_duty import may_take_back
from app.domain.roster.plan import Person
from app.store import Database


@dataclass(frozen=True, slots=True)
class OwnRoster:
    """The roster on which a user stands, and who they are there.

    `agreed` are the entries that colleagues have agreed about: undone as a whole, by their request.
    """

    shown: ShownRoster
    person: Person
    agreed: frozenset[int] = frozenset()

    def may_take_back(self, user: User, entry: RosterEntry, now: datetime) -> bool:
        """Whether the user may take a change back: their own one, made by themselves alone."""
        return entry.id not in self.agreed and may_take_back(user, self.person.id, entry, now)

    def own_changes(self, user: User, now: datetime) -> tuple[RosterEntry, ...]:
        """List what the user has changed and may take back."""
        return tuple(each for each in self.shown.entries if self.may_take_back(user, each, now))


def show_own_roster(database: Database, user: User, entry: int | None = None) -> OwnRoster | None:
    """Read the roster on which a user stands; None where they stand on none that is in use."""
    if user.person is None:
        return None
    shown = show_roster(database, user.person.roster, entry)
    person = shown.roster.plan.person(user.person.person) if shown else None
    if shown is None or person is None:
        return None
    states = frozenset({RequestState.AGREED})
    agreed = list_duty_requests(database, shown.roster.id, states, latest=None)
    return OwnRoster(shown, person, frozenset(entry for each in agreed for entry in each.entries))


def take_back(database: Database, own: OwnRoster, user: User, entry: int, by: Author) -> bool:
    """Take a change of one's own back; False where it is none."""
    asked = own.shown.asked
    if asked is None or not own.may_take_back(user, asked, by.at):
        return False
    desk = own.shown.roster.desks[0].id
    done = withdraw_entry(database, desk, entry, by.actor, by.at, by.address)
    return not isinstance(done, EntryRefused)
