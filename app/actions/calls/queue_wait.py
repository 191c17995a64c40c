"""Shall a caller go on waiting in the queue of their call. Reads, and stores nothing."""

from typing import Final

from app.domain.calls.call import Call
from app.store import Database
from app.store.calls import load_call

# Calls of our own need the worker; without it, the caller is rung for in order instead
# (telephony.md, Patterns, 3).
PLACED_WITHIN: Final = 5  # seconds
LONGEST_WAIT: Final = 180  # seconds; a leg whose end was never told must not hold the caller


def shall_wait(database: Database, call_sid: str, waited: int) -> bool:
    """Tell whether anybody may still answer, after so many seconds in the queue."""
    with database.read() as connection:
        call = load_call(connection, call_sid)
    return call is not None and may_be_answered(call, waited)


def may_be_answered(call: Call, waited: int) -> bool:
    """Tell whether one who was rung has accepted, or rings on a leg that the network took."""
    if call.has_ended or waited > LONGEST_WAIT:
        return False
    if call.hunt.accepted_leg is not None:
        return True
    is_early = waited < PLACED_WITHIN
    return any(leg.placed or is_early for leg in call.ringing)
