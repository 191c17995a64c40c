"""Queues by the rules: waiting, being fetched, leaving, and what the action is told."""

import threading

from exchange.exchange import Exchange
from exchange.records.transcript import Kind
from tests.exchange.a_product import Product, Request, doc
from tests.exchange.conftest import BACKUP, CALLER, DUTY, LINE, Connect
from tests.exchange.the_sdk import sdk, until

WAITING = "<Enqueue waitUrl='/wait' action='/left'>call-1</Enqueue>"


def fetching(product: Product, exchange: Exchange, number: str = DUTY) -> str:
    """The worker's part: ring somebody who fetches the caller from the queue with key 1."""
    gather = "<Gather numDigits='1' action='/leg/key'><Say>Trykk 1.</Say></Gather><Hangup/>"
    product.pages["/leg"] = doc(gather)
    product.pages["/leg/key"] = doc(
        "<Dial timeout='5' action='/leg/after'><Queue>call-1</Queue></Dial>"
    )
    call = sdk(exchange).calls.create(to=number, from_=LINE, url=product.address + "/leg")
    return str(call.sid)


def test_a_waiting_caller_is_fetched_and_the_action_comes_after_the_talk(
    product: Product, connect: Connect
) -> None:
    product.pages = {
        "/twilio/voice": doc(WAITING),
        "/wait": doc("<Say>Vi ringer vakta.</Say><Pause length='5'/>"),
        "/left": doc("<Say>Takk for samtalen.</Say>"),
    }
    exchange = connect(personas={DUTY: {"persona": "accepts", "talks": 95, "ends_talk": "callee"}})
    sid = exchange.call(CALLER, LINE)
    until(lambda: len(product.asked("/wait")) > 1)
    agent = fetching(product, exchange)
    exchange.wait(agent)
    exchange.wait(sid)
    (left,) = product.asked("/left")
    assert (left["QueueResult"], left["CallStatus"]) == ("bridged", "in-progress")
    (talk,) = [e for e in exchange.events(sid) if e.kind is Kind.TALKS]
    assert (talk.facts["seconds"], talk.facts["ended_by"]) == (95, "agent")
    (after,) = product.asked("/leg/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
    assert after["CallStatus"] == "completed"
    assert after["DialCallSid"] == sid
    assert exchange.alerts() == ()


def test_a_caller_who_ends_the_talk_leaves_the_other_document_to_go_on(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/twilio/voice": doc(WAITING), "/wait": doc("<Pause length='5'/>")}
    product.pages["/leg/after"] = doc("<Say>Innringaren la på.</Say>")
    exchange = connect(personas={DUTY: "accepts"})
    sid = exchange.call(CALLER, LINE, script="talk-hangup@40")
    agent = fetching(product, exchange)
    exchange.wait(agent)
    exchange.wait(sid)
    assert product.asked("/left")[0]["QueueResult"] == "bridged"
    assert product.asked("/left")[0]["CallStatus"] == "completed"
    after = product.asked("/leg/after")[0]
    assert (after["CallStatus"], after["DialCallDuration"]) == ("in-progress", "40")
    heard = [e.facts["text"] for e in exchange.events(agent) if e.kind is Kind.HEARS]
    assert heard[-1] == "Innringaren la på."


def test_wait_documents_are_asked_for_until_one_says_leave(
    product: Product, connect: Connect
) -> None:
    music = doc("<Say>Vent litt.</Say><Pause length='10'/>")
    product.pages = {
        "/twilio/voice": doc(WAITING),
        "/wait": [music, music, doc("<Leave/>")],
        "/left": doc("<Say>Ingen svarte.</Say>"),
    }
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE))
    polls = product.asked("/wait")
    assert [poll["QueuePosition"] for poll in polls] == ["1", "1", "1"]
    assert int(polls[2]["QueueTime"]) > int(polls[1]["QueueTime"]) >= 10
    assert polls[0]["CurrentQueueSize"] == "1"
    assert product.asked("/left")[0]["QueueResult"] == "leave"


def test_a_caller_who_gives_up_in_the_queue_is_told_as_hung_up(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/twilio/voice": doc(WAITING), "/wait": doc("<Pause length='10'/>")}
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE, script="wait-hangup@25"))
    (left,) = product.asked("/left")
    assert (left["QueueResult"], left["CallStatus"], left["QueueTime"]) == (
        "hangup",
        "completed",
        "25",
    )


def test_an_empty_queue_is_waited_for_until_the_dial_times_out(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/leg/after": doc("<Say>Nokon andre tok samtalen.</Say>")}
    exchange = connect(personas={DUTY: "accepts"})
    agent = fetching(product, exchange)
    exchange.wait(agent)
    (after,) = product.asked("/leg/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("no-answer", "false")


def test_of_two_who_accept_only_one_gets_the_caller(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc(WAITING), "/wait": doc("<Pause length='5'/>")}
    exchange = connect(personas={DUTY: "accepts", BACKUP: "accepts"})
    sid = exchange.call(CALLER, LINE)
    until(lambda: product.asked("/wait"))
    agents: list[str] = []
    threads = [
        threading.Thread(target=lambda n=number: agents.append(fetching(product, exchange, n)))
        for number in (DUTY, BACKUP)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for agent in agents:
        exchange.wait(agent)
    exchange.wait(sid)
    bridged = sorted(after["DialBridged"] for after in product.asked("/leg/after"))
    assert bridged == ["false", "true"]
    assert len(product.asked("/left")) == 1


def test_a_call_moved_by_rest_leaves_its_queue(product: Product, connect: Connect) -> None:
    def moved_meanwhile(request: Request) -> str:
        sdk(exchange).calls(request.form["CallSid"]).update(url=product.address + "/moved")
        return doc("<Pause length='10'/>")

    product.pages = {
        "/twilio/voice": doc(WAITING),
        "/wait": moved_meanwhile,
        "/left": doc("<Say>Dette høyrer ingen.</Say>"),
        "/moved": doc("<Say>Du er flytta.</Say>"),
    }
    exchange = connect()
    sid = exchange.call(CALLER, LINE)
    exchange.wait(sid)
    assert product.asked("/left")[0]["QueueResult"] == "redirected"
    heard = [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]
    assert heard == ["Du er flytta."]


def test_who_waits_can_be_seen_over_rest(product: Product, connect: Connect) -> None:
    seen: list[tuple[str | None, int | None]] = []

    def look(_: Request) -> str:
        client = sdk(exchange)
        (queue,) = client.queues.list()
        assert client.queues(str(queue.sid)).fetch().sid == queue.sid
        seen.append((queue.friendly_name, queue.current_size))
        return doc("<Leave/>")

    product.pages = {"/twilio/voice": doc(WAITING), "/wait": look, "/left": doc("<Hangup/>")}
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE))
    assert seen == [("call-1", 1)]
    assert sdk(exchange).queues.list()[0].current_size == 0
