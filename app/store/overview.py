"""What the overview of all desks is made of: one cheap look that tells whether anything changed,
and the tickets that nobody has acknowledged. Which documents are live stands in desks.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, bindparam, func, select, union_all

from app.domain.calls.call import LONGEST_CALL
from app.domain.tickets.ticket import Ticket
from app.store.prepared import Prepared
from app.store.tables import (
    CallOutRow,
    CallRow,
    DeskRow,
    DeskVersionRow,
    MissedCallOutRow,
    OutageRow,
    OutageWatcherRow,
    RosterRow,
    RosterVersionRow,
    ShiftConfirmationRow,
    TicketEventRow,
    TicketRow,
)
from app.store.ticket_lists import UNACKNOWLEDGED
from app.store.tickets import read_ticket

SEPARATOR: Final = "\n"  # stands in no id, and in no number
BUSY: Final = frozenset({"talking", "missed"})
MOST_TICKETS: Final = 200  # that are read of all desks together, the longest waiting first


def _one(column: Any) -> ScalarSelect[Any]:
    return select(column).scalar_subquery()


def _state(joined: Any) -> Prepared:
    """One row of counts and last numbers: each grows, or differs, with every change."""
    waiting = (
        select(
            func.count().label("waiting"),
            func.sum(TicketRow.call_outs_made).label("call_outs"),
            func.min(TicketRow.next_call_out_at).label("first_call_out"),
            func.max(TicketRow.next_call_out_at).label("last_call_out"),
        )
        .where(UNACKNOWLEDGED)
        .subquery()
    )
    talks = union_all(
        *(
            select(row.talking).where(row.talking.is_not(None), row.created_at > bindparam("stale"))
            for row in (CallRow, CallOutRow)
        )
    ).subquery()
    asked = (
        select(
            func.max(ShiftConfirmationRow.id).label("asked"),
            func.count(ShiftConfirmationRow.confirmed_at).label("confirmed"),
            func.count(ShiftConfirmationRow.ended_at).label("no_more_asked"),
        )
        .where(ShiftConfirmationRow.until > bindparam("stale"))
        .subquery()
    )
    missed = MissedCallOutRow.roster + " " + MissedCallOutRow.person
    return Prepared(
        select(
            _one(func.count(DeskRow.id)).label("desks"),
            _one(func.max(DeskVersionRow.id)).label("desk_version"),
            _one(func.max(RosterVersionRow.id)).label("roster_version"),
            _one(func.sum(RosterRow.revision)).label("revisions"),
            _one(func.max(TicketEventRow.id)).label("ticket_event"),
            _one(joined(talks.c.talking, SEPARATOR)).label("talking"),
            _one(joined(missed, SEPARATOR)).label("missed"),
            _one(func.max(OutageRow.id)).label("outage"),
            _one(func.count(OutageRow.ended_at)).label("outages_over"),
            _one(func.sum(OutageRow.revision)).label("outage_revisions"),
            _one(func.count(OutageWatcherRow.digits)).label("outage_watchers"),
            waiting,
            asked,
        )
    )


# Made while one thread reads this file, as those of snapshot.py.
_STATE: Final = {"postgresql": _state(func.string_agg), "sqlite": _state(func.group_concat)}

LONGEST_WAITING: Final = (
    select(TicketRow)
    .where(UNACKNOWLEDGED)
    .order_by(TicketRow.created_at, TicketRow.number)
    .limit(MOST_TICKETS)
)
HOW_MANY_WAIT: Final = (
    select(TicketRow.desk, func.count().label("how_many"))
    .where(UNACKNOWLEDGED)
    .group_by(TicketRow.desk)
)


@dataclass(frozen=True, slots=True)
class OverviewState:
    """What has changed where the overview says something else, and who is busy now.

    Two looks with the same fingerprint see the same documents, entries and tickets, in every
    process. `missed` are persons of rosters, as (roster, person).
    """

    fingerprint: str
    talking: frozenset[str]
    missed: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WaitingAtDesk:
    """The tickets of a desk that nobody has acknowledged: how many, and the longest waiting."""

    count: int = 0
    longest: tuple[Ticket, ...] = ()


def look_at_overview(connection: Connection, now: datetime) -> OverviewState:
    """See in one statement whether anything has changed."""
    row = _STATE[connection.dialect.name].first(connection, {"stale": now - LONGEST_CALL})
    talking, missed = _parts(row.talking), _parts(row.missed)
    counts = [str(value) for name, value in row._asdict().items() if name not in BUSY]
    seen = SEPARATOR.join((*counts, *sorted(talking), "", *sorted(missed)))
    by_person = (each.partition(" ") for each in missed)
    return OverviewState(
        sha256(seen.encode()).hexdigest(),
        frozenset(talking),
        frozenset((roster, person) for roster, _, person in by_person),
    )


def load_waiting_tickets(connection: Connection) -> Mapping[str, WaitingAtDesk]:
    """Return what nobody has acknowledged, by desk; two statements, however many there are."""
    counts = {row.desk: row.how_many for row in connection.execute(HOW_MANY_WAIT)}
    longest: dict[str, list[Ticket]] = {}
    for row in connection.execute(LONGEST_WAITING):
        longest.setdefault(row.desk, []).append(read_ticket(row))
    return {
        desk: WaitingAtDesk(count, tuple(longest.get(desk, ()))) for desk, count in counts.items()
    }


def _parts(joined: str | None) -> list[str]:
    return joined.split(SEPARATOR) if joined else []
