"""Enqueue: the caller waits in a queue to the sound of wait documents, asked for again and again.
The action comes when the caller LEAVES the queue; after a bridge, when that has ended.
"""

from dataclasses import dataclass
from enum import StrEnum

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Dequeued, Participant, ParticipantHungUp, Redirected
from exchange.documents.schema import DocumentKind
from exchange.documents.verbs import Enqueue
from exchange.records.queues import Member, Queue, QueueBridge
from exchange.records.signals import SignalKind
from exchange.records.transcript import Kind
from exchange.verbs.context import Ending, NextDocument, Step, VerbContext

SHORTEST_POLL_SECONDS = 1.0
LONGEST_BRIDGE_REAL_SECONDS = 6 * 3600.0


class QueueResult(StrEnum):
    """Why a caller left the queue, as the action is told."""

    BRIDGED = "bridged"
    ERROR = "error"
    HANGUP = "hangup"
    LEAVE = "leave"
    REDIRECTED = "redirected"
    REDIRECTED_FROM_BRIDGED = "redirected-from-bridged"


@dataclass(slots=True)
class _QueueWait:
    """One caller's stay in one queue, and how it ended."""

    queue: Queue
    member: Member
    began: float
    result: QueueResult = QueueResult.ERROR
    waited: int = 0


def enqueue(context: VerbContext, verb: Enqueue) -> Step:
    """Waits, is bridged or leaves; then the action, or the next verb where there is none."""
    stay = _join(context, verb)
    try:
        _wait(context, verb, stay)
    except (ParticipantHungUp, Redirected) as gone:
        _leave(context.active_call, stay)
        context.interrupt(gone, verb.action, _facts(stay), verb.method)
        raise
    _leave(context.active_call, stay)
    if stay.result is QueueResult.HANGUP:
        context.leave(verb.action, _facts(stay), verb.method)
        return Ending.HUNG_UP
    return context.go_to(verb.action, _facts(stay), verb.method) if verb.action else None


def _join(context: VerbContext, verb: Enqueue) -> _QueueWait:
    active_call, participant = context.active_call, context.participant
    member = Member(
        participant.sid,
        participant.call.mailbox,
        participant.talk_hang_up,
        participant.call.is_live,
    )
    queue = active_call.network.queues.join(verb.name, member, active_call.timeline.moment())
    active_call.is_queued = True
    active_call.write(Kind.ENQUEUED, queue=verb.name)
    if participant.wait_hang_up is not None:
        active_call.plan_signal(participant, SignalKind.HANG_UP, participant.wait_hang_up)
        participant.wait_hang_up = None
    return _QueueWait(queue, member, active_call.timeline.elapsed)


def _leave(active_call: ActiveCall, stay: _QueueWait) -> None:
    active_call.is_queued = False
    active_call.network.queues.leave(stay.queue.name, stay.member)
    active_call.network.queues.waited(stay.queue.name, stay.waited)
    bridge = stay.member.bridge
    if bridge is not None and not bridge.is_over:
        bridge.end("member")
    active_call.write(Kind.LEFT_QUEUE, queue=stay.queue.name, result=stay.result.value)


def _wait(context: VerbContext, verb: Enqueue, stay: _QueueWait) -> None:
    try:
        stay.result = _poll_until_over(context, verb, stay)
    except Dequeued:
        context.active_call.is_queued = False
        stay.waited = _so_far(context.active_call, stay)
        _be_bridged(context, stay)
        return
    except ParticipantHungUp:
        stay.result = QueueResult.HANGUP
        raise
    except Redirected:
        stay.result = QueueResult.REDIRECTED
        raise
    finally:
        stay.waited = stay.waited or _so_far(context.active_call, stay)


_RESULTS = {Ending.LEFT: QueueResult.LEAVE, Ending.HUNG_UP: QueueResult.HANGUP}


