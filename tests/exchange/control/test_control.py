"""The control API and people who act by hand."""

from typing import Any

import pytest
import requests

from exchange.exchange import Exchange
from tests.exchange.a_dial import dialing
from tests.exchange.a_product import Product, doc
from tests.exchange.conftest import CALLER, DUTY, LINE, Connect
from tests.exchange.the_sdk import until


class Hand:
    """A human being with the control API."""

    def __init__(self, exchange: Exchange, **headers: str) -> None:
        self._base = exchange.address + "/exchange"
        self._headers = headers

    def ask(self, method: str, path: str, **body: object) -> Any:
        answer = requests.request(
            method, self._base + path, json=body or None, headers=self._headers, timeout=90
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, **body: object) -> int:
        return requests.request(
            method, self._base + path, json=body or None, headers=self._headers, timeout=90
        ).status_code

    def events(self, sid: str, kind: str) -> list[dict[str, Any]]:
        return [e for e in self.ask("GET", f"/calls/{sid}")["events"] if e["kind"] == kind]


def test_a_scripted_call_is_placed_and_waited_for(product: Product, connect: Connect) -> None:
    product.pages = {
        "/twilio/voice": doc("<Gather numDigits='1' action='/t'><Say>Hei.</Say></Gather>"),
        "/t": doc("<Hangup/>"),
    }
    hand = Hand(connect())
    at = "2026-11-21T23:10:00+01:00"
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE, "at": at, "keys": "1"})["sid"]
    call = hand.ask("GET", f"/calls/{sid}?wait=60")
    assert (call["ended"], call["status"]) == (True, "completed")
    assert [e["kind"] for e in call["events"]] == ["turn", "hears", "presses", "turn", "ends"]
    assert call["events"][0]["moment"] == "2026-11-21T22:10:00+00:00"
    assert call["events"][0]["ms"] > 0
    effort = hand.ask("GET", f"/calls/{sid}/effort")
    assert (effort["keys"], effort["rang"], effort["texts"]) == (1, False, ["Hei."])


def test_a_human_caller_and_a_human_on_duty_meet(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    menu = doc("<Gather numDigits='1' timeout='60' action='/menu'><Say>Trykk 1.</Say></Gather>")
    product.pages["/menu"], product.pages["/twilio/voice"] = product.pages["/twilio/voice"], menu
    hand = Hand(connect(personas={DUTY: "human"}, speed=1))
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE, "live": True})["sid"]
    until(lambda: hand.events(sid, "hears"))
    hand.ask("POST", f"/calls/{sid}/press", keys="1")
    until(lambda: hand.events(sid, "rings"))
    leg = hand.events(sid, "rings")[0]["leg"]
    hand.ask("POST", f"/legs/{leg}/answer")
    until(lambda: hand.events(sid, "whisper_hears"))
    hand.ask("POST", f"/legs/{leg}/press", keys="1")
    until(lambda: any(turn["url"].endswith("/leg/key") for turn in hand.events(sid, "turn")))
    hand.ask("POST", f"/legs/{leg}/hangup")
    call = hand.ask("GET", f"/calls/{sid}?wait=60")
    assert call["ended"]
    assert [e["ended_by"] for e in call["events"] if e["kind"] == "talks"] == ["callee"]
    assert product.asked("/dialled")[0]["DialBridged"] == "true"
    assert hand.ask("GET", "/debugger") == []


def test_a_human_on_duty_may_decline(product: Product, connect: Connect) -> None:
    product.pages = dialing(DUTY)
    hand = Hand(connect(personas={DUTY: "human"}))
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE})["sid"]
    until(lambda: hand.events(sid, "rings"))
    hand.ask("POST", f"/legs/{hand.events(sid, 'rings')[0]['leg']}/decline")
    assert hand.ask("GET", f"/calls/{sid}?wait=60")["ended"]
    assert product.asked("/dialled")[0]["DialCallStatus"] == "busy"


