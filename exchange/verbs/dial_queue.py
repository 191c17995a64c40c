"""Dial Queue: connects a call to the head of a queue. An empty queue is waited for until the Dial's
time-out; its `url` runs on the queued caller's side.
"""

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant, ParticipantHungUp, Redirected
from exchange.clock import pause_really
from exchange.documents.verbs import Dial, DialQueue
from exchange.records.calls import CallStatus
from exchange.records.queues import Member, QueueBridge
from exchange.records.signals import Signal, SignalKind
from exchange.records.transcript import Kind
from exchange.verbs.context import Step, VerbContext

POLL_SECONDS = 1.0
BRIDGE_KINDS = frozenset({SignalKind.BRIDGE_OVER, SignalKind.HANG_UP})


def dial_queue(context: VerbContext, verb: Dial, queue: DialQueue) -> Step:
    """Fetches the head of the queue and lets the two talk; then the action, or the next verb."""
    active_call, call = context.active_call, context.participant.call
    active_call.answer(call)
    address = context.absolute(queue.url) if queue.url else ""
    bridge = QueueBridge(call.sid, call.mailbox, address, queue.method)
    member: Member | None = None
    try:
        member = _fetch(active_call, verb, queue, bridge)
        if member is not None:
            _talk(active_call, context.participant, verb, bridge, member)
    except (ParticipantHungUp, Redirected) as gone:
        context.interrupt(gone, verb.action, _facts(bridge, member), verb.method)
        raise
    return context.go_on(verb.action, _facts(bridge, member), verb.method)


def _fetch(
    active_call: ActiveCall, verb: Dial, queue: DialQueue, bridge: QueueBridge
) -> Member | None:
    until = (
        active_call.timeline.elapsed + verb.timeout + active_call.network.config.dial_extra_seconds
    )
    while (member := active_call.network.queues.fetch(queue.name, bridge)) is None:
        if active_call.timeline.elapsed >= until:
            return None
        pause_really(active_call.network.config.poll_seconds)
        active_call.wait_out(min(POLL_SECONDS, until - active_call.timeline.elapsed))
    return member


def _talk(
    active_call: ActiveCall,
    participant: Participant,
    verb: Dial,
    bridge: QueueBridge,
    member: Member,
) -> None:
    began, ended_by = active_call.timeline.elapsed, "limit"
    try:
        while not bridge.ready.wait(active_call.network.config.poll_seconds):
            active_call.wait_out(0.0)  # the agent may hang up while the caller hears the whisper
        began = active_call.timeline.elapsed
        if bridge.ended_by:
            return
        _plan_farewell(active_call, participant, bridge, member)
        ended_by = _listen(active_call, verb, bridge)
    except ParticipantHungUp:
        ended_by = "agent"
        raise
    finally:
        active_call.plan.drop(participant.sid, BRIDGE_KINDS)
        bridge.seconds = active_call.timeline.elapsed - began
        bridge.ended_by = bridge.ended_by or ended_by
        bridge.is_over = True
        over = Signal(SignalKind.BRIDGE_OVER, member.call_sid, key=bridge.name)
        member.mailbox.post(over)
        seconds = round(bridge.seconds, 3)
        active_call.write(
            Kind.TALKS, seconds=seconds, leg=member.call_sid, ended_by=bridge.ended_by
        )


def _plan_farewell(
    active_call: ActiveCall, participant: Participant, bridge: QueueBridge, member: Member
) -> None:
    if member.talk_hang_up is not None:
        active_call.plan_signal(
            participant, SignalKind.BRIDGE_OVER, member.talk_hang_up, key=bridge.name
        )
    elif participant.lets_talk is not None and not member.is_live:
        active_call.plan_signal(
            participant, SignalKind.BRIDGE_OVER, participant.lets_talk, key=bridge.name
        )
    if participant.talk_hang_up is not None:
        active_call.plan_signal(participant, SignalKind.HANG_UP, participant.talk_hang_up)


def _listen(active_call: ActiveCall, verb: Dial, bridge: QueueBridge) -> str:
    until = active_call.timeline.elapsed + verb.time_limit
    while (signal := active_call.wait(until - active_call.timeline.elapsed)) is not None:
        if signal.kind is SignalKind.BRIDGE_OVER and signal.key == bridge.name:
            return "member"
        active_call.note_lost_key(signal)
    return "limit"


def _facts(bridge: QueueBridge, member: Member | None) -> dict[str, str]:
    if member is None:
        return {"DialCallStatus": CallStatus.NO_ANSWER.value, "DialBridged": "false"}
    is_bridged = bridge.ended_by != "whisper"
    return {
        "DialCallStatus": CallStatus.COMPLETED.value,
        "DialBridged": "true" if is_bridged else "false",
        "DialCallSid": member.call_sid,
        "DialCallDuration": str(round(bridge.seconds)),
    }
