"""What a roster's page says of shifts, causes and entries. The words are voice_prompts'.

A page tells the same moments and people many times over, so each is written once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason
from app.domain.roles import Role
from app.domain.roster.entries import Dated, RosterEntry
from app.domain.roster.entry_difference import PersonDuty
from app.domain.roster.plan import Override, Roster
from app.domain.roster.timeline import CauseBar, CauseLine, DutyPiece, PieceKind
from app.domain.roster.timeline_span import TimelineView
from app.domain.texts.written_moments import long_day_ref, moment_ref, spaced
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import WEEKDAY_CODES
from app.web.pages.render import say, written

COLUMN_TEXTS: Final = {
    TimelineView.WEEK: "roster_page.column_week",
    TimelineView.FORTNIGHT: "roster_page.column_fortnight",
    TimelineView.MONTH: "roster_page.column_month",
    TimelineView.YEAR: "roster_page.column_year",
}


@dataclass(slots=True)
class RosterWords:
    """The words of one roster on one page, in its reader's language."""

    roster: Roster
    holidays: dict[date, MessageRef]
    forms: dict[str, str] = field(default_factory=dict)
    reasons: dict[Reason, str] = field(default_factory=dict)
    moments: dict[datetime, str] = field(default_factory=dict)
    roles: dict[tuple[Role, int], str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    def moment(self, at: datetime) -> str:
        """`man. 7. des. 2026 kl. 08.00`."""
        known = self.moments.get(at)
        if known is None:
            known = self.moments[at] = self._moment(at)
        return known

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        if local.fold:
            return written(moment_ref(at, self.roster.time_zone))  # says that it is the second one
        return self._fill(
            "full_moment",
            weekday=self._fill(f"weekday_short.{WEEKDAY_CODES[local.weekday()]}"),
            day=local.day,
            month=self._fill(f"month_short.{local.month}"),
            year=local.year,
            hour=f"{local.hour:02}",
            minute=f"{local.minute:02}",
            again="",
        )

    def _fill(self, key: str, **values: object) -> str:
        """Write a text whose values are words already: looked up once, filled many times over."""
        form = self.forms.get(key)
        if form is None:
            form = self.forms[key] = say(key, **{name: f"{{{name}}}" for name in values})
        return form.format(**values)

    @property
    def zone(self) -> ZoneInfo:
        """The zone on whose wall its times are."""
        return ZoneInfo(self.roster.time_zone)

    def position(self, person: str) -> int:
        """Where a person stands among the roster's people."""
        if not self.positions:
            self.positions = {each.id: n for n, each in enumerate(self.roster.people)}
        return self.positions.get(person, 0)

    def person(self, person: str) -> str:
        """A person's name; a number that is nobody's as it is read."""
        known = self.roster.person(person)
        return known.name if known else (spaced(person) if person.startswith("+") else person)

    def place(self, role: Role, slot: int) -> str:
        """A place on duty: `hovedvakt`, and from the second one on `hovedvakt 2`."""
        if (role, slot) not in self.roles:
            name = say(f"role.{role}")
            numbered = say("roster_page.place", role=name, number=slot + 1)
            self.roles[role, slot] = numbered if slot else name
        return self.roles[role, slot]

    def day_label(self, day: date, view: TimelineView) -> str:
        """What stands over a day, in a year's view over a month."""
        return say(
            COLUMN_TEXTS[view],
            weekday=MessageRef(f"weekday_short.{WEEKDAY_CODES[day.weekday()]}"),
            day=day.day,
            month=MessageRef(f"month_short.{day.month}"),
        )

    def long_day(self, day: date) -> str:
        """`mandag 7. desember 2026`."""
        return written(long_day_ref(day))

    def holiday(self, day: date) -> str:
        """A holiday's name; "" for another day."""
        return written(self.holidays[day]) if day in self.holidays else ""

    def piece(self, piece: DutyPiece) -> tuple[str, str]:
        """What stands on a shift or a gap, and all that it says."""
        values = {
            "role": self.place(piece.shift.role, piece.shift.slot),
            "since": self.moment(piece.whole.from_),
            "until": self.moment(piece.whole.to),
        }
        if piece.person:
            name = self.person(piece.person)
            instead = piece.shift.instead_of
            if piece.shift.override and instead:
                key = "roster_page.shift_instead"
                return name, self._fill(key, name=name, instead=self.person(instead), **values)
            return name, self._fill("roster_page.shift", name=name, **values)
        key = "roster_page.gap" if piece.kind is PieceKind.GAP else "roster_page.nobody"
        return self._fill("roster_page.none"), self._fill(key, why=self.why(piece), **values)

    def cut_piece(self, piece: DutyPiece) -> str:
        """A shift or a gap as far as it lies in the time that is looked at."""
        return self.piece(replace(piece, whole=piece.when))[1]

    def names(self, people: Iterable[PersonDuty]) -> tuple[str, ...]:
        """The names of people whose duty changes."""
        return tuple(self.person(each.person) for each in people)

    def unpublished(self, what: str) -> str:
        """Something that may still change."""
        return self._fill("roster_page.not_published_yet", what=what)

    def consents(self, entry: RosterEntry) -> str:
        """Who had agreed to a change at short notice, and who was not asked; "" for no such."""
        yes, unasked = (
            tuple(self.person(one.person) for one in entry.consents if one.has_agreed is agreed)
            for agreed in (True, False)
        )
        said = [say("roster_page.has_agreed", names=yes)] if yes else []
        return " ".join([*said, say("roster_page.not_asked", names=unasked)] if unasked else said)

    def who(self, piece: DutyPiece) -> str:
        """Who is rung, in the table."""
        if piece.person:
            return self.person(piece.person)
        return self._fill("roster_page.none")

    def why(self, piece: DutyPiece) -> str:
        """Why just this person, or nobody."""
        why = self.reasons.get(piece.why)
        if why is None:
            why = self.reasons[piece.why] = written(piece.why.ref)
        if piece.person is None and piece.shift.person:
            return self._fill("roster_page.whose", name=self.person(piece.shift.person), why=why)
        return why

    def cause(self, line: CauseLine) -> str:
        """What stands before a line of causes."""
        if line.role is None:
            return self._fill(f"roster_page.cause_{line.kind}")
        return self._fill("roster_page.cause_rotation", role=self.place(line.role, line.slot))

    def cause_bar(self, line: CauseLine, bar: CauseBar) -> tuple[str, str]:
        """What stands on a cause, and all that it says."""
        names = ", ".join(self.person(each) for each in bar.people)
        if bar.dated:
            return names, self.entry(bar.dated)
        since, until = self.moment(bar.when.from_), self.moment(bar.when.to)
        label = self.cause(line)
        return names, self._fill(
            "roster_page.cause", cause=label, names=names, since=since, until=until
        )

    def entry(self, dated: Dated) -> str:
        """An override or an absence in one sentence."""
        values = {
            "name": self.person(dated.person),
            "since": self.moment(dated.from_),
            "until": self.moment(dated.to),
        }
        if not isinstance(dated, Override):
            return self._fill("roster_page.entry_absence", **values)
        instead = self.person(dated.instead_of) if dated.instead_of else ""
        if dated.role is None:
            return self._fill("roster_page.entry_instead", instead=instead, **values)
        role = self.place(dated.role, 0)
        if instead:
            return self._fill("roster_page.entry_instead_in", role=role, instead=instead, **values)
        return self._fill("roster_page.entry_override", role=role, **values)

    def span(self, when: Interval) -> str:
        """A stretch of time."""
        since, until = self.moment(when.from_), self.moment(when.to)
        return self._fill("roster_page.span", since=since, until=until)
