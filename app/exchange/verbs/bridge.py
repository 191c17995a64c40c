"""Two people talk. Who hangs up, and when, is in their scripts, or up to the living."""

from app.exchange.lines.line import Line
from app.exchange.lines.parties import HungUp, Party
from app.exchange.lines.ringing import Telephone
from app.exchange.people.personas import Side
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind

FAREWELL = frozenset({SignalKind.HANG_UP})


def talk(line: Line, caller: Party, phone: Telephone, limit: int) -> None:
    """Lets the two talk until one hangs up or the time limit is reached.

    Raises HungUp when the caller was the one; returns when the callee was, or at the limit.
    """
    began = line.timeline.elapsed
    _plan_farewell(line, caller, phone)
    ended_by = "limit"
    try:
        line.wait_out(limit)
    except HungUp as hung_up:
        ended_by = "caller" if hung_up.party == caller.sid else "callee"
        if ended_by == "caller":
            raise
    finally:
        line.plan.drop(caller.sid, FAREWELL)
        seconds = round(line.timeline.elapsed - began, 3)
        line.write(Kind.TALKS, seconds=seconds, leg=phone.party.sid, ended_by=ended_by)


def _plan_farewell(line: Line, caller: Party, phone: Telephone) -> None:
    callee, persona = phone.party, phone.persona
    if caller.talk_hang_up is not None:
        line.plan_signal(caller, SignalKind.HANG_UP, caller.talk_hang_up)
        caller.talk_hang_up = None
    elif persona.ends_talk is Side.CALLER and not caller.call.is_live:
        line.plan_signal(caller, SignalKind.HANG_UP, persona.talks)
    if persona.ends_talk is Side.CALLEE and not callee.call.is_live:
        line.plan_signal(callee, SignalKind.HANG_UP, persona.talks)
