"""Dial: rings telephones. The first that ANSWERS wins, the others are dropped before its whisper;
a whisper that falls off its end bridges; the action comes also after the caller has hung up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant, ParticipantHungUp, Redirected
from exchange.calls.ringing import LOSSES, take_up
from exchange.documents.attributes import DocumentError
from exchange.documents.schema import DocumentKind
from exchange.documents.verbs import Dial
from exchange.error_codes import ErrorCode
from exchange.records.calls import CallStatus
from exchange.records.signals import SignalKind
from exchange.verbs.bridge import FAREWELL, talk
from exchange.verbs.context import Ending, NextDocument, Step, VerbContext
from exchange.verbs.legs import DialLeg, place_legs, put_down


@dataclass(slots=True)
class _Outcome:
    """What the action is told."""

    status: CallStatus = CallStatus.FAILED
    leg: DialLeg | None = None
    bridged: bool = False


def dial(context: VerbContext, verb: Dial) -> Step:
    """Rings, whispers, bridges; then the action, or the next verb where there is none."""
    active_call, caller_id, outcome = context.active_call, _caller_id(context, verb), _Outcome()
    if not verb.answer_on_bridge:
        active_call.answer(context.participant.call)
    rounds = [(number,) for number in verb.numbers] if verb.sequential else [verb.numbers]
    try:
        for numbers in rounds:
            _ring_round(context, verb, place_legs(context, numbers, caller_id), outcome)
            if outcome.bridged:
                break
    except (ParticipantHungUp, Redirected) as gone:
        context.interrupt(gone, verb.action, _facts(active_call, outcome), verb.method)
        raise
    return context.go_on(verb.action, _facts(active_call, outcome), verb.method)


def _caller_id(context: VerbContext, verb: Dial) -> str:
    call = context.participant.call
    if verb.caller_id is None:
        return call.caller
    if verb.caller_id in (call.caller, call.called) or context.active_call.network.owns(
        verb.caller_id
    ):
        return verb.caller_id
    raise DocumentError(
        ErrorCode.CALLER_ID, f"<Dial callerId={verb.caller_id!r}> is not ours to show"
    )


def _ring_round(
    context: VerbContext, verb: Dial, legs: Sequence[DialLeg], outcome: _Outcome
) -> None:
    active_call, participant = context.active_call, context.participant
    if not legs:
        outcome.status = CallStatus.FAILED
        return
    _schedule_hang_up(active_call, participant)
    try:
        winner = _first_answer(active_call, legs, verb.timeout, outcome)
        if winner is not None:
            outcome.status, outcome.leg = CallStatus.COMPLETED, winner
            _connect(context, verb, legs, winner, outcome)
    except ParticipantHungUp as hung_up:
        if hung_up.participant == participant.sid:
            raise
    finally:
        active_call.plan.drop(participant.sid, FAREWELL)
        _clear(active_call, legs, outcome)


def _connect(
    context: VerbContext, verb: Dial, legs: Sequence[DialLeg], winner: DialLeg, outcome: _Outcome
) -> None:
    active_call = context.active_call
    for leg in legs:
        if leg is not winner:
            put_down(active_call, leg, CallStatus.CANCELED)
    if _whisper_bridges(context, winner):
        outcome.bridged = True
        active_call.answer(context.participant.call)
        talk(active_call, context.participant, winner.phone, verb.time_limit)


def _clear(active_call: ActiveCall, legs: Sequence[DialLeg], outcome: _Outcome) -> None:
    for leg in legs:
        answered = leg.call.answered_at is not None
        if not leg.call.status.is_over and not answered:
            outcome.status, outcome.leg = CallStatus.CANCELED, leg
        put_down(active_call, leg, CallStatus.COMPLETED if answered else CallStatus.CANCELED)


def _schedule_hang_up(active_call: ActiveCall, participant: Participant) -> None:
    if participant.ring_hang_up is not None:
        active_call.plan_signal(participant, SignalKind.HANG_UP, participant.ring_hang_up)
        participant.ring_hang_up = None


def _first_answer(
    active_call: ActiveCall, legs: Sequence[DialLeg], timeout: int, outcome: _Outcome
) -> DialLeg | None:
    by_sid = {leg.call.sid: leg for leg in legs}
    deadline = (
        active_call.timeline.elapsed + timeout + active_call.network.config.dial_extra_seconds
    )
    while any(not leg.call.status.is_over for leg in legs):
        try:
            signal = active_call.wait(deadline - active_call.timeline.elapsed, for_people=True)
        except ParticipantHungUp as hung_up:
            if hung_up.participant not in by_sid:
                raise
            _lose_leg(active_call, by_sid[hung_up.participant], CallStatus.CANCELED, outcome)
            continue
        if signal is None:
            for leg in legs:
                if not leg.call.status.is_over:
                    _lose_leg(active_call, leg, CallStatus.NO_ANSWER, outcome)
        elif signal.kind is SignalKind.ANSWER:
            take_up(active_call, by_sid[signal.participant].phone)
            return by_sid[signal.participant]
        elif signal.kind in LOSSES:
            _lose_leg(active_call, by_sid[signal.participant], LOSSES[signal.kind], outcome)
        else:
            active_call.note_lost_key(signal)
    return None


def _lose_leg(active_call: ActiveCall, leg: DialLeg, status: CallStatus, outcome: _Outcome) -> None:
    put_down(active_call, leg, status)
    outcome.status, outcome.leg = status, leg


def _whisper_bridges(context: VerbContext, leg: DialLeg) -> bool:
    if leg.number.url is None:
        return True
    go = NextDocument(context.absolute(leg.number.url), {}, leg.number.method)
    return (
        context.run_document(context.active_call, leg.phone.participant, go, DocumentKind.WHISPER)
        is Ending.RAN_OUT
    )


def _facts(active_call: ActiveCall, outcome: _Outcome) -> Mapping[str, str]:
    facts = {
        "DialCallStatus": outcome.status.value,
        "DialBridged": "true" if outcome.bridged else "false",
    }
    if outcome.leg is not None:
        facts["DialCallSid"] = outcome.leg.call.sid
        answered = outcome.leg.call.answered_at is not None
        if answered and not active_call.faults.faults.omit_dial_duration:
            facts["DialCallDuration"] = str(outcome.leg.call.duration)
    return facts
