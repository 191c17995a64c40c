"""The last thing a caller hears is what the product then does, however the call ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.callouts.next_call_out import PAUSE, Escalate, NextCallOut, RingNow, Stop
from app.domain.calls.call import Step
from app.domain.calls.without_ticket_number import without_ticket_number
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import Desk
from app.domain.health.thresholds import UNACKNOWLEDGED_FOR
from app.domain.numbers import parse_number
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import CallSimulation, RingResult, SimulationFacts
from app.domain.texts.message import Message
from app.voice_prompts import texts
from tests.support.call_out_facts import CallOutsOnFacts
from tests.support.shipped_desks import DESKS, desk_of, oslo, shipped
from tests.support.walk_call_outs import walk_call_outs

DUTY, NURSING_HOME = "+4720000210", "+4749002001"
NIGHT = oslo("2026-11-21 23:10")
AN_HOUR_ON = oslo("2026-11-22 00:10")

MOMENTS = ("2026-11-18 10:00", "2026-11-18 15:45", "2026-11-21 23:10", "2026-12-24 13:00")
KEYS = (
    ("1", "speak 20"),
    ("1", "-"),
    ("1", "1", "speak 20"),
    ("2", "speak 20"),
    ("3", "1", "speak 20"),
    ("#", "1", "1", "speak 20"),
    ("0", "speak 20"),
    ("-", "-", "-", "speak 20"),
)
RINGING = ("no_answer", "passed", "busy")
ROUNDS = (CallOutPolicy(), CallOutPolicy(0, 0), CallOutPolicy(5, 3))


def changed(facts: SimulationFacts, call_outs: CallOutPolicy, *, contacts: bool) -> SimulationFacts:
    """The same desk with other call-outs, and perhaps without anybody to alert."""
    desk = desk_of(facts)
    duty = replace(desk.duty, call_outs=call_outs) if desk.duty else None
    known = desk.contacts if contacts else ()
    return replace(facts, desk=replace(desk, duty=duty, contacts=known))


def simulated(
    facts: SimulationFacts,
    line: str,
    at: datetime,
    keys: tuple[str, ...],
    status: str = "no_answer",
) -> tuple[Transcript, NextCallOut | None]:
    """A call, and what the rules of the call-outs then say."""
    house = CallOutsOnFacts(facts)
    ringing = [RingResult(status)]
    transcript = CallSimulation(house, line, parse_number(NURSING_HOME), at, keys, ringing).run()
    ticket = transcript.call.ticket
    if ticket is None or not ticket.is_urgent:
        return transcript, None
    return transcript, walk_call_outs(house, transcript, ()).next


def said(transcript: Transcript) -> list[Message]:
    """What the caller heard in the last turn, after the last key or message."""
    return [line.what for line in transcript.lines if isinstance(line.what, Message)]


def last_turn(transcript: Transcript) -> list[str]:
    return [message.key for message in transcript.decisions[-1].instruction.says]  # type: ignore[union-attr]


def expected(desk: Desk, transcript: Transcript, step: NextCallOut | None) -> set[str]:
    """The sentences of which one must end the call: from what the policy does, not from what
    the sentences were made of."""
    at_the_desk = {"promise_by", "promise_open", "follows_waits"}
    if step is None:
        return at_the_desk
    alerted = {"follows_contacts", "follows_contacts_now"} if desk.contacts else at_the_desk
    match step:
        case RingNow():
            ended_at, at = transcript.call.ended_at, transcript.next_at
            soon = ended_at is not None and at is not None and at <= ended_at + PAUSE
            return {"call_outs_begin", "keep_phone_free"} if soon else {"call_outs_from"} | alerted
        case Escalate() | Stop():
            return alerted
        case _:
            raise AssertionError(step)


def every_ending() -> Iterator[tuple[SimulationFacts, str, datetime, tuple[str, ...], str]]:
    for desk in DESKS:
        for call_outs in ROUNDS:
            for contacts in (True, False):
                facts = changed(shipped(desk), call_outs, contacts=contacts)
                for line in desk_of(facts).lines:
                    for at in MOMENTS:
                        for keys in KEYS:
                            for status in RINGING:
                                yield facts, line.number, oslo(at), keys, status


def test_every_call_that_ends_with_a_ticket_says_last_what_is_then_done() -> None:
    seen: dict[str, int] = {}
    for facts, line, at, keys, status in every_ending():
        transcript, step = simulated(facts, line, at, keys, status)
        if transcript.call.step is not Step.MESSAGE_TAKEN:
            continue
        last = last_turn(transcript)[-1]
        assert last in expected(desk_of(facts), transcript, step), (
            line,
            at,
            keys,
            last_turn(transcript),
        )
        seen[last] = seen.get(last, 0) + 1
        if last == "follows_contacts" and isinstance(step, Stop):
            told_at = dict(said(transcript)[-1].values)["at"]
            assert isinstance(told_at, datetime)
            assert UNACKNOWLEDGED_FOR <= told_at - at < UNACKNOWLEDGED_FOR + timedelta(minutes=2)
    assert set(seen) >= {
        "keep_phone_free",
        "follows_contacts",
        "follows_contacts_now",
        "promise_by",
        "promise_open",
        "follows_waits",
    }


def test_nobody_on_the_duty_line_answers_and_the_caller_hears_of_the_rounds_and_the_alarm() -> None:
    transcript, step = simulated(shipped("brukarstotte"), DUTY, NIGHT, ("1", "speak 20"))
    assert isinstance(step, RingNow)
    assert transcript.call.ended_at
    assert transcript.next_at == transcript.call.ended_at + PAUSE
    heard = {message.key: dict(message.values) for message in said(transcript)}
    assert "promise_open" not in heard, "not Monday at eight: the duty is called again tonight"
    until = heard["follows_call_outs"]["until"]
    assert isinstance(until, datetime)
    assert timedelta(0) <= until - AN_HOUR_ON < timedelta(minutes=1)
    assert last_turn(transcript) == ["message_taken", "call_outs_begin", "keep_phone_free"]


@pytest.mark.parametrize(
    ("call_outs", "contacts", "before_the_tone", "last"),
    [
        (CallOutPolicy(), False, "follows_call_outs_only", "keep_phone_free"),
        (CallOutPolicy(0, 0), True, "follows_contacts_now", "follows_contacts_now"),
        (CallOutPolicy(0, 0), False, "promise_open", "promise_open"),
    ],
)
def test_without_rounds_or_contacts_nothing_is_said_of_them(
    call_outs: CallOutPolicy, contacts: bool, before_the_tone: str, last: str
) -> None:
    facts = changed(shipped("brukarstotte"), call_outs, contacts=contacts)
    transcript, _ = simulated(facts, DUTY, NIGHT, ("1", "speak 20"))
    keys = [message.key for message in said(transcript)]
    assert keys[keys.index("speak_after_tone") - 1] == before_the_tone
    assert keys[-1] == last


def test_while_the_database_is_away_no_round_is_promised_for_the_next_minutes() -> None:
    transcript, _ = simulated(shipped("brukarstotte"), DUTY, NIGHT, ("1", "speak 20"))
    alone = without_ticket_number(transcript.decisions[-1].instruction, sent=True)
    keys = [message.key for message in alone.says]  # type: ignore[union-attr]
    assert keys == ["message_taken", "follows_offline"]


def test_a_withheld_number_is_asked_for_and_no_call_back_is_promised() -> None:
    house = CallOutsOnFacts(shipped("brukarstotte"))
    withheld, keys = parse_number("anonymous"), ("1", "speak 20")
    transcript = CallSimulation(house, DUTY, withheld, NIGHT, keys, [RingResult("no_answer")]).run()
    heard = [message.key for message in said(transcript)]
    assert "say_your_number" in heard
    assert "keep_phone_free" not in heard


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_sentence_names_until_when_in_every_language(language: str) -> None:
    message = Message("follows_call_outs", language, (("until", AN_HOUR_ON),))
    words = texts().render(message, now=NIGHT, time_zone="Europe/Oslo", spoken=False)
    assert "10" in words
