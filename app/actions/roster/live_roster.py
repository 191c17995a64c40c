"""A desk's roster as it is live: its plan, its text with the entries in force, and its revision."""

from dataclasses import dataclass

from app.actions.roster.entries import EntryRefusal, EntryRefused
from app.actions.roster.entries_in_files import roster_text
from app.domain.roster.plan import Roster
from app.store import Database
from app.store.desks import desk_texts, find_desk
from app.store.roster_entries import roster_revision


@dataclass(frozen=True, slots=True)
class LiveRoster:
    """A roster that is live. The text is the imported one, while its entries are in force."""

    plan: Roster
    text: str
    revision: int


def load_live_roster(database: Database, desk: str) -> LiveRoster | EntryRefused:
    """Load the roster of a desk, or say why there is none."""
    with database.read() as connection:
        live, texts = find_desk(connection, desk), desk_texts(connection, desk)
        if live is None or texts is None:
            return EntryRefused(EntryRefusal.UNKNOWN_DESK)
        if live.roster is None:
            return EntryRefused(EntryRefusal.NO_ROSTER)
        text = roster_text(connection, live.roster.id, texts[1])
        return LiveRoster(live.roster, text, roster_revision(connection, live.roster.id) or 0)
