"""The REST API, asked by the official SDK."""

import base64
import io
import urllib.request
import wave
from array import array
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from exchange.records.transcript import Kind
from tests.exchange.a_product import ACCOUNT, TOKEN, Product, doc
from tests.exchange.conftest import BACKUP, CALLER, DUTY, LINE, Connect
from tests.exchange.the_sdk import sdk, until


def test_a_text_message_is_queued_then_sent_then_delivered(
    product: Product, connect: Connect
) -> None:
    exchange = connect()
    message = sdk(exchange).messages.create(
        to=DUTY,
        from_=LINE,
        body="Sak 1042, kritisk.",
        status_callback=product.address + "/sms/status",
    )
    assert (message.status, message.num_segments) == ("queued", "1")
    assert message.sid is not None
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    until(lambda: len(product.asked("/sms/status")) == 2)
    told = product.asked("/sms/status")
    assert [one["MessageStatus"] for one in told] == ["sent", "delivered"]
    assert {one["MessageSid"] for one in told} == {message.sid}
    fetched = sdk(exchange).messages(message.sid).fetch()
    assert fetched.status == "delivered"
    assert fetched.date_sent is not None
    assert fetched.date_sent.tzinfo is not None


def test_a_message_that_cannot_be_delivered_says_why(product: Product, connect: Connect) -> None:
    fates = {"sms": {DUTY: {"status": "undelivered", "error_code": 30003}}}
    exchange = connect(faults=fates)
    url = product.address + "/sms/status"
    sdk(exchange).messages.create(to=DUTY, from_="Vakt", body="Hei", status_callback=url)
    until(lambda: len(product.asked("/sms/status")) == 2)
    last = product.asked("/sms/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")


def test_status_callbacks_of_messages_can_come_twice_and_backwards(
    product: Product, connect: Connect
) -> None:
    exchange = connect(faults={"reorder_callbacks": True, "duplicate_callbacks": 1})
    url = product.address + "/sms/status"
    sdk(exchange).messages.create(to=DUTY, from_=LINE, body="Hei", status_callback=url)
    until(lambda: len(product.asked("/sms/status")) == 4)
    told = [one["MessageStatus"] for one in product.asked("/sms/status")]
    assert told == ["delivered", "delivered", "sent", "sent"]


def test_moving_a_call_out_of_a_dial_still_fires_the_old_action(
    product: Product, connect: Connect
) -> None:
    product.pages = {
        "/twilio/voice": doc(f"<Dial action='/dialled'>{DUTY}</Dial>"),
        "/dialled": doc("<Say>Dette høyrer ingen.</Say>"),
        "/moved": doc("<Say>Du er flytta.</Say>"),
    }
    exchange = connect(personas={DUTY: "human"})
    sid = exchange.call(CALLER, LINE)
    until(lambda: [leg for leg in exchange.network.calls.legs_of(sid) if leg.status == "ringing"])
    sdk(exchange).calls(sid).update(url=product.address + "/moved")
    exchange.wait(sid)
    assert product.asked("/dialled")[0]["DialCallStatus"] == "canceled"
    heard = [e.facts["text"] for e in exchange.events(sid) if e.kind is Kind.HEARS]
    assert heard == ["Du er flytta."]


@pytest.mark.parametrize(
    ("to", "from_", "body", "code"),
    [
        ("49000000", LINE, "Hei", 21211),
        (DUTY, "+4749009999", "Hei", 21606),
        (DUTY, "TooLongSender", "Hei", 21606),
        (DUTY, LINE, "x" * 1601, 21617),
    ],
)
def test_messages_that_are_refused_carry_the_official_number(
    connect: Connect, to: str, from_: str, body: str, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(connect()).messages.create(to=to, from_=from_, body=body)
    assert (refused.value.code, refused.value.status) == (code, 400)


def test_faults_of_the_rest_api_can_be_switched_on(connect: Connect) -> None:
    landline = {"status": 400, "code": 21614, "match": "Messages", "number": DUTY, "times": 0}
    busy = {"status": 429, "code": 20429, "match": "Messages", "number": BACKUP}
    client = sdk(connect(faults={"rest": [landline, busy]}))
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=DUTY, from_=LINE, body="Hei")
        assert refused.value.code == 21614
    with pytest.raises(TwilioRestException) as limited:
        client.messages.create(to=BACKUP, from_=LINE, body="Hei")
    assert limited.value.status == 429
    assert client.messages.create(to=BACKUP, from_=LINE, body="Hei").status == "queued"


