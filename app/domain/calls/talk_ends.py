"""When the talk of whoever accepted is over: for reports of how long somebody was called out."""

from collections.abc import Iterator

from app.domain.callouts.call_out import CallOut, CallOutEvent
from app.domain.calls.call import Call, Event, talking_with
from app.domain.hunts.events import LegChanged
from app.domain.hunts.hunt import TAKES_TICKET
from app.domain.hunts.legs import ENDS


def ended_talks(
    before: Call | CallOut, after: Call | CallOut, event: Event | CallOutEvent
) -> Iterator[int]:
    """Yield the legs whose talk an event has ended.

    Of a leg that was rung by itself the network tells the end; one that was connected to a caller
    ends with that.
    """
    if isinstance(event, LegChanged) and event.status in ENDS:
        leg = after.leg(event.leg)
        if leg and leg.outcome in TAKES_TICKET:
            yield leg.id
    if isinstance(before, Call) and isinstance(after, Call):
        leg = before.hunt.accepted
        if leg and _talks(before) and not _talks(after):
            yield leg.id


def _talks(call: Call) -> bool:
    return not call.hunt.talks_back and talking_with(call) is not None
