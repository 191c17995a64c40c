"""Whether the duty is called about a ticket that nobody has, by the rules of call-outs."""

from datetime import datetime

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import gather
from app.domain.callouts.call_out import CallOut, CallOutBegan
from app.domain.callouts.context import CallOutContext
from app.domain.calls.turn_request import Moment
from app.domain.hunts.waking import why_no_call_out
from app.domain.tickets.ticket import Ticket


def will_ring(connection: Connection, ticket: Ticket, now: datetime) -> bool:
    """Tell whether a call-out about a ticket would be made now."""
    if not ticket.is_unacknowledged:
        return False
    planned = CallOut(ticket.without_people(), ticket.call_outs_made + 1, now)
    call_out, snapshot = gather(connection, planned, CallOutBegan(), Moment(now, now))
    world = snapshot.world
    if world.desk is None or world.line is None or world.desk.duty is None:
        return False
    times = world.desk.duty.call_outs_for(ticket.priority)
    is_called = bool(times.every_minutes and times.for_minutes)
    return is_called and why_no_call_out(CallOutContext(call_out, world, now)) is None
