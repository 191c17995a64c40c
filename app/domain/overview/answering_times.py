"""Since when and until when just these people answer, who is next, and for which lines.

Between two instants at which something of the documents changes the answer stays the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.desks.desk import Agreement, Line
from app.domain.overview.answering import Answer, Staff, answer
from app.domain.overview.coverage_ahead import next_midnight
from app.domain.simulate.proof.instants import changes
from app.domain.time.intervals import Interval

# Looked at one after the other: most answers change within a day or two.
REACHES: Final = (timedelta(days=8), timedelta(days=40), timedelta(days=100))


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers critical calls under some agreements on some lines, and who does next.

    `since` and `until` are by the documents, whoever talks at the moment; None lies further away
    than anybody looks. The order in `now` is that of a call at this moment.
    """

    lines: tuple[Line, ...]
    agreements: tuple[Agreement, ...]
    now: Answer
    since: datetime | None = None
    until: datetime | None = None
    then: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Stay:
    """An answer and for how long it stays."""

    now: Answer
    since: datetime | None
    until: datetime | None
    then: Answer | None


def all_answering(staff: Staff, at: datetime) -> tuple[Answering, ...]:
    """Say who answers on every line: lines and agreements that are answered alike together."""
    edges = _Edges(staff, at)
    by_line: dict[tuple[tuple[_Stay, tuple[Agreement, ...]], ...], list[Line]] = {}
    for line in staff.desk.lines:
        by_line.setdefault(tuple(_by_answer(staff, line, at, edges)), []).append(line)
    return tuple(
        Answering(tuple(lines), agreements, stay.now, stay.since, stay.until, stay.then)
        for answers, lines in by_line.items()
        for stay, agreements in answers
    )


def _by_answer(
    staff: Staff, line: Line, at: datetime, edges: "_Edges"
) -> Iterator[tuple[_Stay, tuple[Agreement, ...]]]:
    groups: dict[_Stay, list[Agreement]] = {}
    for agreement in staff.desk.agreements:
        stay = _stay(staff, line, agreement, at, edges)
        groups.setdefault(stay, []).append(agreement)
    yield from ((stay, tuple(agreements)) for stay, agreements in groups.items())


def _stay(staff: Staff, line: Line, agreement: Agreement, at: datetime, edges: "_Edges") -> _Stay:
    planned = staff.as_planned
    usual = answer(planned, line, agreement, at)

    def differs(moment: datetime) -> bool:
        return answer(planned, line, agreement, moment).callees != usual.callees

    until = next((edge for edge in edges.after() if differs(edge)), None)
    since = next((edge for edge in edges.before() if differs(edge - datetime.resolution)), None)
    now = usual if planned == staff else answer(staff, line, agreement, at)
    then = answer(planned, line, agreement, until) if until else None
    return _Stay(now, since, until, then)


@dataclass(slots=True)
class _Edges:
    """The instants around a moment at which an answer can change, the nearest ones first.

    Worked out no further away than somebody looks.
    """

    staff: Staff
    at: datetime
    _found: dict[timedelta, tuple[datetime, ...]] = field(default_factory=dict)

    def after(self) -> Iterator[datetime]:
        """Give those that come."""
        done = self.at
        for reach in REACHES:
            edges = [edge for edge in self._within(reach) if edge > done]
            yield from edges
            done = edges[-1] if edges else done

    def before(self) -> Iterator[datetime]:
        """Give those that have been, beginning with the moment itself."""
        done = self.at + datetime.resolution
        for reach in REACHES:
            edges = [edge for edge in reversed(self._within(reach)) if edge < done]
            yield from edges
            done = edges[-1] if edges else done

    def _within(self, reach: timedelta) -> tuple[datetime, ...]:
        if reach not in self._found:
            middle = next_midnight(self.staff.desk, self.at)  # the same one all day
            span = Interval(middle - reach, middle + reach)
            self._found[reach] = changes(self.staff.desk, self.staff.roster, span)
        return self._found[reach]
