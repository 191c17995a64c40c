"""The last thing a caller hears is what the product then does, however the call ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.call import Call, Place
from app.domain.decision import Sentence
from app.domain.desk import Desk, Rounds
from app.domain.findings import UNTAKEN_FOR
from app.domain.people import parse_number
from app.domain.round_house import OnFacts
from app.domain.rounds_due import PAUSE, NextRound, Then
from app.domain.walk import Facts, RingResult, Told, Walk
from app.domain.walk_rounds import walk_rounds
from app.domain.without_number import without_number
from app.voice_prompts import texts
from tests.desks import DESKS, desk_of, oslo, shipped

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
ROUNDS = (Rounds(), Rounds(0, 0), Rounds(5, 3))


def changed(facts: Facts, rounds: Rounds, *, contacts: bool) -> Facts:
    """The same desk with other rounds, and perhaps without anybody to alert."""
    desk = desk_of(facts)
    duty = replace(desk.duty, rounds=rounds) if desk.duty else None
    known = desk.contacts if contacts else ()
    return replace(facts, desk=replace(desk, duty=duty, contacts=known))


def walked(
    facts: Facts, line: str, at: datetime, keys: tuple[str, ...], status: str = "no_answer"
) -> tuple[Told, NextRound | None]:
    """A call, and what the rules of the rounds then say."""
    house = OnFacts(facts)
    ringing = [RingResult(status)]
    told = Walk(house, line, parse_number(NURSING_HOME), at, keys, ringing).run()
    ticket = told.call.ticket
    if ticket is None or not ticket.is_urgent:
        return told, None
    return told, walk_rounds(house, told, ()).next


def said(told: Told) -> list[Sentence]:
    """What the caller heard in the last turn, after the last key or message."""
    return [line.what for line in told.lines if isinstance(line.what, Sentence)]


def last_turn(told: Told) -> list[str]:
    return [sentence.key for sentence in told.decisions[-1].script.says]  # type: ignore[union-attr]


def expected(desk: Desk, call: Call, step: NextRound | None) -> set[str]:
    """The sentences of which one must end the call: from what the policy does, not from what
    the sentences were made of."""
    at_the_desk = {"promise_by", "promise_open", "follows_waits"}
    if step is None:
        return at_the_desk
    alerted = {"follows_contacts", "follows_contacts_now"} if desk.contacts else at_the_desk
    match step.then:
        case Then.BEGIN:
            soon = call.ended_at is not None and step.at <= call.ended_at + PAUSE
            return {"rounds_begin", "keep_phone_free"} if soon else {"rounds_from"} | alerted
        case Then.ALARM | Then.LEAVE:
            return alerted
        case _:
            raise AssertionError(step)


def every_ending() -> Iterator[tuple[Facts, str, datetime, tuple[str, ...], str]]:
    for desk in DESKS:
        for rounds in ROUNDS:
            for contacts in (True, False):
                facts = changed(shipped(desk), rounds, contacts=contacts)
                for line in desk_of(facts).lines:
                    for at in MOMENTS:
                        for keys in KEYS:
                            for status in RINGING:
                                yield facts, line.number, oslo(at), keys, status


def test_every_call_that_ends_with_a_ticket_says_last_what_is_then_done() -> None:
    seen: dict[str, int] = {}
    for facts, line, at, keys, status in every_ending():
        told, step = walked(facts, line, at, keys, status)
        if told.call.place is not Place.MESSAGE_TAKEN:
            continue
        last = last_turn(told)[-1]
        assert last in expected(desk_of(facts), told.call, step), (line, at, keys, last_turn(told))
        seen[last] = seen.get(last, 0) + 1
        if last == "follows_contacts" and step and step.then is Then.LEAVE:
            told_at = dict(said(told)[-1].values)["at"]
            assert isinstance(told_at, datetime)
            assert UNTAKEN_FOR <= told_at - at < UNTAKEN_FOR + timedelta(minutes=2)
    assert set(seen) >= {
        "keep_phone_free",
        "follows_contacts",
        "follows_contacts_now",
        "promise_by",
        "promise_open",
        "follows_waits",
    }


def test_nobody_on_the_duty_line_answers_and_the_caller_hears_of_the_rounds_and_the_alarm() -> None:
    told, step = walked(shipped("brukarstotte"), DUTY, NIGHT, ("1", "speak 20"))
    assert step
    assert (step.then, step.at) == (Then.BEGIN, told.call.ended_at and told.call.ended_at + PAUSE)
    heard = {sentence.key: dict(sentence.values) for sentence in said(told)}
    assert "promise_open" not in heard, "not Monday at eight: the duty is called again tonight"
    until = heard["follows_rounds"]["until"]
    assert isinstance(until, datetime)
    assert timedelta(0) <= until - AN_HOUR_ON < timedelta(minutes=1)
    assert last_turn(told) == ["message_taken", "rounds_begin", "keep_phone_free"]


@pytest.mark.parametrize(
    ("rounds", "contacts", "before_the_tone", "last"),
    [
        (Rounds(), False, "follows_rounds_only", "keep_phone_free"),
        (Rounds(0, 0), True, "follows_contacts_now", "follows_contacts_now"),
        (Rounds(0, 0), False, "promise_open", "promise_open"),
    ],
)
def test_without_rounds_or_contacts_nothing_is_said_of_them(
    rounds: Rounds, contacts: bool, before_the_tone: str, last: str
) -> None:
    facts = changed(shipped("brukarstotte"), rounds, contacts=contacts)
    told, _ = walked(facts, DUTY, NIGHT, ("1", "speak 20"))
    keys = [sentence.key for sentence in said(told)]
    assert keys[keys.index("speak_after_tone") - 1] == before_the_tone
    assert keys[-1] == last


def test_while_the_database_is_away_no_round_is_promised_for_the_next_minutes() -> None:
    told, _ = walked(shipped("brukarstotte"), DUTY, NIGHT, ("1", "speak 20"))
    alone = without_number(told.decisions[-1].script, sent=True)
    keys = [sentence.key for sentence in alone.says]  # type: ignore[union-attr]
    assert keys == ["message_taken", "follows_offline"]


def test_a_withheld_number_is_asked_for_and_no_call_back_is_promised() -> None:
    house = OnFacts(shipped("brukarstotte"))
    withheld, keys = parse_number("anonymous"), ("1", "speak 20")
    told = Walk(house, DUTY, withheld, NIGHT, keys, [RingResult("no_answer")]).run()
    heard = [sentence.key for sentence in said(told)]
    assert "say_your_number" in heard
    assert "keep_phone_free" not in heard


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_sentence_names_until_when_in_every_language(language: str) -> None:
    sentence = Sentence("follows_rounds", language, (("until", AN_HOUR_ON),))
    words = texts().render(sentence, now=NIGHT, time_zone="Europe/Oslo", spoken=False)
    assert "10" in words
