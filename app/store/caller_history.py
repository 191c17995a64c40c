"""What a caller's number has been about before at a desk: asked once, when a call arrives."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    ScalarSelect,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.domain.calls.call import NOT_ANSWERED
from app.domain.desks.desk import CEILINGS_LOOK_BACK, MOST_CALLS_PER_HOUR, Priority
from app.domain.hunts.hunt import TAKES_TICKET
from app.domain.hunts.world import NO_HISTORY, CallerHistory
from app.domain.tickets.ticket import RECENT, REPORTED_AND_CALLED, Source, Ticket
from app.domain.workflow.status import UNSOLVED
from app.store.blocked_numbers import WITHHELD
from app.store.prepared import Prepared
from app.store.tables import (
    BlockedNumberRow,
    CallOutRow,
    CallRow,
    CustomerPhoneRow,
    LegRow,
    TicketRow,
)
from app.store.tickets import read_ticket

_calls = (
    select(CallRow.sid)
    .where(
        CallRow.desk == bindparam("desk"),
        CallRow.caller == bindparam("caller"),
        CallRow.started_at > bindparam("hour_ago"),
        CallRow.started_at <= bindparam("now"),
        CallRow.step.not_in(NOT_ANSWERED),
        CallRow.sid != bindparam("sid"),
    )
    .limit(MOST_CALLS_PER_HOUR)
    .subquery()
)
_blocked = exists().where(
    BlockedNumberRow.desk == bindparam("desk"),
    BlockedNumberRow.digits == bindparam("caller"),
    or_(BlockedNumberRow.until.is_(None), BlockedNumberRow.until > bindparam("now")),
)
WITHHELD_BLOCKED: Final = Prepared(select(_blocked.label("blocked")))
_of_caller = (
    TicketRow.desk == bindparam("desk"),
    TicketRow.caller == bindparam("caller"),
    TicketRow.status.in_(UNSOLVED),
)
# Not by the column itself: SQLite would read all of the desk's tickets, in the order of an index.
_newest_first = (TicketRow.number + 0).desc()
_critical = exists().where(*_of_caller, TicketRow.is_urgent)
_newest = (
    select(TicketRow.number)
    .where(
        *_of_caller,
        TicketRow.is_urgent.in_((False, True)),  # so that the index goes on to the moment
        TicketRow.created_at > bindparam("young"),
        TicketRow.created_at <= bindparam("now"),
    )
    .order_by(_newest_first)
    .limit(1)
)
# Whoever reports a critical case in the portal also rings: by the number they are a customer.
_in_portal = (
    select(TicketRow.number)
    .where(
        TicketRow.desk == bindparam("desk"),
        TicketRow.source == literal_column(f"'{Source.PORTAL}'"),  # as the index of these says it
        TicketRow.created_at > bindparam("just_now"),
        TicketRow.created_at <= bindparam("now"),
        TicketRow.priority == Priority.CRITICAL,
        TicketRow.status.in_(UNSOLVED),
        TicketRow.customer.in_(
            select(CustomerPhoneRow.customer).where(
                CustomerPhoneRow.desk == bindparam("desk"),
                CustomerPhoneRow.digits == bindparam("caller"),
            )
        ),
    )
    .order_by(_newest_first)
    .limit(1)
)
TICKET_OF_STRANGER: Final = Prepared(
    select(TicketRow.number)
    .where(
        *_of_caller,
        TicketRow.is_urgent,
        TicketRow.customer.is_(None),
        TicketRow.created_at > bindparam("young"),
        TicketRow.created_at < bindparam("soon"),  # by a web process whose clock is ahead
    )
    .order_by(_newest_first)
    .limit(1)
)
CALLER_HISTORY: Final = Prepared(
    select(
        select(func.count()).select_from(_calls).scalar_subquery().label("calls"),
        _blocked.label("blocked"),
        _critical.label("critical"),
        _newest.scalar_subquery().label("ticket"),
        _in_portal.scalar_subquery().label("in_portal"),
    )
)


def _acknowledged_in(row: type[CallRow] | type[CallOutRow]) -> ScalarSelect[str]:
    """Select the number on which the ticket was taken in a call, or in a call-out, about it."""
    rung = (
        select(LegRow.number)
        .join(row, row.sid == LegRow.call_sid)
        .where(
            row.ticket == TicketRow.number,
            LegRow.person == TicketRow.acknowledged_person,
            LegRow.outcome.in_(TAKES_TICKET),
        )
        .order_by(LegRow.changed_at.desc(), LegRow.leg.desc())
        .limit(1)
    )
    return rung.correlate(TicketRow).scalar_subquery()


_acknowledged_on = func.coalesce(_acknowledged_in(CallOutRow), _acknowledged_in(CallRow))
RECENT_TICKET: Final = Prepared(
    select(TicketRow.__table__, _acknowledged_on.label("acknowledged_on")).where(
        TicketRow.number == bindparam("ticket")
    )
)


def load_caller_history(
    connection: Connection, desk: str, caller: str, sid: str, now: datetime
) -> CallerHistory:
    """Gather what the number has been about; of a withheld one, whether it is blocked.

    `now` is the call's moment, `sid` the call that is not counted: this one.
    """
    if not caller:
        asked = {"desk": desk, "caller": WITHHELD, "now": now}
        is_blocked = WITHHELD_BLOCKED.scalar(connection, asked)
        return CallerHistory(blocked=True) if is_blocked else NO_HISTORY
    asked = {
        "desk": desk,
        "caller": caller,
        "sid": sid,
        "now": now,
        "hour_ago": now - CEILINGS_LOOK_BACK,
        "young": now - RECENT,
        "just_now": now - REPORTED_AND_CALLED,
    }
    found = CALLER_HISTORY.first(connection, asked)
    newest = max(found.ticket or 0, found.in_portal or 0)
    return CallerHistory(
        recent_ticket=_recent_ticket(connection, newest) if newest else None,
        has_open_critical=bool(found.critical),
        calls_this_hour=found.calls,
        blocked=bool(found.blocked),
    )


def load_ticket_of_stranger(
    connection: Connection, desk: str, caller: str, now: datetime
) -> Ticket | None:
    """Return the young critical ticket of a number that no customer has, or of withheld ones."""
    asked = {"desk": desk, "caller": caller, "young": now - RECENT, "soon": now + RECENT}
    found = TICKET_OF_STRANGER.scalar(connection, asked)
    return _recent_ticket(connection, found) if found else None


def _recent_ticket(connection: Connection, ticket: int) -> Ticket:
    row = RECENT_TICKET.first(connection, {"ticket": ticket})
    return replace(read_ticket(row, row.acknowledged_on or "").without_people(), subject="")