def test_a_human_caller_leaves_a_message(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Record action='/recorded' timeout='1'/>")}
    hand = Hand(connect(speed=10))
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE, "live": True})["sid"]
    hand.ask("POST", f"/calls/{sid}/speak", seconds=6)
    assert hand.ask("GET", f"/calls/{sid}?wait=60")["ended"]
    assert 6 <= int(product.asked("/recorded")[0]["RecordingDuration"]) < 600, "silence ended it"


def test_events_are_waited_for_as_they_come(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Gather timeout='60'><Say>Hei.</Say></Gather>")}
    hand = Hand(connect(speed=1))
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE, "live": True})["sid"]
    until(lambda: hand.events(sid, "hears"))
    seen = hand.ask("GET", f"/calls/{sid}")["count"]
    hand.ask("POST", f"/calls/{sid}/hangup")
    news = hand.ask("GET", f"/calls/{sid}?after={seen}&wait=60")
    assert news["events"][0]["kind"] == "hangs_up"


def test_personas_faults_and_the_debugger_can_be_set(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice/fallback": doc("<Hangup/>")}
    hand = Hand(connect())
    assert hand.ask("PUT", "/personas", **{DUTY: ["no_answer", "accepts"]}) == {
        DUTY: ["no_answer", "accepts"]
    }
    hand.ask("PUT", "/faults", webhooks=[{"how": "status", "match": "/twilio/voice"}])
    sid = hand.ask("POST", "/calls", **{"from": CALLER, "to": LINE})["sid"]
    hand.ask("GET", f"/calls/{sid}?wait=60")
    assert [alert["code"] for alert in hand.ask("GET", "/debugger")] == ["11200"]
    hand.ask("DELETE", "/debugger")
    status = hand.ask("GET", "/status")
    assert (status["alerts"], status["calls"]) == (0, {"completed": 1})


def test_one_call_may_have_a_speed_of_its_own(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Pause length='600'/>")}
    hand = Hand(connect(speed=1))
    order = {"from": CALLER, "to": LINE, "speed": 0}
    assert hand.ask("GET", f"/calls/{hand.ask('POST', '/calls', **order)['sid']}?wait=60")["ended"]
    assert hand.refused("POST", "/calls", **{**order, "speed": 0.5}) == 400


def test_messages_go_both_ways(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/sms": doc("<Message>Ring oss.</Message>")}
    hand = Hand(connect())
    hand.ask("POST", "/sms", **{"from": CALLER, "to": LINE, "body": "Hei"})
    told = [(m["direction"], m["body"]) for m in hand.ask("GET", "/messages")]
    assert told == [("inbound", "Hei"), ("outbound-reply", "Ring oss.")]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/calls", {"from": CALLER}, 400),
        ("/calls", {"from": CALLER, "to": "+4720009999"}, 400),
        ("/calls", {"from": CALLER, "to": LINE, "script": "hei"}, 400),
        ("/calls", {"from": CALLER, "to": LINE, "at": "2026-11-21T23:10"}, 400),
        ("/calls", {"from": CALLER, "to": LINE, "faults": {"storms": 1}}, 400),
        ("/calls/CA0/press", {"keys": "1"}, 404),
        ("/sms", {"from": CALLER, "to": "+4720009999", "body": "Hei"}, 400),
    ],
)
def test_what_cannot_be_done_is_refused(
    connect: Connect, path: str, body: dict[str, object], status: int
) -> None:
    exchange = connect()
    assert Hand(exchange).refused("POST", path, **body) == status
    assert exchange.network.calls.all() == []  # nobody waits for what never began


def test_with_a_secret_only_who_knows_it_may_control(connect: Connect) -> None:
    exchange = connect(secret="open sesame")
    assert Hand(exchange).refused("GET", "/status") == 403
    assert Hand(exchange, **{"X-Exchange-Secret": "open sesame"}).ask("GET", "/status")
