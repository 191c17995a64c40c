"""Dial by the rules: who wins, who hears the whisper, what the action is told."""

import pytest

from app.exchange.exchange import Exchange
from app.exchange.transcript import Kind
from tests.exchange.conftest import BACKUP, CALLER, DUTY, LINE, Connect
from tests.exchange.product import Pages, Product, Request, doc

WHISPER = doc(
    "<Gather numDigits='1' timeout='5' action='/leg/key' actionOnEmptyResult='true'>"
    "<Say>Brukarstøtte, kritisk. Trykk 1 for å ta imot. Saka gjeld nettet på skulen.</Say>"
    "</Gather><Hangup/>"
)


def take_the_call(request: Request) -> str:
    pressed = request.form["Digits"]
    if pressed == "*":
        return WHISPER
    return doc() if pressed == "1" else doc("<Hangup/>")


def dialing(*numbers: str, attributes: str = "") -> Pages:
    events = "statusCallbackEvent='initiated ringing answered completed'"
    legs = "".join(
        f"<Number url='/leg/whisper' statusCallback='/leg/status' {events}>{number}</Number>"
        for number in numbers
    )
    return {
        "/twilio/voice": doc(
            f"<Dial action='/dialled' timeout='25' callerId='{LINE}' {attributes}>{legs}</Dial>"
        ),
        "/leg/whisper": WHISPER,
        "/leg/key": take_the_call,
        "/dialled": doc("<Say>Ingen svarte.</Say>"),
    }


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
    (leg,) = exchange.office.calls.legs_of(sid)
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
