"""The addresses of a roster's pages: each says all that the page shows, so it can be sent on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from app.domain.roster.entries import EntryIdentity, identity_of
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.roster.timeline import CauseBar, DutyPiece
from app.domain.roster.timeline_span import TimelineView

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RosterLinks:
    """Addresses below one roster. Whoever may not change it is led to the row of the table."""

    roster: str
    zone: ZoneInfo
    may_change: bool
    entries: Mapping[EntryIdentity, int]  # the ids of those in force
    rows: Mapping[int, int]  # where a piece stands in the table, by the id of its value
    moments: dict[datetime, str] = field(default_factory=dict)  # as they stand in an address

    @staticmethod
    def zone_of(roster: Roster) -> ZoneInfo:
        """The zone on whose wall its times are."""
        return ZoneInfo(roster.time_zone)

    @property
    def page(self) -> str:
        """The roster's own page."""
        return f"/rosters/{quote(self.roster, safe='')}"

    def view(self, view: TimelineView, day: date) -> str:
        """The timeline in another view, or of other days."""
        return f"{self.page}?{urlencode({'view': view, 'from': day.isoformat()})}"

    def of_piece(self, piece: DutyPiece) -> str:
        """What a shift or a gap leads to."""
        if not self.may_change:
            return f"#row-{self.rows[id(piece)]}"
        # There may be thousands on a page: put together by hand.
        since, until = self._quoted(piece.whole.from_), self._quoted(piece.whole.to)
        address = f"{self.page}/change?from={since}&to={until}"
        instead = f"&instead_of={quote(piece.person, safe='')}" if piece.person else ""
        return f"{address}&role={piece.shift.role}{instead}"

    def of_cause(self, bar: CauseBar) -> str:
        """What a rotation's turn, an override or an absence leads to."""
        entry = self.entry_of(bar.dated) if bar.dated else None
        return f"#entry-{entry}" if entry else "#table"

    def entry_of(self, dated: Override | Absence) -> int | None:
        """The id of an entry in force."""
        return self.entries.get(identity_of(dated))

    def change(self, from_: datetime, to: datetime, query: Query) -> str:
        """The form for a change, filled in."""
        when = {"from": self.wall(from_), "to": self.wall(to)}
        return f"{self.page}/change?{urlencode({**when, **query})}"

    def cover(self, dated: Override | Absence) -> str:
        """Where colleagues are asked for cover of what an absence opens."""
        when = {"since": self.wall(dated.from_), "until": self.wall(dated.to)}
        return f"{self.page}/cover?{urlencode({'person': dated.person, **when})}"

    def wall(self, at: datetime) -> str:
        """An instant as it stands in an address."""
        return at.astimezone(self.zone).isoformat(timespec="minutes")

    def _quoted(self, at: datetime) -> str:
        """One piece's end is the next one's beginning: each instant is written once."""
        if at not in self.moments:
            self.moments[at] = self.wall(at).replace(":", "%3A").replace("+", "%2B")
        return self.moments[at]
