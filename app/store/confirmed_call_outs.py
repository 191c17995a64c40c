"""When people say that they were called out, as rows: the last word of each about a call counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, delete, select

from app.domain.access.audit import Author
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.time.intervals import Interval
from app.store.tables import CallOutRow, CallRow, ConfirmedCallOutRow
from app.store.upsert import upsert

PURGED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class AboutCall:
    """At which desk a call was, and about which ticket."""

    desk: str
    ticket: int | None


def save_confirmed_call_out(
    connection: Connection, roster: str, said: CallOutTime, by: Author
) -> None:
    """Store what somebody says; `said` has what was measured, and where."""
    assert said.measured
    upsert(
        connection,
        ConfirmedCallOutRow,
        {"roster": roster, "person": said.person, "about": said.about},
        {
            "desk": said.desk,
            "measured_since": said.measured.from_,
            "measured_until": said.measured.to,
            "since": said.interval.from_,
            "until": said.interval.to,
            "reason": said.reason,
            "confirmed_at": by.at,
            "confirmed_by": by.actor,
        },
    )


def confirmed_call_outs(
    connection: Connection, desks: Collection[str], span: Interval
) -> tuple[CallOutTime, ...]:
    """Return what people of these desks' duty say of calls that were measured in a span."""
    began = ConfirmedCallOutRow.measured_since
    wanted = select(ConfirmedCallOutRow).where(
        ConfirmedCallOutRow.desk.in_(list(desks)), and_(began >= span.from_, began < span.to)
    )
    return tuple(
        CallOutTime(
            row.person,
            Interval(row.since, row.until),
            row.about,
            True,
            Interval(row.measured_since, row.measured_until),
            row.reason,
            desk=row.desk,
        )
        for row in connection.execute(wanted.order_by(began))
    )


def about_calls(connection: Connection, sids: Collection[str]) -> dict[str, AboutCall]:
    """Return at which desk these calls and call-outs were, and about which tickets."""
    found: dict[str, AboutCall] = {}
    for row in (CallRow, CallOutRow):
        wanted = select(row.sid, row.desk, row.ticket).where(row.sid.in_(list(sids)))
        for each in connection.execute(wanted):
            found[each.sid] = AboutCall(each.desk or "", each.ticket)
    return found


def purge_confirmed_call_outs(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete what was said of calls from before an instant."""
    key = (ConfirmedCallOutRow.roster, ConfirmedCallOutRow.person, ConfirmedCallOutRow.about)
    old = select(*key).where(ConfirmedCallOutRow.desk == desk, ConfirmedCallOutRow.since < before)
    rows = connection.execute(old.limit(PURGED_AT_ONCE)).all()
    for row in rows:
        this = (
            ConfirmedCallOutRow.roster == row.roster,
            ConfirmedCallOutRow.person == row.person,
            ConfirmedCallOutRow.about == row.about,
        )
        connection.execute(delete(ConfirmedCallOutRow).where(*this))
    return len(rows)
