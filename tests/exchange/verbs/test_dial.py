"""Dial by the rules: who wins, who hears the whisper, what the action is told."""

import pytest

from exchange.exchange import Exchange
from exchange.records.transcript import Kind
from tests.exchange.a_dial import dialing
from tests.exchange.a_product import Product, doc
from tests.exchange.conftest import BACKUP, CALLER, DUTY, LINE, Connect


def phone(exchange: Exchange, script: str = "") -> str:
    sid = exchange.call(CALLER, LINE, script=script)
    exchange.wait(sid)
    return sid


def test_the_duty_presses_one_and_the_two_talk(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: {"persona": "accepts", "talks": 95}})
    sid = phone(exchange)
    (action,) = product.asked("/dialled")
    assert action["DialCallStatus"] == "completed"
    assert action["DialBridged"] == "true"
    assert action["CallStatus"] == "completed"
    (leg,) = exchange.network.calls.legs_of(sid)
    assert action["DialCallSid"] == leg.sid
    assert int(action["DialCallDuration"]) == leg.duration > 95
    (talk,) = [e for e in exchange.events(sid) if e.kind is Kind.TALKS]
    assert talk.facts["seconds"] == 95
    assert exchange.alerts() == ()


def test_the_leg_tells_its_own_story_in_four_callbacks(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "accepts"})
    sid = phone(exchange)
    told = product.asked("/leg/status")
    statuses = ["initiated", "ringing", "in-progress", "completed"]
    assert [one["CallStatus"] for one in told] == statuses
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert {one["ParentCallSid"] for one in told} == {sid}
    assert {(one["From"], one["To"], one["Direction"]) for one in told} == {
        (LINE, DUTY, "outbound-dial")
    }
    assert all("Timestamp" in one for one in told)
    (whisper,) = product.asked("/leg/whisper")
    assert whisper["CallSid"] == told[0]["CallSid"] != sid


@pytest.mark.parametrize(
    ("persona", "status", "bridged"),
    [
        ("accepts", "completed", "true"),
        ("slow_accept", "completed", "true"),
        ("repeats", "completed", "true"),
        ("passes", "completed", "false"),
        ("sleeper", "completed", "false"),
        ("voicemail", "completed", "false"),
        ("drops", "completed", "false"),
        ("no_answer", "no-answer", "false"),
        ("busy", "busy", "false"),
        ("failed", "failed", "false"),
    ],
)
def test_every_persona_ends_as_the_network_would_tell_it(
    product: Product, connect: Connect, persona: str, status: str, bridged: str
) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: persona})
    phone(exchange)
    (action,) = product.asked("/dialled")
    assert (action["DialCallStatus"], action["DialBridged"]) == (status, bridged)
    assert product.asked("/leg/status")[-1]["CallStatus"] == status
    assert exchange.alerts() == ()


def test_the_first_who_answers_wins_even_when_it_is_a_voicemail(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY, BACKUP)
    personas = {DUTY: {"persona": "accepts", "rings": 20}, BACKUP: "voicemail"}
    exchange = connect(personas=personas)
    sid = phone(exchange)
    ends = {
        e.facts["number"]: e.facts["status"] for e in exchange.events(sid) if e.kind is Kind.LEG_END
    }
    assert ends == {DUTY: "canceled", BACKUP: "completed"}
    assert product.asked("/dialled")[0]["DialBridged"] == "false"
    assert len(product.asked("/leg/whisper")) == 1


def test_nobody_answers_for_the_time_out_and_the_five_seconds_added(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "no_answer"})
    sid = phone(exchange)
    rang = next(e for e in exchange.events(sid) if e.kind is Kind.RINGS)
    end = next(e for e in exchange.events(sid) if e.kind is Kind.LEG_END)
    assert end.at - rang.at == 30
    assert "DialCallDuration" not in product.asked("/dialled")[0]


def test_a_caller_who_hangs_up_while_it_rings_is_still_told_of(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "no_answer"})
    sid = phone(exchange, "ring-hangup@8")
    (action,) = product.asked("/dialled")
    assert (action["DialCallStatus"], action["CallStatus"]) == ("canceled", "completed")
    assert product.asked("/leg/status")[-1]["CallStatus"] == "canceled"
    assert [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS] == []
    assert len(product.asked("/twilio/status")) == 1


