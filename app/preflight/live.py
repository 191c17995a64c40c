"""`--live`: rings one number and writes to it, and waits for somebody there to press a key.

The call and the SMS are real; what comes of them arrives at our own doors, as in the night.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from app import clock
from app.actions.try_number import begin_trial, change_trial, find_trial, sent_on_trial
from app.domain.decision import Sentence
from app.domain.people import parse_number
from app.domain.words.texts import Texts
from app.phone.sender import NotSent, Sender
from app.preflight.finding import Finding
from app.preflight.outcome import NOT_DELIVERED, Sent, judge_call, judge_sms
from app.preflight.whose import Whose
from app.store import Database
from app.store.trials import NewTrial, Trial

RING_SECONDS: Final = 40
LOOKS_EVERY: Final = 0.25  # seconds
PROGRESS: Final = {
    "ringing": "it rings",
    "in-progress": "somebody answers, or a voicemail",
    "busy": "it is busy",
    "no-answer": "nobody answers",
    "failed": "the call fails",
}


@dataclass(frozen=True, slots=True)
class Live:
    """What a trial needs. `say` tells each step as it happens."""

    database: Database
    sender: Sender
    texts: Texts
    say: Callable[[str], None]
    seconds: int  # how long it is waited for key and reply


def try_number(live: Live, whom: Whose) -> Iterator[tuple[str, Finding]]:
    """Ring, write, wait; yield what came of the call and of the SMS. Ctrl-C ends the waiting."""
    new = NewTrial(whom.number, whom.desk, whom.line, whom.language)
    trial = begin_trial(live.database, new, clock.now())
    call = _ring(live, whom, trial)
    sms = _write(live, whom, trial)
    is_stopped = False
    try:
        _wait(live, trial, call, sms)
    except KeyboardInterrupt:
        is_stopped = True
        live.say("stopped: not waiting any more")
    found = find_trial(live.database, trial)
    if found is None:
        return
    if call.sid and not (found.is_over or found.key_at):
        _hang_up(live, call.sid)
    yield "live.call", judge_call(whom.number, found, call, is_stopped)
    yield "live.sms", judge_sms(whom.number, found, sms, is_stopped)


def _ring(live: Live, whom: Whose, trial: int) -> Sent:
    live.say(f"ringing {whom.number} from {whom.line}")
    try:
        sid = live.sender.ring_on_trial(
            to=whom.number, from_=whom.line, trial=trial, seconds=RING_SECONDS
        )
    except NotSent as refused:
        return Sent(refused=_words(refused))
    change_trial(live.database, trial, "queued")
    return Sent(sid)


def _write(live: Live, whom: Whose, trial: int) -> Sent:
    """Send the SMS; none goes to a number that cannot get one."""
    if not parse_number(whom.number).can_receive_sms:
        return Sent()
    asks = Sentence("sms_trial", whom.language, (("desk", whom.desk_name),))
    body = live.texts.render(asks, now=clock.now(), time_zone=whom.time_zone, spoken=False)
    try:
        sid = live.sender.send_sms(to=whom.number, from_=whom.line, body=body)
    except NotSent as refused:
        return Sent(refused=_words(refused))
    sent_on_trial(live.database, trial, sid)
    live.say("an SMS is on its way: reply 1")
    return Sent(sid)


def _wait(live: Live, trial: int, call: Sent, sms: Sent) -> None:
    """Wait until both are settled or the time is up, telling each step once."""
    until = clock.seconds() + live.seconds
    told: set[str] = set()
    while clock.seconds() < until:
        found = find_trial(live.database, trial)
        if found is None:
            return
        for step in _steps(found):
            if step not in told:
                told.add(step)
                live.say(step)
        if _is_settled(found, call, sms):
            return
        clock.wait(LOOKS_EVERY)


def _steps(found: Trial) -> Iterator[str]:
    if found.status in PROGRESS:
        yield PROGRESS[found.status]
    if found.key_at:
        yield "1 was pressed"
    if found.delivery == "delivered":
        yield "the SMS is delivered"
    if found.reply_at:
        yield "the reply has come"


def _is_settled(found: Trial, call: Sent, sms: Sent) -> bool:
    rang = not call.sid or found.is_over or found.key_at is not None
    wrote = not sms.sid or found.reply_at is not None or found.delivery in NOT_DELIVERED
    return rang and wrote


def _hang_up(live: Live, sid: str) -> None:
    try:
        live.sender.cancel(sid)
    except NotSent as refused:
        live.say(f"the call could not be ended: {_words(refused)}")


def _words(refused: NotSent) -> str:
    return f"{refused}" if refused.code is None else f"error {refused.code}"
