"""Dial: rings telephones. The first that ANSWERS wins, the others are dropped before its whisper;
a whisper that falls off its end bridges; the action comes also after the caller has hung up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exchange.documents.attributes import DocumentError
from app.exchange.documents.schema import Room
from app.exchange.documents.verbs import Dial
from app.exchange.error_codes import Code
from app.exchange.lines.line import Line
from app.exchange.lines.parties import HungUp, Party, Redirected
from app.exchange.lines.ringing import LOSSES, take_up
from app.exchange.records.calls import Status
from app.exchange.records.signals import SignalKind
from app.exchange.verbs.bridge import FAREWELL, talk
from app.exchange.verbs.legs import Leg, place_legs, put_down
from app.exchange.verbs.steps import Ending, Go, Stage, Step


@dataclass(slots=True)
class _Outcome:
    """What the action is told."""

    status: Status = Status.FAILED
    leg: Leg | None = None
    bridged: bool = False


def dial(stage: Stage, verb: Dial) -> Step:
    """Rings, whispers, bridges; then the action, or the next verb where there is none."""
    line, caller_id, outcome = stage.line, _caller_id(stage, verb), _Outcome()
    if not verb.answer_on_bridge:
        line.answer(stage.party.call)
    rounds = [(number,) for number in verb.numbers] if verb.sequential else [verb.numbers]
    try:
        for numbers in rounds:
            _ring_round(stage, verb, place_legs(stage, numbers, caller_id), outcome)
            if outcome.bridged:
                break
    except (HungUp, Redirected) as gone:
        stage.interrupt(gone, verb.action, _facts(line, outcome), verb.method)
        raise
    if verb.action is None:
        return None
    return stage.go_to(verb.action, _facts(line, outcome), verb.method)


def _caller_id(stage: Stage, verb: Dial) -> str:
    call = stage.party.call
    if verb.caller_id is None:
        return call.caller
    if verb.caller_id in (call.caller, call.called) or stage.line.office.owns(verb.caller_id):
        return verb.caller_id
    raise DocumentError(Code.CALLER_ID, f"<Dial callerId={verb.caller_id!r}> is not ours to show")


def _ring_round(stage: Stage, verb: Dial, legs: Sequence[Leg], outcome: _Outcome) -> None:
    line, party = stage.line, stage.party
    if not legs:
        outcome.status = Status.FAILED
        return
    _plan_impatience(line, party)
    try:
        winner = _first_answer(line, legs, verb.timeout, outcome)
        if winner is not None:
            outcome.status, outcome.leg = Status.COMPLETED, winner
            _connect(stage, verb, legs, winner, outcome)
    except HungUp as hung_up:
        if hung_up.party == party.sid:
            raise
    finally:
        line.plan.drop(party.sid, FAREWELL)
        _clear(line, legs, outcome)


def _connect(stage: Stage, verb: Dial, legs: Sequence[Leg], winner: Leg, outcome: _Outcome) -> None:
    line = stage.line
    for leg in legs:
        if leg is not winner:
            put_down(line, leg, Status.CANCELED)
    if _whisper_bridges(stage, winner):
        outcome.bridged = True
        line.answer(stage.party.call)
        talk(line, stage.party, winner.phone, verb.time_limit)


def _clear(line: Line, legs: Sequence[Leg], outcome: _Outcome) -> None:
    for leg in legs:
        answered = leg.call.answered_at is not None
        if not leg.call.status.is_over and not answered:
            outcome.status, outcome.leg = Status.CANCELED, leg
        put_down(line, leg, Status.COMPLETED if answered else Status.CANCELED)


def _plan_impatience(line: Line, party: Party) -> None:
    if party.ring_hang_up is not None:
        line.plan_signal(party, SignalKind.HANG_UP, party.ring_hang_up)
        party.ring_hang_up = None


def _first_answer(line: Line, legs: Sequence[Leg], timeout: int, outcome: _Outcome) -> Leg | None:
    by_sid = {leg.call.sid: leg for leg in legs}
    deadline = line.timeline.elapsed + timeout + line.office.config.dial_extra_seconds
    while any(not leg.call.status.is_over for leg in legs):
        try:
            signal = line.wait(deadline - line.timeline.elapsed)
        except HungUp as hung_up:
            if hung_up.party not in by_sid:
                raise
            _lose_leg(line, by_sid[hung_up.party], Status.CANCELED, outcome)
            continue
        if signal is None:
            for leg in legs:
                if not leg.call.status.is_over:
                    _lose_leg(line, leg, Status.NO_ANSWER, outcome)
        elif signal.kind is SignalKind.ANSWER:
            take_up(line, by_sid[signal.party].phone)
            return by_sid[signal.party]
        elif signal.kind in LOSSES:
            _lose_leg(line, by_sid[signal.party], LOSSES[signal.kind], outcome)
        else:
            line.lose(signal)
    return None


def _lose_leg(line: Line, leg: Leg, status: Status, outcome: _Outcome) -> None:
    put_down(line, leg, status)
    outcome.status, outcome.leg = status, leg


def _whisper_bridges(stage: Stage, leg: Leg) -> bool:
    if leg.number.url is None:
        return True
    go = Go(stage.absolute(leg.number.url), {}, leg.number.method)
    return stage.walk(stage.line, leg.phone.party, go, Room.WHISPER) is Ending.RAN_OUT


def _facts(line: Line, outcome: _Outcome) -> Mapping[str, str]:
    facts = {
        "DialCallStatus": outcome.status.value,
        "DialBridged": "true" if outcome.bridged else "false",
    }
    if outcome.leg is not None:
        facts["DialCallSid"] = outcome.leg.call.sid
        answered = outcome.leg.call.answered_at is not None
        if answered and not line.faults.faults.omit_dial_duration:
            facts["DialCallDuration"] = str(outcome.leg.call.duration)
    return facts
