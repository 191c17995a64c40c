"""`vakt preflight --live`: a real call and a real SMS to one number, which asks for a key."""

import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from exchange.exchange import Exchange
from exchange.records.transcript import Kind
from tests.cli.a_night import LINE, Night
from tests.cli.a_terminal import Done
from tests.end_to_end.processes import wait_until

pytestmark = pytest.mark.real_clock


VAKT_2, VAKT_1_HOME = "+4749002702", "+4720002701"
NOBODYS = "+4749009999"


def try_out(night: Night, exchange: Exchange, number: str = VAKT_2, *words: str) -> Done:
    return night.look("--live", number, "--yes", *words, TWILIO_API_URL=exchange.address)


def beside(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def replies(exchange: Exchange, number: str, body: str) -> None:
    """Somebody answers the SMS as soon as the network has told that it is delivered."""

    def reply() -> None:
        wait_until(lambda: bool(exchange.messages(to=number)), "an SMS comes")
        assert exchange.messages(to=number)[0].settled.wait(60)
        exchange.text(number, LINE, body)

    beside(reply)


def heard(exchange: Exchange) -> list[str]:
    [call] = exchange.network.calls.all()
    exchange.wait(call.sid)
    events = exchange.events(call.sid)
    return [str(event.facts["text"]) for event in events if event.kind is Kind.HEARS]


def untried(done: Done) -> bool:
    return f"{VAKT_2} has not answered" in done.out


def test_who_presses_1_and_replies_1_is_tried_from_then_on(night: Night) -> None:
    exchange = night.connect(personas={VAKT_2: "accepts"}, speed=0)
    replies(exchange, VAKT_2, " 1\n")

    done = try_out(night, exchange)

    assert done.code == 0, done.out + done.err
    assert "\nLive\n" in done.out
    assert f"  ok      {VAKT_2} answered with a key: it counts as verified\n" in done.out
    assert f"  ok      the SMS to {VAKT_2} arrived, and its reply here\n" in done.out
    assert f"ringing {VAKT_2} from {LINE}\n" in done.err
    for step in ("1 was pressed", "the SMS is delivered", "the reply has come"):
        assert done.err.count(f"{step}\n") == 1
    assert heard(exchange) == [
        "Dette er ein test frå Brukarstøtte. Trykk 1 for å vise at du høyrer oss.",
        "Takk, vi når deg. Ingenting anna har hendt.",
    ]
    wait_until(lambda: len(exchange.messages(to=VAKT_2)) == 2, "the reply is answered")
    [asked, thanked] = [message.body for message in exchange.messages(to=VAKT_2)]
    assert asked == "Brukarstøtte: Dette er ein test. Svar 1 for å vise at han kom fram."
    assert thanked.startswith("Brukarstøtte: Takk, svaret ditt kom fram.")
    assert exchange.alerts() == ()
    assert untried(done)
    assert not untried(night.look(TWILIO_API_URL=exchange.address))


STORIES = [
    ("sleeper", "was answered, but no key came: nobody would have taken the call"),
    ("voicemail", "was answered, but no key came"),
    ({"persona": "accepts", "answers": ["2", "5", "#", "1"]}, "was answered, but no key came"),
    ("drops", "was answered, but no key came"),
    ("no_answer", "did not answer: no-answer"),
    ("busy", "did not answer: busy"),
    ("failed", "cannot be reached"),
]


@pytest.mark.parametrize(("persona", "words"), STORIES, ids=lambda each: str(each)[:12])
def test_who_does_not_press_1_is_not_tried(night: Night, persona: Any, words: str) -> None:
    faults = {"sms": {VAKT_2: {"status": "undelivered", "error_code": 30003}}}
    exchange = night.connect(personas={VAKT_2: persona}, speed=0, faults=faults)

    done = try_out(night, exchange)

    assert done.code == 1
    assert f"  error   {VAKT_2} {words}" in done.out
    assert f"  error   the SMS to {VAKT_2} was not delivered\n" in done.out
    assert untried(night.look(TWILIO_API_URL=exchange.address))


def test_another_key_is_asked_again_and_the_right_one_counts(night: Night) -> None:
    person = {"persona": "accepts", "answers": ["2", "-", "1"]}
    exchange = night.connect(personas={VAKT_1_HOME: person}, speed=0)

    done = try_out(night, exchange, VAKT_1_HOME)

    assert done.code == 0, done.out
    assert f"ok      {VAKT_1_HOME} answered with a key" in done.out
    assert f"ok      {VAKT_1_HOME} is not a mobile telephone: it gets no SMS" in done.out
    assert len(heard(exchange)) == 4
    assert exchange.messages() == []


def test_a_reply_that_never_comes_is_a_warning_when_the_time_is_up(night: Night) -> None:
    exchange = night.connect(personas={VAKT_2: "accepts"}, speed=0)
    replies(exchange, VAKT_2, "Ja, eg ser ho")
    done = try_out(night, exchange, VAKT_2, "--wait", "15")  # as long as its delivery may take
    assert done.code == 0, done.out
    assert f"warning the SMS to {VAKT_2} was delivered, but no reply has come\n" in done.out
    wait_until(lambda: len(exchange.messages(to=VAKT_2)) == 2, "the usual answer comes")
    assert "Skriv VAKT" in exchange.messages(to=VAKT_2)[1].body


def test_a_call_and_an_sms_that_the_provider_refuses(night: Night) -> None:
    calls = {"status": 400, "code": 21215, "match": "Calls", "times": 0}
    texts = {"status": 400, "code": 21408, "match": "Messages", "times": 0}
    exchange = night.connect(faults={"rest": [calls, texts]}, speed=0)
    done = try_out(night, exchange)
    assert done.code == 1
    assert f"error   {VAKT_2} could not be rung: error 21215\n" in done.out
    assert f"error   no SMS could be sent to {VAKT_2}: error 21408\n" in done.out


def test_a_house_that_the_provider_cannot_reach_is_told(night: Night) -> None:
    exchange = night.connect(personas={VAKT_2: "accepts"}, speed=0)
    own = {"PUBLIC_URL": "http://127.0.0.1:9", "TWILIO_API_URL": exchange.address}
    done = night.look("--live", VAKT_2, "--yes", "--wait", "1", **own)
    assert f"error   {VAKT_2}: the provider never reported how the call went\n" in done.out
    assert "at PUBLIC_URL?" in done.out
    assert done.code == 1


def test_nobody_is_rung_without_a_yes_nor_whom_no_desk_knows(night: Night) -> None:
    faults = {"sms": {"*": {"status": "undelivered", "error_code": 30003}}}
    exchange = night.connect(personas={NOBODYS: "accepts"}, speed=0, faults=faults)
    unasked = night.look("--live", VAKT_2, TWILIO_API_URL=exchange.address)
    assert unasked.code == 1
    assert f"Ring Vakt 2 of Brukarstøtte, {VAKT_2}, from {LINE} now?" in unasked.err
    stranger = night.look("--live", NOBODYS, TWILIO_API_URL=exchange.address)
    assert f"{NOBODYS} is not in the roster, first line or contacts of any desk" in stranger.err
    assert stranger.code == 1
    assert exchange.network.calls.all() == []
    for wrong in ("112", "+47112", "hei"):
        refused = night.look("--live", wrong, TWILIO_API_URL=exchange.address)
        assert (refused.code, "is not a telephone number" in refused.err) == (2, True)

    done = try_out(night, exchange, NOBODYS)
    assert f"ok      {NOBODYS} answered with a key" in done.out


def test_ctrl_c_ends_the_waiting_and_the_ringing(night: Night) -> None:
    exchange = night.connect(personas={VAKT_2: "human"}, speed=1, patience=20)
    rang = lambda: [c for c in exchange.network.calls.all() if c.status == "ringing"]  # noqa: E731
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        wait_until(lambda: bool(rang()), "it rings")
        wait_until(lambda: bool(exchange.messages(to=VAKT_2)), "the SMS is sent")
        assert exchange.messages(to=VAKT_2)[0].settled.wait(60)
        signal.pthread_kill(main, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is off
    beside(interrupt)
    try:
        done = try_out(night, exchange)
    finally:
        signal.signal(signal.SIGINT, before)

    assert "stopped: not waiting any longer" in done.err
    assert f"warning {VAKT_2}: no key came before the waiting was stopped\n" in done.out
    [call] = exchange.network.calls.all()
    assert exchange.wait(call.sid).status in ("canceled", "completed")
    assert call.answered_at is None
