"""How a ticket stands to what was promised: an answer, and a solution. Calculates only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.tickets.clocks import met_at, solved_at
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Ticket


class Promised(StrEnum):
    """What is promised."""

    ANSWER = "answer"
    SOLUTION = "solution"


class PromiseState(StrEnum):
    """How it stands."""

    NOT_AGREED = "not_agreed"
    DUE = "due"  # by `at`
    STANDS = "stands"  # the clock stands since `at`; by when is not known
    OVERDUE = "overdue"  # since `at`
    KEPT = "kept"  # at `at`
    BROKEN = "broken"  # done, but too late: at `at`


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised, and how it stands; `at` says since or until when."""

    what: Promised
    state: PromiseState
    at: datetime | None = None


def promises(ticket: Ticket, now: datetime) -> tuple[Promise, Promise]:
    """Return how the answer and the solution stand.

    What is overdue stays so while the clock stands. A temporary solution keeps the promise where
    the desk says so.
    """
    done = (solved_at(ticket), met_at(ticket, TargetKind.SOLUTION))
    solved = min((at for at in done if at), default=None)
    return (
        _promise(Promised.ANSWER, ticket.due.respond_by, ticket.responded_at, ticket, now),
        _promise(Promised.SOLUTION, ticket.due.solve_by, solved, ticket, now),
    )


def _promise(
    what: Promised, due: datetime | None, done: datetime | None, ticket: Ticket, now: datetime
) -> Promise:
    if due is None:
        return Promise(what, PromiseState.NOT_AGREED)
    if done is not None:
        return Promise(what, PromiseState.KEPT if done <= due else PromiseState.BROKEN, done)
    if due <= (ticket.paused_since or now):
        return Promise(what, PromiseState.OVERDUE, due)
    if ticket.paused_since:
        return Promise(what, PromiseState.STANDS, ticket.paused_since)
    return Promise(what, PromiseState.DUE, due)
