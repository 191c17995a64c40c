"""What is wrong at a desk, the worst first. One table says how bad each thing is.

A desk at which nothing is wrong has one trouble that says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef, Value, ref
from app.domain.overview.answering_times import Answering
from app.domain.overview.duty_now import DutyNow
from app.domain.overview.opening import LineStatus
from app.domain.overview.waiting_tickets import WaitingTickets
from app.domain.reasons import Reason, TroubleCode, because
from app.domain.time.intervals import Interval

SOON: Final = timedelta(days=7)  # a gap that somebody has to see to


class Severity(StrEnum):
    """How bad something is: each has a sign of its own shape, and a word."""

    ACUTE = "acute"
    WARNING = "warning"
    NOTICE = "notice"
    WELL = "well"


# In the order in which they are told, the worst first.
SEVERITIES: Final[Mapping[TroubleCode, Severity]] = {
    TroubleCode.NOBODY_PLANNED: Severity.ACUTE,
    TroubleCode.NOBODY_NOW: Severity.ACUTE,
    TroubleCode.LAST_RESORT_NOW: Severity.ACUTE,
    TroubleCode.CALL_OUTS_OVER: Severity.ACUTE,
    TroubleCode.UNACKNOWLEDGED: Severity.WARNING,
    TroubleCode.GAP_SOON: Severity.WARNING,
    TroubleCode.KNOWN_OUTAGE: Severity.WARNING,
    TroubleCode.NOT_CONFIRMED: Severity.NOTICE,
    TroubleCode.LINE_UNATTENDED: Severity.NOTICE,
    TroubleCode.WELL: Severity.WELL,
}
RANKS: Final = {code: rank for rank, code in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, or that nothing is. `gap` is the time that nobody covers."""

    code: TroubleCode
    reason: Reason
    gap: Interval | None = None

    @property
    def severity(self) -> Severity:
        """Say how bad it is."""
        return SEVERITIES[self.code]

    @property
    def rank(self) -> int:
        """Put the worst first."""
        return RANKS[self.code]


@dataclass(frozen=True, slots=True)
class OutageNow:
    """The outage that a desk knows of, and how many callers are told when it is over."""

    since: datetime
    watchers: int


@dataclass(frozen=True, slots=True)
class DeskState:
    """What is known of a desk at an instant, from which follows what is wrong."""

    at: datetime
    lines: tuple[LineStatus, ...]
    answering: tuple[Answering, ...]
    waiting: WaitingTickets
    duty: DutyNow | None = None
    outage: OutageNow | None = None


def troubles(state: DeskState) -> tuple[Trouble, ...]:
    """Name everything that is wrong at a desk, the worst first; or that all is well."""
    found = tuple(sorted(_found(state), key=lambda each: each.rank))
    return found or (_trouble(TroubleCode.WELL),)


def _found(state: DeskState) -> Iterator[Trouble]:
    yield from _of_duty(state)
    yield from _of_tickets(state)
    if state.outage:
        count = state.outage.watchers
        told = ref("trouble_outage.some", count=count) if count else ref("trouble_outage.none")
        yield _trouble(TroubleCode.KNOWN_OUTAGE, since=state.outage.since, told=told)
    if not _is_gap_now(state):
        yield from _of_lines(state)


def _of_duty(state: DeskState) -> Iterator[Trouble]:
    duty = state.duty
    if duty is None:
        return
    gap = duty.first_gap
    if gap and not duty.is_anybody_planned:
        yield _trouble(TroubleCode.NOBODY_PLANNED, gap)
    elif gap and gap.from_ <= state.at:
        code = TroubleCode.LAST_RESORT_NOW if duty.ringing else TroubleCode.NOBODY_NOW
        yield _trouble(code, gap, until=gap.to)
    elif gap and gap.from_ <= state.at + SOON:
        yield _trouble(TroubleCode.GAP_SOON, gap, begins=gap.from_, until=gap.to)
    if duty.in_hours and duty.has_confirmed is False and duty.first:
        yield _trouble(TroubleCode.NOT_CONFIRMED, name=duty.first.name)


def _is_gap_now(state: DeskState) -> bool:
    gap = state.duty.first_gap if state.duty else None
    return gap is not None and gap.from_ <= state.at


def _of_tickets(state: DeskState) -> Iterator[Trouble]:
    waiting = state.waiting
    if waiting.given_up:
        first = waiting.given_up[0].number
        yield _trouble(TroubleCode.CALL_OUTS_OVER, ticket=first, count=len(waiting.given_up))
    left = waiting.count - len(waiting.given_up)
    if left:
        yield _trouble(TroubleCode.UNACKNOWLEDGED, count=left)


def _of_lines(state: DeskState) -> Iterator[Trouble]:
    """Name each line that is open, and on which a critical call would ring nobody."""
    for status in state.lines:
        theirs = [each for each in state.answering if status.line in each.lines]
        if status.is_open and not any(each.now.callees for each in theirs):
            yield _trouble(
                TroubleCode.LINE_UNATTENDED, line=MessageRef(f"line_kind.{status.line.kind}")
            )


def _trouble(code: TroubleCode, gap: Interval | None = None, **values: Value) -> Trouble:
    return Trouble(code, because(code, **values), gap)
