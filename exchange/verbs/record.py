"""Record: a message after the tone, ended by silence, a key, its longest length or hanging up."""

from dataclasses import dataclass
from datetime import datetime

from exchange.calls.active_call import ActiveCall
from exchange.calls.notices import send_status
from exchange.calls.participants import Participant, ParticipantHungUp
from exchange.clock import rfc2822
from exchange.documents.verbs import Record
from exchange.identifiers import new_sid
from exchange.records.recordings import RecordingResource
from exchange.records.signals import SignalKind
from exchange.records.transcript import Kind
from exchange.verbs.answers import drop_answer, plan_answer
from exchange.verbs.context import Step, VerbContext

UNSCRIPTED_MESSAGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Recorded:
    started: datetime
    seconds: float
    spoken: float
    loud: float
    digits: str
    participant_left: ParticipantHungUp | None = None


def record(context: VerbContext, verb: Record) -> Step:
    """Records, keeps the recording, posts the action; after hanging up nothing follows."""
    active_call, participant = context.active_call, context.participant
    if plan_answer(active_call, participant, ()) is None and not participant.call.is_live:
        # Whoever has run out of script still has something to say after the tone.
        active_call.plan_signal(
            participant, SignalKind.SPEAK, 0.0, seconds=UNSCRIPTED_MESSAGE_SECONDS
        )
    take = _listen(active_call, participant, verb)
    drop_answer(active_call, participant)
    recording = _keep(active_call, participant, verb, take)
    _announce(context, verb, recording)
    facts = _facts(active_call, recording, take)
    if take.participant_left is not None:
        context.leave(verb.action or context.url, facts, verb.method)
        raise take.participant_left
    if recording.status == "absent" and not active_call.network.config.empty_recording_posts_action:
        return None
    return context.go_to(verb.action, facts, verb.method)


def _listen(active_call: ActiveCall, participant: Participant, verb: Record) -> _Recorded:
    started, began = active_call.timeline.moment(), active_call.timeline.elapsed
    spoken, loud, digits, left = 0.0, 0.0, "", None
    quiet_from, end = began, began + verb.max_length
    while True:
        now = active_call.timeline.elapsed
        deadline = min(end, quiet_from + verb.timeout)
        try:
            signal = active_call.wait(deadline - now)
        except ParticipantHungUp as hung_up:
            left, digits = hung_up, "hangup"
            break
        if signal is None:
            break
        if signal.kind is SignalKind.SPEAK and signal.participant == participant.sid:
            now = active_call.timeline.elapsed
            spoken += min(signal.seconds, end - now)
            loud += 0.0 if signal.is_noise else min(signal.seconds, end - now)
            quiet_from = max(quiet_from, now) + signal.seconds
        elif signal.kind is SignalKind.KEY and signal.key in verb.finish_on_key:
            digits = signal.key
            break
        else:
            active_call.note_lost_key(signal)
    spoken -= max(0.0, quiet_from - active_call.timeline.elapsed) if spoken else 0.0
    spoken = max(0.0, spoken)
    return _Recorded(
        started, active_call.timeline.elapsed - began, spoken, min(loud, spoken), digits, left
    )


def _keep(
    active_call: ActiveCall, participant: Participant, verb: Record, take: _Recorded
) -> RecordingResource:
    seconds = take.spoken if verb.trim else take.seconds
    is_absent = take.spoken <= 0.0
    recording = RecordingResource(
        sid=new_sid("RE"),
        account_sid=active_call.network.config.account_sid,
        call_sid=participant.sid,
        started=take.started,
        seconds=0.0 if is_absent else seconds,
        status="absent" if is_absent else "completed",
        loud=take.loud,
    )
    if not is_absent:
        active_call.network.recordings.add(recording)
    active_call.write(
        Kind.RECORDS,
        recording=recording.sid,
        status=recording.status,
        seconds=round(recording.seconds, 3),
        spoken=round(take.spoken, 3),
        ended_by=take.digits or "silence",
    )
    return recording


def _announce(context: VerbContext, verb: Record, recording: RecordingResource) -> None:
    if verb.status_callback is None or recording.status not in verb.events:
        return
    extra = {
        "RecordingSid": recording.sid,
        "RecordingUrl": context.active_call.network.address + recording.path,
        "RecordingStatus": recording.status,
        "RecordingDuration": str(round(recording.seconds)),
        "RecordingChannels": "1",
        "RecordingStartTime": rfc2822(recording.started),
        "RecordingSource": "RecordVerb",
        "ErrorCode": "0",
    }
    callback = context.absolute(verb.status_callback)
    send_status(context.active_call, context.participant.call, callback, extra, verb.status_method)


def _facts(
    active_call: ActiveCall, recording: RecordingResource, take: _Recorded
) -> dict[str, str]:
    return {
        "RecordingUrl": active_call.network.address + recording.path,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(round(recording.seconds)),
        "Digits": take.digits,
    }