def _poll_until_over(context: VerbContext, verb: Enqueue, stay: _QueueWait) -> QueueResult:
    while (ending := _poll(context, verb, stay)) is Ending.RAN_OUT:
        pass
    result = _RESULTS.get(ending, QueueResult.ERROR)
    queues = context.active_call.network.queues
    if result is QueueResult.LEAVE and not queues.leave(stay.queue.name, stay.member):
        raise Dequeued  # somebody was quicker than the Leave
    return result


def _poll(context: VerbContext, verb: Enqueue, stay: _QueueWait) -> Ending:
    active_call = context.active_call
    began = active_call.timeline.elapsed
    active_call.network.let_worker_act(stay.member)
    ending = Ending.RAN_OUT
    if verb.wait_url is not None:
        go = context.go_to(verb.wait_url, _wait_facts(active_call, stay), verb.wait_method)
        ending = context.run_document(active_call, context.participant, go, DocumentKind.WAIT)
    if ending is Ending.RAN_OUT:
        active_call.wait_out(
            max(0.0, SHORTEST_POLL_SECONDS - (active_call.timeline.elapsed - began))
        )
    return ending


def _wait_facts(active_call: ActiveCall, stay: _QueueWait) -> dict[str, str]:
    position = active_call.network.queues.position(stay.queue.name, stay.member)
    return {
        "QueueSid": stay.queue.sid,
        "QueuePosition": str(position),
        "QueueTime": str(_so_far(active_call, stay)),
        "AvgQueueTime": str(stay.queue.average_wait),
        "CurrentQueueSize": str(len(stay.queue.members)),
        "MaxQueueSize": "1000",
    }


def _so_far(active_call: ActiveCall, stay: _QueueWait) -> int:
    return round(active_call.timeline.elapsed - stay.began)


def _facts(stay: _QueueWait) -> dict[str, str]:
    return {
        "QueueSid": stay.queue.sid,
        "QueueResult": stay.result.value,
        "QueueTime": str(stay.waited),
    }


def _be_bridged(context: VerbContext, stay: _QueueWait) -> None:
    active_call, participant, bridge = context.active_call, context.participant, stay.member.bridge
    if bridge is None:
        return
    active_call.plan.drop(participant.sid, frozenset({SignalKind.HANG_UP}))
    stay.result = QueueResult.BRIDGED
    participant.talk_hang_up, participant.call.queue_seconds = None, stay.waited
    active_call.write(Kind.DEQUEUED, queue=stay.queue.name, agent=bridge.agent_sid)
    try:
        if bridge.url and not _whisper_bridges(context, stay, bridge):
            bridge.end("whisper")
            return
        bridge.ready.set()
        _talk(active_call, participant, bridge)
    except Redirected:
        stay.result = QueueResult.REDIRECTED_FROM_BRIDGED
        raise


def _whisper_bridges(context: VerbContext, stay: _QueueWait, bridge: QueueBridge) -> bool:
    extra = {
        "QueueSid": stay.queue.sid,
        "QueueTime": str(stay.waited),
        "DequeingCallSid": bridge.agent_sid,
    }
    go = NextDocument(bridge.url, extra, bridge.method)
    return (
        context.run_document(context.active_call, context.participant, go, DocumentKind.WHISPER)
        is Ending.RAN_OUT
    )


def _talk(active_call: ActiveCall, participant: Participant, bridge: QueueBridge) -> None:
    # The agent's side keeps the time; this side sleeps on its mailbox until told.
    while not bridge.is_over:
        signal = participant.call.mailbox.take(LONGEST_BRIDGE_REAL_SECONDS)
        if signal is None:
            break
        if signal.participant == participant.sid:
            active_call.raise_if_over(signal)
    active_call.timeline.advance(bridge.seconds)
    seconds = round(bridge.seconds, 3)
    active_call.write(Kind.TALKS, seconds=seconds, leg=bridge.agent_sid, ended_by=bridge.ended_by)
    if bridge.ended_by == "member":
        raise ParticipantHungUp(participant.sid)
