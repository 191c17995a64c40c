"""Dial Queue: connects a call to the head of a queue. An empty queue is waited for until the Dial's
time-out; its `url` runs on the queued caller's side.
"""

from app.exchange.clock import pause_really
from app.exchange.documents.verbs import Dial, DialQueue
from app.exchange.lines.line import Line
from app.exchange.lines.parties import HungUp, Party, Redirected
from app.exchange.records.calls import Status
from app.exchange.records.queues import Bridge, Member
from app.exchange.records.signals import Signal, SignalKind
from app.exchange.records.transcript import Kind
from app.exchange.verbs.steps import Stage, Step

POLL_SECONDS = 1.0
BRIDGE_KINDS = frozenset({SignalKind.BRIDGE_OVER, SignalKind.HANG_UP})


def dial_queue(stage: Stage, verb: Dial, queue: DialQueue) -> Step:
    """Fetches the head of the queue and lets the two talk; then the action, or the next verb."""
    line, call = stage.line, stage.party.call
    line.answer(call)
    address = stage.absolute(queue.url) if queue.url else ""
    bridge = Bridge(call.sid, call.mailbox, address, queue.method)
    member: Member | None = None
    try:
        member = _fetch(line, verb, queue, bridge)
        if member is not None:
            _talk(line, stage.party, verb, bridge, member)
    except (HungUp, Redirected) as gone:
        stage.interrupt(gone, verb.action, _facts(bridge, member), verb.method)
        raise
    if verb.action is None:
        return None
    return stage.go_to(verb.action, _facts(bridge, member), verb.method)


def _fetch(line: Line, verb: Dial, queue: DialQueue, bridge: Bridge) -> Member | None:
    until = line.timeline.elapsed + verb.timeout + line.office.config.dial_extra_seconds
    while (member := line.office.queues.fetch(queue.name, bridge)) is None:
        if line.timeline.elapsed >= until:
            return None
        pause_really(line.office.config.poll_seconds)
        line.wait_out(min(POLL_SECONDS, until - line.timeline.elapsed))
    return member


def _talk(line: Line, party: Party, verb: Dial, bridge: Bridge, member: Member) -> None:
    began, ended_by = line.timeline.elapsed, "limit"
    try:
        while not bridge.ready.wait(line.office.config.poll_seconds):
            line.wait_out(0.0)  # the agent may hang up while the caller hears the whisper
        began = line.timeline.elapsed
        if bridge.ended_by:
            return
        _plan_farewell(line, party, bridge, member)
        ended_by = _listen(line, verb, bridge)
    except HungUp:
        ended_by = "agent"
        raise
    finally:
        line.plan.drop(party.sid, BRIDGE_KINDS)
        bridge.seconds = line.timeline.elapsed - began
        bridge.ended_by = bridge.ended_by or ended_by
        bridge.is_over = True
        over = Signal(SignalKind.BRIDGE_OVER, member.call_sid, key=bridge.name)
        member.mailbox.post(over)
        seconds = round(bridge.seconds, 3)
        line.write(Kind.TALKS, seconds=seconds, leg=member.call_sid, ended_by=bridge.ended_by)


def _plan_farewell(line: Line, party: Party, bridge: Bridge, member: Member) -> None:
    if member.talk_hang_up is not None:
        line.plan_signal(party, SignalKind.BRIDGE_OVER, member.talk_hang_up, key=bridge.name)
    elif party.lets_talk is not None and not member.is_live:
        line.plan_signal(party, SignalKind.BRIDGE_OVER, party.lets_talk, key=bridge.name)
    if party.talk_hang_up is not None:
        line.plan_signal(party, SignalKind.HANG_UP, party.talk_hang_up)


def _listen(line: Line, verb: Dial, bridge: Bridge) -> str:
    until = line.timeline.elapsed + verb.time_limit
    while (signal := line.wait(until - line.timeline.elapsed)) is not None:
        if signal.kind is SignalKind.BRIDGE_OVER and signal.key == bridge.name:
            return "member"
        line.lose(signal)
    return "limit"


def _facts(bridge: Bridge, member: Member | None) -> dict[str, str]:
    if member is None:
        return {"DialCallStatus": Status.NO_ANSWER.value, "DialBridged": "false"}
    is_bridged = bridge.ended_by != "whisper"
    return {
        "DialCallStatus": Status.COMPLETED.value,
        "DialBridged": "true" if is_bridged else "false",
        "DialCallSid": member.call_sid,
        "DialCallDuration": str(round(bridge.seconds)),
    }
