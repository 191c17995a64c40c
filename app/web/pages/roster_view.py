"""What one roster's page shows: the timeline as a drawing and as a table, changes, and gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.actions.roster.shown_rosters import RosterInUse, ShownRoster
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.coverage import uncovered
from app.domain.roster.entries import RosterEntry, dated_of, identity_of, with_dated
from app.domain.roster.entry_effect import EntryEffect, effect_of_adding, effect_of_withdrawing
from app.domain.roster.plan_difference import with_people_of
from app.domain.roster.publication import is_published, last_day
from app.domain.roster.timeline import DutyPiece, PieceKind, Timeline
from app.domain.roster.timeline_days import holidays_of
from app.domain.roster.timeline_history import PlanPart, routed_timeline
from app.domain.roster.timeline_span import TimelineSpan, TimelineView, span_around
from app.domain.time.intervals import Interval
from app.domain.time.parsing import NotAMoment, read_date
from app.web.pages.roster_drawing import Drawer, Drawing
from app.web.pages.roster_links import RosterLinks
from app.web.pages.roster_words import RosterWords

LOOK_AHEAD: Final = timedelta(days=90)
CHANGES_SHOWN: Final = 50  # unless all are asked for
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class RosterAsked:
    """What an address asks for; what it cannot say counts as not said."""

    view: TimelineView = TimelineView.MONTH
    day: date | None = None
    entry: int | None = None  # one that was just added or withdrawn
    was_withdrawn: bool = False
    all_changes: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "RosterAsked":
        """Read the query of an address, or the fields that a form carries on."""
        view = query.get("view", "")
        withdrawn, added = query.get("withdrawn", ""), query.get("added", "")
        entry = withdrawn or added
        return cls(
            TimelineView(view) if view in set(TimelineView) else TimelineView.MONTH,
            _day(query.get("from", "")),
            int(entry) if entry.isascii() and entry.isdecimal() and len(entry) < 16 else None,
            bool(withdrawn),
            query.get("changes") == ALL,
        )

    def span(self, zone: ZoneInfo, now: datetime) -> TimelineSpan:
        """Which days are shown."""
        return span_around(self.view, self.day or now.astimezone(zone).date(), zone)

    def told(self, path: str, done: str, entry: int) -> str:
        """The same page, telling what was done."""
        day = {"from": self.day.isoformat()} if self.day else {}
        return f"{path}?{urlencode({'view': self.view, **day, done: str(entry)})}#done"


@dataclass(frozen=True, slots=True)
class GapAhead:
    """Duty hours of a desk in which nobody can be rung."""

    desk: str
    when: Interval


@dataclass(frozen=True, slots=True)
class TableRow:
    """A piece of a result line as a row of the table, in words.

    `is_gap`: nobody at all can be rung in it, and somebody should be. What is not published may
    still change.
    """

    number: int
    since: str
    until: str
    where: str
    who: str
    why: str
    is_gap: bool
    is_published: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done with an entry, and what it has changed."""

    entry: RosterEntry
    was_withdrawn: bool
    effect: EntryEffect


@dataclass(frozen=True, slots=True)
class RosterView:
    """All that the page shows."""

    shown: ShownRoster
    span: TimelineSpan
    timeline: Timeline
    drawing: Drawing
    rows: tuple[TableRow, ...]
    changes: tuple[RosterEntry, ...]  # coming ones
    gaps: tuple[GapAhead, ...]
    now: datetime
    may_change: bool
    words: RosterWords
    links: RosterLinks
    done: Done | None = None
    all_changes: bool = False

    @property
    def heading(self) -> MessageRef:
        """Whose duty it is."""
        return ref("roster_page.heading", desks=self._names)

    @property
    def title(self) -> MessageRef:
        """Whose duty it is, and when: each address has a title of its own."""
        return ref("roster_page.title", desks=self._names, period=self.period)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(desk.name for desk in self.shown.roster.desks)

    def desk_name(self, desk: str) -> str:
        """The name of one of the desks that use the roster."""
        return next((each.name for each in self.shown.roster.desks if each.id == desk), desk)

    @property
    def period(self) -> MessageRef:
        """Which days are shown."""
        first, last = self.span.first, self.span.last
        month = MessageRef(f"month.{first.month}")
        match self.span.view:
            case TimelineView.YEAR:
                return ref("roster_page.period_year", year=first.year)
            case TimelineView.MONTH:
                return ref("roster_page.period_month", month=month, year=first.year)
            case _:
                return ref(
                    "roster_page.period_weeks",
                    week=first.isocalendar().week,
                    first=first.day,
                    first_month=month,
                    last=last.day,
                    last_month=MessageRef(f"month.{last.month}"),
                    year=last.year,
                )

    @property
    def views(self) -> Iterator[tuple[TimelineView, str, bool]]:
        """Every view, its address, and whether it is the one that is open."""
        today = self.now.astimezone(self.span.zone).date()
        day = today if self.span.first <= today < self.span.after else self.span.first
        for view in TimelineView:
            yield view, self.links.view(view, day), view is self.span.view

    @property
    def today(self) -> str:
        """The address of the same view around today."""
        day = self.now.astimezone(self.span.zone).date()
        return self.links.view(self.span.view, day)

    @property
    def published_day(self) -> date | None:
        """The last day that is published; None where nobody has published it."""
        until = self.shown.roster.published_until
        return last_day(until, self.shown.roster.plan.time_zone) if until else None

    @property
    def shown_changes(self) -> tuple[RosterEntry, ...]:
        """The coming changes, not too many of them unless all are asked for."""
        return self.changes if self.all_changes else self.changes[:CHANGES_SHOWN]

    @property
    def is_empty(self) -> bool:
        """Whether nobody is ever on duty by it."""
        return not self.shown.roster.plan.people


