"""What is to be seen of one desk at an instant, and until when all of it stays as it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.desks.maintenance import Maintenance, announced_maintenance
from app.domain.overview.answering import Staff
from app.domain.overview.answering_times import Answering, all_answering
from app.domain.overview.coverage_ahead import CoverageAhead, next_midnight
from app.domain.overview.duty_now import Confirmed, DutyNow, duty_now
from app.domain.overview.opening import LineStatus, line_statuses
from app.domain.overview.trouble import SOON, DeskState, OutageNow, Severity, Trouble, troubles
from app.domain.overview.waiting_tickets import WaitingTickets, waiting_tickets
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What is known of a desk: its people, what they are busy with, and what waits for them.

    `tickets` are the longest waiting of the `waiting` that nobody has acknowledged. `confirmed`
    names nobody where nobody is asked to confirm.
    """

    staff: Staff
    ahead: CoverageAhead | None = None
    tickets: tuple[Ticket, ...] = ()
    waiting: int = 0
    confirmed: tuple[Confirmed, ...] = ()
    outage: OutageNow | None = None


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One desk at an instant. Nothing of it changes before `changes_at` but by what happens."""

    desk: Desk
    troubles: tuple[Trouble, ...]
    answering: tuple[Answering, ...]
    lines: tuple[LineStatus, ...]
    waiting: WaitingTickets
    duty: DutyNow | None
    maintenance: tuple[Maintenance, ...]
    changes_at: datetime

    @property
    def worst(self) -> Trouble:
        """Return what is worst."""
        return self.troubles[0]

    @property
    def severity(self) -> Severity:
        """Say how bad the worst is."""
        return self.worst.severity


def desk_row(facts: DeskFacts, at: datetime) -> DeskRow:
    """Say what is to be seen of a desk."""
    desk, roster = facts.staff.desk, facts.staff.roster
    state = DeskState(
        at,
        line_statuses(desk, at),
        all_answering(facts.staff, at),
        waiting_tickets(desk, roster, facts.tickets, facts.waiting, at),
        duty_now(desk, roster, facts.ahead, facts.confirmed, at),
        facts.outage,
    )
    return DeskRow(
        desk,
        troubles(state),
        state.answering,
        state.lines,
        state.waiting,
        state.duty,
        announced_maintenance(desk.maintenance, at),
        min(_changes(desk, state)),
    )


def sorted_rows(rows: Iterable[DeskRow]) -> tuple[DeskRow, ...]:
    """Put the desks with the worst trouble first; of two alike, by name."""
    return tuple(sorted(rows, key=lambda row: (row.worst.rank, row.desk.name, row.desk.id)))


def _changes(desk: Desk, state: DeskState) -> Iterator[datetime]:
    """Every instant still to come at which a row says something else."""
    yield next_midnight(desk, state.at)
    for each in state.answering:
        if each.until:
            yield each.until
    for opening in (opening for line in state.lines for opening in line.openings):
        if opening.changes_at:
            yield opening.changes_at
    for work in desk.maintenance:
        yield from (border for border in work.borders if border > state.at)
    yield from _changes_of_duty(state)


def _changes_of_duty(state: DeskState) -> Iterator[datetime]:
    duty = state.duty
    if duty is None:
        return
    if duty.handover:
        yield duty.handover
    gap = duty.first_gap
    if gap:
        yield from (at for at in (gap.from_ - SOON, gap.from_, gap.to) if at > state.at)
