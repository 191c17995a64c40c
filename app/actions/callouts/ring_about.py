"""Whether the duty is called about a ticket that nobody has, by the rules of call-outs."""

from datetime import datetime

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import gather
from app.domain.callouts.call_out import CallOut, CallOutBegan, call_out_sid
from app.domain.callouts.context import CallOutContext
from app.domain.callouts.next_call_out import is_time_for_another
from app.domain.calls.turn_request import Moment
from app.domain.hunts.waking import why_no_call_out
from app.domain.tickets.ticket import Ticket
from app.store.call_out_rows import load_call_out


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
    made = ticket.call_outs_made
    last = load_call_out(connection, call_out_sid(ticket.number, made)) if made else None
    if not is_time_for_another(ticket, last, times, now):
        return False
    return why_no_call_out(CallOutContext(call_out, world, now)) is None
