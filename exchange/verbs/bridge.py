"""Two people talk. Who hangs up, and when, is in their scripts, or up to the living."""

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant, ParticipantHungUp
from exchange.calls.ringing import Telephone
from exchange.people.personas import Side
from exchange.records.signals import SignalKind
from exchange.records.transcript import Kind

FAREWELL = frozenset({SignalKind.HANG_UP})


def talk(active_call: ActiveCall, caller: Participant, phone: Telephone, limit: int) -> None:
    """Lets the two talk until one hangs up or the time limit is reached.

    Raises HungUp when the caller was the one; returns when the callee was, or at the limit.
    """
    began = active_call.timeline.elapsed
    _plan_farewell(active_call, caller, phone)
    ended_by = "limit"
    try:
        active_call.wait_out(limit)
    except ParticipantHungUp as hung_up:
        ended_by = "caller" if hung_up.participant == caller.sid else "callee"
        if ended_by == "caller":
            raise
    finally:
        active_call.plan.drop(caller.sid, FAREWELL)
        seconds = round(active_call.timeline.elapsed - began, 3)
        active_call.write(Kind.TALKS, seconds=seconds, leg=phone.participant.sid, ended_by=ended_by)


def _plan_farewell(active_call: ActiveCall, caller: Participant, phone: Telephone) -> None:
    callee, persona = phone.participant, phone.persona
    if caller.talk_hang_up is not None:
        active_call.plan_signal(caller, SignalKind.HANG_UP, caller.talk_hang_up)
        caller.talk_hang_up = None
    elif persona.ends_talk is Side.CALLER and not caller.call.is_live:
        active_call.plan_signal(caller, SignalKind.HANG_UP, persona.talks)
    if persona.ends_talk is Side.CALLEE and not callee.call.is_live:
        active_call.plan_signal(callee, SignalKind.HANG_UP, persona.talks)