def test_a_caller_who_hangs_up_in_the_whisper_leaves_it_unfinished(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: "sleeper"})
    phone(exchange, "ring-hangup@10")
    (action,) = product.asked("/dialled")
    assert (action["DialCallStatus"], action["DialBridged"]) == ("completed", "false")
    assert product.asked("/leg/key") == []


def test_the_caller_is_still_there_when_the_duty_hangs_up_first(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    persona = {"persona": "accepts", "talks": 30, "ends_talk": "callee"}
    exchange = connect(personas={DUTY: persona})
    sid = phone(exchange)
    assert product.asked("/dialled")[0]["CallStatus"] == "in-progress"
    heard = [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]
    assert heard == ["Ingen svarte."]


def test_the_time_limit_ends_a_talk(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY, attributes="timeLimit='20'")
    exchange = connect(personas={DUTY: "accepts"})
    sid = phone(exchange)
    (talk,) = [e for e in exchange.events(sid) if e.kind is Kind.TALKS]
    assert (talk.facts["seconds"], talk.facts["ended_by"]) == (20, "limit")


def test_a_whisper_that_falls_off_its_end_bridges_even_a_voicemail(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    product.pages["/leg/whisper"] = doc("<Gather numDigits='1'><Say>Trykk 1.</Say></Gather>")
    exchange = connect(personas={DUTY: "voicemail"})
    phone(exchange)
    assert product.asked("/dialled")[0]["DialBridged"] == "true"


def test_numbers_in_sequence_show_the_last_result_only(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY, BACKUP, attributes="sequential='true'")
    exchange = connect(personas={DUTY: "no_answer", BACKUP: "busy"})
    sid = phone(exchange)
    rang = [e.facts["number"] for e in exchange.events(sid) if e.kind is Kind.RINGS]
    assert rang == [DUTY, BACKUP]
    (action,) = product.asked("/dialled")
    assert action["DialCallStatus"] == "busy"


def test_without_an_action_the_next_verb_follows(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc(f"<Dial>{DUTY}</Dial><Say>Ingen svarte.</Say>")}
    exchange = connect(personas={DUTY: "busy"})
    sid = phone(exchange)
    heard = [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]
    assert heard == ["Ingen svarte."]


@pytest.mark.parametrize(("number", "code"), [("112", "13225"), ("tulling", "13223")])
def test_what_must_not_be_dialled_is_not(
    product: Product, connect: Connect, number: str, code: str
) -> None:
    product.pages = dialing(number)
    exchange = connect(default_persona="accepts")
    sid = phone(exchange)
    assert product.asked("/dialled")[0]["DialCallStatus"] == "failed"
    assert exchange.network.calls.legs_of(sid) == []
    assert [alert.code for alert in exchange.alerts()] == [code]


def test_a_list_of_personas_is_used_up_one_an_attempt(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    exchange = connect(personas={DUTY: ["no_answer", "accepts"]})
    for _ in range(3):
        phone(exchange)
    bridged = [action["DialBridged"] for action in product.asked("/dialled")]
    assert bridged == ["false", "true", "true"]


def test_only_the_wanted_callbacks_are_sent(product: Product, connect: Connect) -> None:
    number = f"<Number statusCallback='/leg/status'>{DUTY}</Number>"
    product.pages = {"/twilio/voice": doc(f"<Dial>{number}</Dial>")}
    exchange = connect(personas={DUTY: "no_answer"})
    phone(exchange)
    assert [one["CallStatus"] for one in product.asked("/leg/status")] == ["no-answer"]


def test_only_what_comes_before_the_first_ring_is_the_callers_effort(
    product: Product, connect: Connect
) -> None:
    product.pages = dialing(DUTY)
    menu = doc("<Gather numDigits='1' action='/menu'><Say>Kritisk? Trykk 1.</Say></Gather>")
    product.pages["/menu"], product.pages["/twilio/voice"] = product.pages["/twilio/voice"], menu
    exchange = connect(personas={DUTY: "passes"}, chars_per_second=10)
    effort = exchange.effort(phone(exchange, "1"))
    assert (effort.keys, effort.rang, effort.texts) == (1, True, ("Kritisk? Trykk 1.",))
    assert effort.full_seconds == effort.heard_seconds == 1.7
