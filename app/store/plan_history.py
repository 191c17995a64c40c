"""The versions of desks' and rosters' documents with when each became live, and call-outs.

For reports of hours: read, never written here.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Row, and_, select

from app.domain.desks.desk import Desk
from app.domain.hunts.hunt import TAKES_TICKET
from app.domain.roles import DUTY_ROLES, Role
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.plan_history import RosterHistory, Version
from app.domain.time.intervals import Interval
from app.domain.time.segments import END
from app.store.documents import DESKS, ROSTERS
from app.store.roster_entries import every_entry
from app.store.tables import CallRow, DeskVersionRow, LegRow, RosterVersionRow

T = TypeVar("T")

RUNG_BY_DUTY: Final = frozenset({*DUTY_ROLES, Role.TICKET_OWNER})


def desk_history(connection: Connection, desk: str, span: Interval) -> tuple[Version[Desk], ...]:
    """Return the desk's versions that were live at some time of a span, in order."""
    of_desk = select(DeskVersionRow.id, DeskVersionRow.sha, DeskVersionRow.at).where(
        DeskVersionRow.desk == desk
    )
    rows = connection.execute(of_desk.order_by(DeskVersionRow.number)).all()

    def document(row: Row[*tuple[Any, ...]]) -> Desk:
        return DESKS.get(desk, row.sha, partial(_text, connection, DeskVersionRow, row.id))

    return _in_span(rows, document, span)


def roster_history(connection: Connection, roster: str, span: Interval) -> RosterHistory | None:
    """Return the roster's versions of a span and all its entries; None without the roster."""
    of_roster = select(RosterVersionRow.id, RosterVersionRow.sha, RosterVersionRow.at).where(
        RosterVersionRow.roster == roster
    )
    rows = connection.execute(of_roster.order_by(RosterVersionRow.number)).all()

    def document(row: Row[*tuple[Any, ...]]) -> Roster:
        return ROSTERS.get(roster, row.sha, partial(_text, connection, RosterVersionRow, row.id))

    if not rows:
        return None
    return RosterHistory(_in_span(rows, document, span), every_entry(connection, roster))


def call_outs_between(
    connection: Connection, desks: Collection[str], span: Interval
) -> tuple[CallOutTime, ...]:
    """Return who of the duty took a call or a ticket by telephone, and how long that took.

    Where the end of the talk is not known it is the call's, and at least when they pressed 1.
    Where neither has ended it goes on, as far as is known.
    """
    leg = (LegRow.person, LegRow.desk, LegRow.call_sid)
    times = (LegRow.placed_at, LegRow.changed_at, LegRow.ended_at)
    took = (
        select(*leg, *times, CallRow.ended_at.label("call_ended_at"))
        .outerjoin(CallRow, CallRow.sid == LegRow.call_sid)
        .where(
            LegRow.desk.in_(list(desks)),
            and_(LegRow.placed_at >= span.from_, LegRow.placed_at < span.to),
            LegRow.outcome.in_(TAKES_TICKET),
            LegRow.role.in_(RUNG_BY_DUTY),
        )
        .order_by(LegRow.placed_at, LegRow.call_sid, LegRow.leg)
    )
    return tuple(_call_out(row) for row in connection.execute(took))


def _call_out(row: Row[*tuple[Any, ...]]) -> CallOutTime:
    ends = row.ended_at
    if ends is None and row.call_ended_at and row.call_ended_at >= row.changed_at:
        ends = row.call_ended_at  # an earlier one says nothing: they pressed 1 after it
    when = Interval(row.placed_at, ends or row.changed_at)
    is_over = ends is not None
    return CallOutTime(row.person, when, row.call_sid, is_over=is_over, desk=row.desk)


def _in_span(
    rows: Sequence[Row[*tuple[Any, ...]]],
    document: Callable[[Row[*tuple[Any, ...]]], T],
    span: Interval,
) -> tuple[Version[T], ...]:
    """Read those that were live at some time of the span; the first one counts before it too."""
    ends = [*(row.at for row in rows[1:]), END]
    return tuple(
        Version(row.at, document(row))
        for row, until in zip(rows, ends, strict=True)
        if until > span.from_ and (row.at < span.to or row is rows[0])
    )


def _text(
    connection: Connection,
    versions: type[DeskVersionRow] | type[RosterVersionRow],
    version: int,
) -> str:
    text = select(versions.text).where(versions.id == version)
    return str(connection.execute(text).scalar_one())
