"""Enqueue: the caller waits in a queue to the sound of wait documents, asked for again and again.
The action comes when the caller LEAVES the queue; after a bridge, when that has ended.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.exchange.clock import pause_really
from app.exchange.documents.schema import Room
from app.exchange.documents.verbs import Enqueue
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Dequeued, HungUp, Party, Redirected
from app.exchange.records.queues import Bridge, Member, Queue
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind
from app.exchange.verbs.steps import Ending, Go, Stage, Step

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
class _Stay:
    """One caller's stay in one queue, and how it ended."""

    queue: Queue
    member: Member
    began: float
    result: QueueResult = QueueResult.ERROR
    waited: int = 0


def enqueue(stage: Stage, verb: Enqueue) -> Step:
    """Waits, is bridged or leaves; then the action, or the next verb where there is none."""
    stay = _join(stage, verb)
    try:
        _wait(stage, verb, stay)
    except (HungUp, Redirected) as gone:
        _leave(stage.line, stay)
        stage.interrupt(gone, verb.action, _facts(stay), verb.method)
        raise
    _leave(stage.line, stay)
    if stay.result is QueueResult.HANGUP:
        stage.leave(verb.action, _facts(stay), verb.method)
        return Ending.HUNG_UP
    return stage.go_to(verb.action, _facts(stay), verb.method) if verb.action else None


def _join(stage: Stage, verb: Enqueue) -> _Stay:
    line, party = stage.line, stage.party
    member = Member(party.sid, party.call.mailbox, party.talk_hang_up, party.call.is_live)
    queue = line.office.queues.join(verb.name, member, line.timeline.moment())
    line.is_queued = True
    line.write(Kind.ENQUEUED, queue=verb.name)
    if party.wait_hang_up is not None:
        line.plan_signal(party, SignalKind.HANG_UP, party.wait_hang_up)
        party.wait_hang_up = None
    return _Stay(queue, member, line.timeline.elapsed)


def _leave(line: Line, stay: _Stay) -> None:
    line.is_queued = False
    line.office.queues.leave(stay.queue.name, stay.member)
    line.office.queues.waited(stay.queue.name, stay.waited)
    bridge = stay.member.bridge
    if bridge is not None and not bridge.is_over:
        bridge.end("member")
    line.write(Kind.LEFT_QUEUE, queue=stay.queue.name, result=stay.result.value)


def _wait(stage: Stage, verb: Enqueue, stay: _Stay) -> None:
    try:
        stay.result = _poll_until_over(stage, verb, stay)
    except Dequeued:
        stage.line.is_queued = False
        stay.waited = _so_far(stage.line, stay)
        _be_bridged(stage, stay)
        return
    except HungUp:
        stay.result = QueueResult.HANGUP
        raise
    except Redirected:
        stay.result = QueueResult.REDIRECTED
        raise
    finally:
        stay.waited = stay.waited or _so_far(stage.line, stay)


_RESULTS = {Ending.LEFT: QueueResult.LEAVE, Ending.HUNG_UP: QueueResult.HANGUP}


def _poll_until_over(stage: Stage, verb: Enqueue, stay: _Stay) -> QueueResult:
    while (ending := _poll(stage, verb, stay)) is Ending.RAN_OUT:
        pass
    result = _RESULTS.get(ending, QueueResult.ERROR)
    queues = stage.line.office.queues
    if result is QueueResult.LEAVE and not queues.leave(stay.queue.name, stay.member):
        raise Dequeued  # somebody was quicker than the Leave
    return result


def _poll(stage: Stage, verb: Enqueue, stay: _Stay) -> Ending:
    line = stage.line
    began = line.timeline.elapsed
    # Whoever fetches the caller works in its own time: give the machine a moment at every poll.
    pause_really(line.office.config.poll_seconds)
    ending = Ending.RAN_OUT
    if verb.wait_url is not None:
        go = stage.go_to(verb.wait_url, _wait_facts(line, stay), verb.wait_method)
        ending = stage.walk(line, stage.party, go, Room.WAIT)
    if ending is Ending.RAN_OUT:
        line.wait_out(max(0.0, SHORTEST_POLL_SECONDS - (line.timeline.elapsed - began)))
    return ending


def _wait_facts(line: Line, stay: _Stay) -> dict[str, str]:
    position = line.office.queues.position(stay.queue.name, stay.member)
    return {
        "QueueSid": stay.queue.sid,
        "QueuePosition": str(position),
        "QueueTime": str(_so_far(line, stay)),
        "AvgQueueTime": str(stay.queue.average_wait),
        "CurrentQueueSize": str(len(stay.queue.members)),
        "MaxQueueSize": "1000",
    }


def _so_far(line: Line, stay: _Stay) -> int:
    return round(line.timeline.elapsed - stay.began)


def _facts(stay: _Stay) -> dict[str, str]:
    return {
        "QueueSid": stay.queue.sid,
        "QueueResult": stay.result.value,
        "QueueTime": str(stay.waited),
    }


def _be_bridged(stage: Stage, stay: _Stay) -> None:
    line, party, bridge = stage.line, stage.party, stay.member.bridge
    if bridge is None:
        return
    line.plan.drop(party.sid, frozenset({SignalKind.HANG_UP}))
    stay.result = QueueResult.BRIDGED
    party.talk_hang_up, party.call.queue_seconds = None, stay.waited
    line.write(Kind.DEQUEUED, queue=stay.queue.name, agent=bridge.agent_sid)
    try:
        if bridge.url and not _whisper_bridges(stage, stay, bridge):
            bridge.end("whisper")
            return
        bridge.ready.set()
        _talk(line, party, bridge)
    except Redirected:
        stay.result = QueueResult.REDIRECTED_FROM_BRIDGED
        raise


def _whisper_bridges(stage: Stage, stay: _Stay, bridge: Bridge) -> bool:
    extra = {
        "QueueSid": stay.queue.sid,
        "QueueTime": str(stay.waited),
        "DequeingCallSid": bridge.agent_sid,
    }
    go = Go(bridge.url, extra, bridge.method)
    return stage.walk(stage.line, stage.party, go, Room.WHISPER) is Ending.RAN_OUT


def _talk(line: Line, party: Party, bridge: Bridge) -> None:
    # The agent's side keeps the time; this side sleeps on its mailbox until told.
    while not bridge.is_over:
        signal = party.call.mailbox.take(LONGEST_BRIDGE_REAL_SECONDS)
        if signal is None:
            break
        if signal.party == party.sid:
            line.told(signal)
    line.timeline.advance(bridge.seconds)
    seconds = round(bridge.seconds, 3)
    line.write(Kind.TALKS, seconds=seconds, leg=bridge.agent_sid, ended_by=bridge.ended_by)
    if bridge.ended_by == "member":
        raise HungUp(party.sid)
