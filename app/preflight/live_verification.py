"""`--live`: rings one number and writes to it, and waits for somebody there to press a key.

The call and the SMS are real; what comes of them arrives at our own webhooks, as in the night.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from app import clock
from app.actions.desks.verify_number import (
    begin_verification,
    find_verification,
    sent_on_verification,
    update_verification,
)
from app.domain.delivery_errors import delivery_error
from app.domain.message_refs import MessageRef, Value, ref
from app.domain.numbers import parse_number
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message
from app.gateways.send_failures import SendFailure
from app.gateways.sender import Sender
from app.preflight.finding import Finding
from app.preflight.live_verification_outcome import SendResult, judge_call, judge_sms
from app.preflight.number_owner import NumberOwner
from app.store import Database
from app.store.number_verifications import NewNumberVerification, NumberVerification
from app.store.sms import NOT_DELIVERED

RING_SECONDS: Final = 40
LOOKS_EVERY: Final = 0.25  # seconds
PROGRESS: Final = {
    "ringing": ref("preflight.live_rings"),
    "in-progress": ref("preflight.live_answers"),
    "busy": ref("preflight.live_busy"),
    "no-answer": ref("preflight.live_nobody_answers"),
    "failed": ref("preflight.live_fails"),
}


@dataclass(frozen=True, slots=True)
class LiveVerification:
    """What a trial needs. `say` tells each step as it happens."""

    database: Database
    sender: Sender
    texts: Texts
    say: Callable[[MessageRef], None]
    seconds: int  # how long it is waited for key and reply


def verify_number(live: LiveVerification, whom: NumberOwner) -> Iterator[tuple[str, Finding]]:
    """Ring, write, wait; yield what came of the call and of the SMS. Ctrl-C ends the waiting."""
    new = NewNumberVerification(whom.number, whom.desk, whom.line, whom.language)
    trial = begin_verification(live.database, new, clock.now())
    call, sms, is_stopped = SendResult(), SendResult(), False
    try:
        call = _ring(live, whom, trial)
        sms = _write(live, whom, trial)
        _wait(live, trial, call, sms)
    except KeyboardInterrupt:
        is_stopped = True
        live.say(ref("preflight.live_stops"))
    found = find_verification(live.database, trial)
    if found is None:
        return
    if call.sid and not (found.is_over or found.key_pressed_at):
        _hang_up(live, call.sid)
    yield "live.call", judge_call(whom.number, found, call, is_stopped)
    yield "live.sms", judge_sms(whom.number, found, sms, is_stopped)


def _ring(live: LiveVerification, whom: NumberOwner, trial: int) -> SendResult:
    live.say(ref("preflight.live_ringing", number=whom.number, line=whom.line))
    try:
        sid = live.sender.ring_for_verification(
            to=whom.number, from_=whom.line, verification=trial, seconds=RING_SECONDS
        )
    except SendFailure as refused:
        return SendResult(refused=_describe(refused))
    update_verification(live.database, trial, "queued", clock.now())
    return SendResult(sid)


def _write(live: LiveVerification, whom: NumberOwner, trial: int) -> SendResult:
    """Send the SMS; none goes to a number that cannot get one."""
    if not parse_number(whom.number).can_receive_sms:
        return SendResult()
    asks = Message("sms_number_verification", whom.language, (("desk", whom.desk_name),))
    body = live.texts.render(asks, now=clock.now(), time_zone=whom.time_zone, spoken=False)
    try:
        sid = live.sender.send_sms(to=whom.number, from_=whom.line, body=body)
    except SendFailure as refused:
        return SendResult(refused=_describe(refused))
    sent_on_verification(live.database, trial, sid)
    live.say(ref("preflight.live_sms_sent"))
    return SendResult(sid)


def _wait(live: LiveVerification, trial: int, call: SendResult, sms: SendResult) -> None:
    """Wait until both are settled or the time is up, telling each step once."""
    until = clock.seconds() + live.seconds
    told: set[MessageRef] = set()
    while clock.seconds() < until:
        found = find_verification(live.database, trial)
        if found is None:
            return
        for step in _steps(found):
            if step not in told:
                told.add(step)
                live.say(step)
        if _is_settled(found, call, sms):
            return
        clock.wait(LOOKS_EVERY)


def _steps(found: NumberVerification) -> Iterator[MessageRef]:
    if found.status in PROGRESS:
        yield PROGRESS[found.status]
    if found.key_pressed_at:
        yield ref("preflight.live_pressed")
    if found.delivery == "delivered":
        yield ref("preflight.live_delivered")
    if found.replied_at:
        yield ref("preflight.live_replied")


def _is_settled(found: NumberVerification, call: SendResult, sms: SendResult) -> bool:
    rang = not call.sid or found.is_over or found.key_pressed_at is not None
    wrote = not sms.sid or found.replied_at is not None or found.delivery in NOT_DELIVERED
    return rang and wrote


def _hang_up(live: LiveVerification, sid: str) -> None:
    try:
        live.sender.cancel(sid)
    except SendFailure as refused:
        live.say(ref("preflight.live_not_ended", cause=_describe(refused)))


def _describe(refused: SendFailure) -> Value:
    if refused.code is None:
        return delivery_error(str(refused))
    return ref("preflight.error", code=refused.code)