def roster_view(
    shown: ShownRoster,
    asked: RosterAsked,
    now: datetime,
    *,
    may_change: bool,
    past: tuple[PlanPart, ...] = (),
) -> RosterView:
    """Work out what is shown of a roster; its past by the plans of their time."""
    plan, desks, until = shown.roster.plan, shown.roster.desks, shown.roster.published_until
    zone = ZoneInfo(plan.time_zone)
    span = asked.span(zone, now)
    found = routed_timeline(past, plan, desks, span.interval, now)
    pieces = [piece for line in found.results for piece in line.pieces]
    for part in past:
        plan = with_people_of(plan, part.plan)  # who has left is still called by their name
    words = RosterWords(plan, holidays_of(desks, span.days))
    links = RosterLinks(
        plan.id,
        zone,
        may_change,
        {identity_of(each.dated): each.id for each in shown.entries},
        {id(piece): number for number, piece in enumerate(pieces, 1)},
    )
    return RosterView(
        shown,
        span,
        found,
        Drawer(plan, span, words, links, until).draw(found, now),
        tuple(_row(words, number, piece, until) for number, piece in enumerate(pieces, 1)),
        coming(shown.entries, now),
        tuple(gaps_ahead(shown.roster, now)),
        now,
        may_change,
        words,
        links,
        _done(shown, asked, now),
        asked.all_changes,
    )


def _row(
    words: RosterWords, number: int, piece: DutyPiece, published_until: datetime | None
) -> TableRow:
    return TableRow(
        number,
        words.moment(piece.whole.from_),
        words.moment(piece.whole.to),
        words.place(piece.shift.role, piece.shift.slot),
        words.who(piece),
        words.why(piece),
        piece.kind is PieceKind.GAP,
        is_published(piece.whole.from_, published_until),
    )


def coming(entries: tuple[RosterEntry, ...], now: datetime) -> tuple[RosterEntry, ...]:
    """The entries that are not over, the next one first."""
    ahead = (each for each in entries if each.dated.to > now)
    return tuple(sorted(ahead, key=lambda each: (each.dated.from_, each.id)))


def gaps_ahead(roster: RosterInUse, now: datetime) -> Iterator[GapAhead]:
    """The gaps of the next 90 days, in order."""
    span = Interval(now, now + LOOK_AHEAD)
    found = [
        GapAhead(desk.name, gap)
        for desk in roster.desks
        if desk.duty
        for gap in uncovered(roster.plan, desk.duty.hours, desk.telephone_calendars(), span)
    ]
    yield from sorted(found, key=lambda each: each.when)


def next_gap(roster: RosterInUse, now: datetime) -> GapAhead | None:
    """The first gap of the next 90 days."""
    return next(gaps_ahead(roster, now), None)


def _done(shown: ShownRoster, asked: RosterAsked, now: datetime) -> Done | None:
    """What was just added or withdrawn, where the rows still say so."""
    entry = shown.asked
    if entry is None or asked.was_withdrawn is not (entry.withdrawal is not None):
        return None
    plan, desks = shown.roster.plan, shown.roster.desks
    if not asked.was_withdrawn:
        return Done(entry, False, effect_of_adding(plan, entry.dated, desks, now))
    before = with_dated(plan, (*dated_of(plan), entry.dated))
    return Done(entry, True, effect_of_withdrawing(before, entry.dated, desks, now))


def _day(text: str) -> date | None:
    try:
        return read_date(text)
    except NotAMoment:
        return None
