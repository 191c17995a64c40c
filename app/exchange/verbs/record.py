"""Record: a message after the tone, ended by silence, a key, its longest length or hanging up."""

from dataclasses import dataclass
from datetime import datetime

from app.exchange.clock import rfc2822
from app.exchange.documents.verbs import Record
from app.exchange.identifiers import new_sid
from app.exchange.lines.line import Line
from app.exchange.lines.notices import tell
from app.exchange.lines.parties import HungUp, Party
from app.exchange.records.recordings import Recording
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind
from app.exchange.verbs.answers import drop_answer, plan_answer
from app.exchange.verbs.steps import Stage, Step

UNSCRIPTED_MESSAGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Take:
    started: datetime
    seconds: float
    spoken: float
    loud: float
    digits: str
    party_left: HungUp | None = None


def record(stage: Stage, verb: Record) -> Step:
    """Records, keeps the recording, posts the action; after hanging up nothing follows."""
    line, party = stage.line, stage.party
    if plan_answer(line, party, ()) is None and not party.call.is_live:
        # Whoever has run out of script still has something to say after the tone.
        line.plan_signal(party, SignalKind.SPEAK, 0.0, seconds=UNSCRIPTED_MESSAGE_SECONDS)
    take = _listen(line, party, verb)
    drop_answer(line, party)
    recording = _keep(line, party, verb, take)
    _announce(stage, verb, recording)
    facts = _facts(line, recording, take)
    if take.party_left is not None:
        stage.leave(verb.action or stage.url, facts, verb.method)
        raise take.party_left
    if recording.status == "absent" and not line.office.config.empty_recording_posts_action:
        return None
    return stage.go_to(verb.action, facts, verb.method)


def _listen(line: Line, party: Party, verb: Record) -> _Take:
    started, began = line.timeline.moment(), line.timeline.elapsed
    spoken, loud, digits, left = 0.0, 0.0, "", None
    quiet_from, end = began, began + verb.max_length
    while True:
        now = line.timeline.elapsed
        deadline = min(end, quiet_from + verb.timeout)
        try:
            signal = line.wait(deadline - now)
        except HungUp as hung_up:
            left, digits = hung_up, "hangup"
            break
        if signal is None:
            break
        if signal.kind is SignalKind.SPEAK and signal.party == party.sid:
            now = line.timeline.elapsed
            spoken += min(signal.seconds, end - now)
            loud += 0.0 if signal.is_noise else min(signal.seconds, end - now)
            quiet_from = max(quiet_from, now) + signal.seconds
        elif signal.kind is SignalKind.KEY and signal.key in verb.finish_on_key:
            digits = signal.key
            break
        else:
            line.lose(signal)
    spoken -= max(0.0, quiet_from - line.timeline.elapsed) if spoken else 0.0
    spoken = max(0.0, spoken)
    return _Take(started, line.timeline.elapsed - began, spoken, min(loud, spoken), digits, left)


def _keep(line: Line, party: Party, verb: Record, take: _Take) -> Recording:
    seconds = take.spoken if verb.trim else take.seconds
    is_absent = take.spoken <= 0.0
    recording = Recording(
        sid=new_sid("RE"),
        account_sid=line.office.config.account_sid,
        call_sid=party.sid,
        started=take.started,
        seconds=0.0 if is_absent else seconds,
        status="absent" if is_absent else "completed",
        loud=take.loud,
    )
    if not is_absent:
        line.office.recordings.add(recording)
    line.write(
        Kind.RECORDS,
        recording=recording.sid,
        status=recording.status,
        seconds=round(recording.seconds, 3),
        spoken=round(take.spoken, 3),
        ended_by=take.digits or "silence",
    )
    return recording


def _announce(stage: Stage, verb: Record, recording: Recording) -> None:
    if verb.status_callback is None or recording.status not in verb.events:
        return
    extra = {
        "RecordingSid": recording.sid,
        "RecordingUrl": stage.line.office.address + recording.path,
        "RecordingStatus": recording.status,
        "RecordingDuration": str(round(recording.seconds)),
        "RecordingChannels": "1",
        "RecordingStartTime": rfc2822(recording.started),
        "RecordingSource": "RecordVerb",
        "ErrorCode": "0",
    }
    callback = stage.absolute(verb.status_callback)
    tell(stage.line, stage.party.call, callback, extra, verb.status_method)


def _facts(line: Line, recording: Recording, take: _Take) -> dict[str, str]:
    return {
        "RecordingUrl": line.office.address + recording.path,
        "RecordingSid": recording.sid,
        "RecordingDuration": str(round(recording.seconds)),
        "Digits": take.digits,
    }
