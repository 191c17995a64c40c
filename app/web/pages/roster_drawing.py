"""A roster's timeline as a drawing: what stands where, in percent of its width and in pixels.

Geometry is in SVG's own attributes, because the policy lets no style attribute in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from app.domain.roster.plan import Roster
from app.domain.roster.publication import is_published
from app.domain.roster.timeline import CauseKind, CauseLine, PieceKind, ResultLine, Timeline
from app.domain.roster.timeline_span import TimelineSpan, TimelineView
from app.domain.time.intervals import Interval
from app.web.pages.roster_links import RosterLinks
from app.web.pages.roster_words import RosterWords

RESULT_HEIGHT: Final = 44  # pixels
OPEN_SHOWN: Final = 12  # of a result line, below its bars: opening hours are seen there
CAUSE_HEIGHT: Final = 28
HUES: Final = 6  # of people; the name says who it is
# About how wide a drawing is where it is read with a mouse, and one letter of its text.
USUAL_WIDTH: Final = 950.0
LETTER: Final = 7.8
WEEKEND: Final = (5, 6)

PATTERNS: Final[Mapping[PieceKind | CauseKind, str]] = {
    PieceKind.GAP: "roster-gap",
    PieceKind.NOBODY: "roster-nobody",
    CauseKind.OVERRIDE: "roster-override",
    CauseKind.ABSENCE: "roster-absence",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `text` is as much as fits into it, `name` says all of it."""

    x: str
    width: str
    y: int
    kind: str
    pattern: str
    hue: int
    text: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of one kind: in one line, or in several where they lie over one another."""

    label: str
    is_result: bool
    height: int
    bar_height: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something behind the bars: a day, a month, opening hours. `name` is a holiday's."""

    x: str
    width: str
    kind: str = ""
    label: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn. `now` is None where it lies outside; `unpublished`: what begins there
    may still change.
    """

    columns: tuple[Stretch, ...]
    holidays: tuple[Stretch, ...]
    open: tuple[Stretch, ...]
    rows: tuple[Row, ...]
    now: str | None
    unpublished: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an instant is, between the first one and the last."""

    span: Interval

    def at(self, moment: datetime) -> float:
        """Percent from the left edge."""
        return 100 * ((moment - self.span.from_) / self.span.length)

    def place(self, when: Interval) -> tuple[str, str]:
        """Left edge and width."""
        x = self.at(when.from_)
        return f"{x:.3f}%", f"{self.at(when.to) - x:.3f}%"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws one roster's timeline with these words and links."""

    roster: Roster
    span: TimelineSpan
    words: RosterWords
    links: RosterLinks
    published_until: datetime | None = None

    def draw(self, timeline: Timeline, now: datetime) -> Drawing:
        """Draw all of it."""
        scale = Scale(timeline.span)
        named = self.words.holidays
        is_inside = now in timeline.span
        is_year = self.span.view is TimelineView.YEAR
        return Drawing(
            tuple(self._months(scale) if is_year else self._days(scale)),
            tuple(self._day(scale, day, "holiday") for day in named if is_year),
            () if is_year else tuple(Stretch(*scale.place(each)) for each in timeline.open),
            tuple(self._rows(scale, timeline)),
            f"{scale.at(now):.3f}%" if is_inside else None,
            self._unpublished(scale),
        )

    def _unpublished(self, scale: Scale) -> Stretch | None:
        border = self.published_until
        if border is None or border >= scale.span.to:
            return None
        return Stretch(*scale.place(Interval(max(border, scale.span.from_), scale.span.to)))

    def _days(self, scale: Scale) -> Iterator[Stretch]:
        for day in self.span.days:
            kind = "weekend" if day.weekday() in WEEKEND else ""
            yield self._day(scale, day, "holiday" if day in self.words.holidays else kind)

    def _day(self, scale: Scale, day: date, kind: str) -> Stretch:
        when = Interval(self.span.midnight(day), self.span.midnight(_after(day)))
        label = self.words.day_label(day, self.span.view)
        return Stretch(*scale.place(when), kind, label, self.words.holiday(day))

    def _months(self, scale: Scale) -> Iterator[Stretch]:
        for _, days in groupby(self.span.days, key=lambda day: day.month):
            month = tuple(days)
            when = Interval(self.span.midnight(month[0]), self.span.midnight(_after(month[-1])))
            yield Stretch(*scale.place(when), label=self.words.day_label(month[0], self.span.view))

    def _rows(self, scale: Scale, timeline: Timeline) -> Iterator[Row]:
        for line in timeline.results:
            label = self.words.place(line.role, line.slot)
            bars = tuple(self._pieces(scale, line))
            yield Row(label, True, RESULT_HEIGHT, RESULT_HEIGHT - OPEN_SHOWN, bars)
        for _, lines in groupby(
            timeline.causes, key=lambda each: (each.kind, each.role, each.slot)
        ):
            lanes = tuple(lines)
            height = CAUSE_HEIGHT * len(lanes)
            bars = tuple(
                bar
                for number, lane in enumerate(lanes)
                for bar in self._causes(scale, lane, number * CAUSE_HEIGHT)
            )
            yield Row(self.words.cause(lanes[0]), False, height, CAUSE_HEIGHT - 4, bars)

    def _pieces(self, scale: Scale, line: ResultLine) -> Iterator[Bar]:
        for piece in line.pieces:
            x, width = scale.place(piece.when)
            short, name = self.words.piece(piece)
            kind = f"{piece.kind}"
            pattern = PATTERNS.get(piece.kind, "")
            if piece.person and piece.shift.override:
                pattern = PATTERNS[CauseKind.OVERRIDE]
            hue = self._hue(piece.person)
            if not is_published(piece.whole.from_, self.published_until):
                name = self.words.unpublished(name)
            text, href = fitting(short, width), self.links.of_piece(piece)
            yield Bar(x, width, 2, kind, pattern, hue, text, _saying(name, text), href)

    def _causes(self, scale: Scale, line: CauseLine, y: int) -> Iterator[Bar]:
        for bar in line.bars:
            x, width = scale.place(bar.when)
            short, name = self.words.cause_bar(line, bar)
            hue = self._hue(bar.people[0]) if line.kind is not CauseKind.LAST_RESORT else 0
            text, pattern = fitting(short, width), PATTERNS.get(line.kind, "")
            href = self.links.of_cause(bar)
            said = _saying(name, text)
            yield Bar(x, width, y + 2, f"{line.kind}", pattern, hue, text, said, href)

    def _hue(self, person: str | None) -> int:
        if person is None:
            return 0
        return self.words.position(person) % HUES + 1


def fitting(text: str, width: str) -> str:
    """As much of a name as a bar of this width has room for, where it is as wide as usual."""
    room = int((float(width.rstrip("%")) / 100 * USUAL_WIDTH - 10) / LETTER)
    if room < 1:
        return ""
    if len(text) <= room:
        return text
    first = text.split(" ", maxsplit=1)[0]
    if len(first) <= room:
        return first
    initials = "".join(word[0] for word in text.split(" ") if word)
    return initials if len(initials) <= room else ""


def _saying(name: str, text: str) -> str:
    """The whole name with what is seen of it: who says aloud what they see finds the bar."""
    return name if text in name else f"{name}, {text}"


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