def test_only_the_account_and_its_keys_may_ask(connect: Connect) -> None:
    exchange = connect(api_keys={"SK" + "1" * 32: "key-secret"})
    with pytest.raises(TwilioRestException) as refused:
        sdk(exchange, password="wrong").messages.create(to=DUTY, from_=LINE, body="Hei")
    assert (refused.value.code, refused.value.status) == (20003, 401)
    assert sdk(exchange, "SK" + "1" * 32, "key-secret").messages.list() == []


def test_a_placed_call_plays_its_document_to_who_answers(
    product: Product, connect: Connect
) -> None:
    product.pages = {
        "/leg": doc("<Gather numDigits='1' action='/key'><Say>Trykk 1.</Say></Gather>"),
        "/key": doc("<Say>Takk.</Say><Hangup/>"),
    }
    exchange = connect(personas={DUTY: "accepts"})
    call = sdk(exchange).calls.create(
        to=DUTY,
        from_=LINE,
        url=product.address + "/leg",
        status_callback=product.address + "/leg/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        timeout=25,
    )
    assert call.sid is not None
    assert (call.status, call.direction) == ("queued", "outbound-api")
    exchange.wait(call.sid)
    assert product.asked("/key")[0]["Digits"] == "1"
    assert product.asked("/leg")[0]["Direction"] == "outbound-api"
    told = [one["CallStatus"] for one in product.asked("/leg/status")]
    assert told == ["initiated", "ringing", "in-progress", "completed"]
    ended = sdk(exchange).calls(call.sid).fetch()
    assert ended.status == "completed"
    assert ended.end_time is not None
    assert ended.duration == str(exchange.find(call.sid).duration)


def test_a_document_given_in_full_needs_absolute_addresses(
    product: Product, connect: Connect
) -> None:
    product.pages = {"/key": doc("<Hangup/>")}
    exchange = connect(personas={DUTY: "accepts"})
    for action in (product.address + "/key", "/key"):
        twiml = doc(f"<Gather numDigits='1' action='{action}'><Say>Trykk 1.</Say></Gather>")
        call = sdk(exchange).calls.create(to=DUTY, from_=LINE, twiml=twiml)
        assert call.sid is not None
        exchange.wait(call.sid)
    assert len(product.asked("/key")) == 1
    assert [alert.code for alert in exchange.alerts()] == ["11100"]


def test_a_ringing_call_can_be_cancelled_and_a_finished_one_cannot(
    product: Product, connect: Connect
) -> None:
    exchange = connect(personas={DUTY: "human"}, speed=1)
    client = sdk(exchange)
    url = product.address + "/leg"
    sid = str(client.calls.create(to=DUTY, from_=LINE, url=url).sid)
    until(lambda: client.calls(sid).fetch().status == "ringing")
    client.calls(sid).update(status="canceled")
    assert exchange.wait(sid).status == "canceled"
    with pytest.raises(TwilioRestException) as refused:
        client.calls(sid).update(status="completed")
    assert refused.value.code == 21220


def test_calls_are_listed_by_status_number_and_parent(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc(f"<Dial>{DUTY}</Dial>")}
    exchange = connect(personas={DUTY: "busy"})
    sid = exchange.call(CALLER, LINE)
    exchange.wait(sid)
    client = sdk(exchange)
    (leg,) = client.calls.list(parent_call_sid=sid)
    assert (leg.to, leg.status, leg.parent_call_sid) == (DUTY, "busy", sid)
    assert [call.sid for call in client.calls.list(to=LINE)] == [sid]
    assert client.calls.list(status="in-progress") == []


def test_long_lists_come_in_pages(connect: Connect) -> None:
    client = sdk(connect())
    for at in range(5):
        client.messages.create(to=DUTY, from_=LINE, body=f"Melding {at}")
    bodies = [message.body for message in client.messages.stream(page_size=2)]
    assert bodies == [f"Melding {at}" for at in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(("script", "loud"), [("speak 4", 4), ("noise 9", 0), ("speak 4 #", 4)])
def test_a_recording_sounds_as_long_as_somebody_spoke(
    product: Product, connect: Connect, script: str, loud: float
) -> None:
    product.pages = {"/twilio/voice": doc("<Record action='/recorded'/>")}
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE, script=script))
    (asked,) = product.asked("/recorded")
    with wave.open(io.BytesIO(_fetch(f"{asked['RecordingUrl']}.wav"))) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    sounding = sum(abs(sample) > 1000 for sample in samples) / len(samples)
    length = len(samples) / 8000
    assert length == pytest.approx(float(asked["RecordingDuration"]), abs=0.5)
    assert sounding * length == pytest.approx(loud, rel=0.15)


def test_a_recording_is_fetched_with_sound_then_deleted(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Record action='/recorded' playBeep='true'/>")}
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE, script="speak 7 #"))
    client = sdk(exchange)
    (recording,) = client.recordings.list()
    assert recording.duration == "7"
    assert recording.sid == product.asked("/recorded")[0]["RecordingSid"]
    with wave.open(
        io.BytesIO(_fetch(f"{product.asked('/recorded')[0]['RecordingUrl']}.wav"))
    ) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(7, abs=0.01)
    began = recording.start_time
    assert began is not None
    assert client.recordings.list(date_created_after=began)
    assert not client.recordings.list(date_created_after=began + timedelta(seconds=1))
    assert client.recordings(str(recording.sid)).delete()
    with pytest.raises(TwilioRestException) as gone:
        client.recordings(str(recording.sid)).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)


def _fetch(url: str) -> bytes:
    request = urllib.request.Request(url)
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    request.add_header("Authorization", f"Basic {login}")
    with urllib.request.urlopen(request) as response:
        return bytes(response.read())


def test_the_numbers_tell_where_they_point(product: Product, connect: Connect) -> None:
    client = sdk(connect())
    (number,) = client.incoming_phone_numbers.list(phone_number=LINE)
    assert number.voice_url == product.address + "/twilio/voice"
    assert number.voice_fallback_url == product.address + "/twilio/voice/fallback"
    assert number.status_callback == product.address + "/twilio/status"
    assert client.incoming_phone_numbers(str(number.sid)).fetch().phone_number == LINE
    assert client.api.accounts(ACCOUNT).fetch().status == "active"


def test_a_number_shows_what_it_cannot_do_and_a_call_to_a_trunk_never_reaches_us(
    product: Product, connect: Connect
) -> None:
    row = {"voice_method": "GET", "trunk_sid": "TK" + "1" * 32, "has_sms": False}
    exchange = connect(numbers={LINE: {**row, "fallback_url": None}})
    (number,) = sdk(exchange).incoming_phone_numbers.list()
    assert (number.voice_method, number.trunk_sid) == ("GET", "TK" + "1" * 32)
    assert number.voice_fallback_url == ""
    assert number.capabilities == {"voice": True, "sms": False, "mms": False, "fax": False}
    assert exchange.wait(exchange.call(CALLER, LINE)).status == "failed"
    assert product.asked("/twilio/voice") == []


def test_the_account_shows_its_state_and_who_it_says_it_is(connect: Connect) -> None:
    profile = {"friendly_name": "Fjordhjelp", "status": "twilio-approved"}
    account = {"status": "suspended", "type": "Trial", "owner": "AC9", "profiles": [profile]}
    exchange = connect(account=account)
    client = sdk(exchange)
    client.trusthub.base_url = exchange.address
    fetched = client.api.accounts(ACCOUNT).fetch()
    assert (fetched.status, fetched.type, fetched.owner_account_sid) == (
        "suspended",
        "Trial",
        "AC9",
    )
    (found,) = client.trusthub.v1.customer_profiles.list()
    assert (found.friendly_name, found.status) == ("Fjordhjelp", "twilio-approved")
    stranger = sdk(exchange, password="wrong")
    stranger.trusthub.base_url = exchange.address
    with pytest.raises(TwilioException, match="HTTP 401"):
        stranger.trusthub.v1.customer_profiles.list()


def test_the_network_tells_its_own_time_which_a_fault_moves(connect: Connect) -> None:
    exchange = connect(faults={"clock_ahead": 3600})
    answer = urllib.request.Request(f"{exchange.address}/2010-04-01/Accounts/{ACCOUNT}.json")
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    answer.add_header("Authorization", f"Basic {login}")
    with urllib.request.urlopen(answer) as response:
        (told,) = response.headers.get_all("Date")
    ahead = parsedate_to_datetime(told) - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)


def test_an_incoming_text_message_is_answered(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/sms": doc("<Message>Ring +47 20 00 00 01.</Message>")}
    exchange = connect()
    message = exchange.text(CALLER, LINE, "Hei")
    (posted,) = product.asked("/twilio/sms")
    assert (posted["MessageSid"], posted["Body"], posted["From"]) == (message.sid, "Hei", CALLER)
    (reply,) = exchange.messages(to=CALLER)
    assert (reply.body, reply.direction) == ("Ring +47 20 00 00 01.", "outbound-reply")


def test_only_so_many_placed_calls_begin_a_second(product: Product, connect: Connect) -> None:
    product.pages = {"/leg": doc("<Hangup/>")}
    exchange = connect(default_persona="busy", calls_per_second=1)
    client = sdk(exchange)
    url = product.address + "/leg"
    sids = [str(client.calls.create(to=DUTY, from_=LINE, url=url).sid) for _ in range(3)]
    rang = []
    for sid in sids:
        exchange.wait(sid)
        rang += [e.at for e in exchange.events(sid) if e.kind is Kind.RINGS]
    assert rang == pytest.approx([0, 1, 2], abs=0.5)
