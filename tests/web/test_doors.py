"""Calls over HTTP: what the network posts, what it is told, and what is kept of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.domain.hunts.hunt import LegOutcome
from app.store import Database
from app.store.call_lists import list_calls
from app.store.calls import load_call
from app.store.tables import DeliveryRow
from app.store.ticket_lists import list_tickets
from app.web.services import EXTENSION
from tests.support.fake_twilio import (
    ACCOUNT,
    CALL,
    OLD_TOKEN,
    PUBLIC,
    FakeTwilio,
    a_web,
    fake_twilio,
    said,
    settings,
    tags,
)
from tests.support.sample_desk import DUTY, DUTY_1, DUTY_1_HOME, STRANGER, SUPPORT


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        yield network


@pytest.fixture(scope="module")
def refusing(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One for all tests in which everything is refused: nothing is ever kept in it."""
    folder = tmp_path_factory.mktemp("refusing")
    shutil.copyfile(migrated_sqlite_file, folder / "vakt.db")
    with a_web(settings(f"sqlite:///{folder / 'vakt.db'}", folder)) as app:
        yield app


def database(network: FakeTwilio) -> Database:
    return network.client.application.extensions[EXTENSION].database  # type: ignore[no-any-return]


def calls_kept(network: FakeTwilio) -> int:
    with database(network).read() as connection:
        return len(list_calls(connection))


def tickets_kept(network: FakeTwilio) -> int:
    with database(network).read() as connection:
        return len(list_tickets(connection))


def test_a_critical_call_at_night_reaches_the_second_number_of_the_duty(
    network: FakeTwilio,
) -> None:
    menu = network.arrives()
    assert tags(menu) == ["Gather", "Redirect"]
    assert menu[0].get("action") == f"{PUBLIC}/twilio/voice/turn/1#rc=2&rp=ct,rt,5xx"

    rings = network.does(1, Digits="1")
    assert rings.find("Dial/Number").text == DUTY_1  # type: ignore[union-attr]
    assert "1, 0, 0, 1" in said(rings)

    sleeps = network.leg(1, "whisper")
    assert tags(sleeps) == ["Gather", "Hangup"]
    network.post(f"/twilio/leg/{CALL}/1/status", **network.of_leg(1, CallStatus="completed"))

    again = network.does(2, DialCallStatus="completed", DialBridged="false")
    assert again.find("Dial/Number").text == DUTY_1_HOME  # type: ignore[union-attr]

    whisper = network.leg(2, "whisper")
    assert "Fjordhjelp" in said(whisper)
    assert tags(network.leg(2, "key/1", Digits="1")) == []

    after = network.does(3, DialCallStatus="completed", DialBridged="true", DialCallDuration="95")
    assert tags(after) == ["Gather", "Redirect"]

    assert network.post("/twilio/status", CallStatus="completed").status_code == 204
    with database(network).read() as connection:
        call = load_call(connection, CALL)
        (ticket,) = list_tickets(connection)
    assert call
    assert call.has_ended
    assert call.talked
    assert [leg.outcome for leg in call.legs] == ["unconfirmed", "accepted"]
    assert ticket.acknowledged_by == "Duty 1"


def test_a_leg_that_is_answered_goes_on_and_an_unknown_word_is_counted(network: FakeTwilio) -> None:
    def outcome() -> LegOutcome:
        with database(network).read() as connection:
            stored = load_call(connection, CALL)
        assert stored is not None
        return stored.legs[0].outcome

    def unknown() -> float:
        text = network.client.get("/metrics").text
        name = 'vakt_unknown_statuses_total{door="leg"}'
        return next(float(line.split()[-1]) for line in text.splitlines() if name in line)

    network.arrives()
    network.does(1, Digits="1")
    before = unknown()

    network.post(f"/twilio/leg/{CALL}/1/status", **network.of_leg(1, CallStatus="answered"))
    assert (outcome(), unknown()) == (LegOutcome.RINGING, before)

    network.post(f"/twilio/leg/{CALL}/1/status", **network.of_leg(1, CallStatus="paused"))
    assert (outcome(), unknown()) == (LegOutcome.RINGING, before + 1)


def unknown_words(network: FakeTwilio, door: str) -> float:
    name = f'vakt_unknown_statuses_total{{door="{door}"}}'
    text = network.client.get("/metrics").text
    return next(float(line.split()[-1]) for line in text.splitlines() if name in line)


def test_a_dial_that_ended_with_an_unknown_word_rings_the_next_and_is_counted(
    network: FakeTwilio,
) -> None:
    network.arrives()
    network.does(1, Digits="1")
    before = unknown_words(network, "dial")

    next_one = network.does(2, DialCallStatus="vanished", DialBridged="false")

    assert "Dial" in tags(next_one)
    assert unknown_words(network, "dial") == before + 1


def test_an_unknown_word_about_an_sms_changes_nothing_and_is_counted(network: FakeTwilio) -> None:
    def told(word: str) -> str:
        form = {"MessageSid": "SM8", "AccountSid": ACCOUNT, "MessageStatus": word}
        assert network.send("/twilio/sms/status", MultiDict(form)).status_code == 204
        with database(network).read() as connection:
            return str(connection.execute(select(DeliveryRow.status)).scalar_one())

    before = unknown_words(network, "sms")
    assert told("sent") == "sent"
    assert told("teleported") == "sent"
    assert told("") == "sent"
    assert unknown_words(network, "sms") == before + 2
    assert told("delivered") == "delivered"


def test_an_unknown_word_about_a_recording_is_counted(network: FakeTwilio) -> None:
    form = {"CallSid": CALL, "AccountSid": ACCOUNT, "RecordingSid": "RE8"}
    before = unknown_words(network, "recording")

    post = MultiDict({**form, "RecordingStatus": "melted"})
    assert network.send("/twilio/recording", post).status_code == 204
    assert unknown_words(network, "recording") == before + 1


@pytest.mark.parametrize("to", ["47{}", " 47{}", "+47{}", "{}"])
def test_a_line_is_found_by_a_number_that_lost_its_plus_sign(network: FakeTwilio, to: str) -> None:
    network.line = to.format(DUTY[3:])

    assert "Gather" in tags(network.arrives())


def test_a_repeated_turn_is_answered_the_same_and_makes_one_ticket(network: FakeTwilio) -> None:
    first = network.post("/twilio/voice", CallStatus="ringing").text
    assert network.post("/twilio/voice", CallStatus="ringing").text == first

    ring = network.post("/twilio/voice/turn/1", Digits="1").text
    assert network.post("/twilio/voice/turn/1", Digits="1").text == ring
    assert network.post("/twilio/voice/turn/1", Digits="2").text == ring

    assert calls_kept(network) == tickets_kept(network) == 1


def test_the_same_turn_posted_at_once_by_many_is_taken_once(
    migrated_url: str, tmp_path: Path
) -> None:
    with a_web(settings(migrated_url, tmp_path)) as app:
        FakeTwilio(app.test_client()).arrives()

        def post(_: int) -> str:
            return FakeTwilio(app.test_client()).post("/twilio/voice/turn/1", Digits="1").text

        with ThreadPoolExecutor(8) as network:
            answers = set(network.map(post, range(24)))
        assert len(answers) == 1
        assert f"{DUTY_1}</Number>" in answers.pop()
        assert tickets_kept(FakeTwilio(app.test_client())) == 1


def test_many_calls_at_once_each_get_a_ticket_of_their_own(
    migrated_url: str, tmp_path: Path
) -> None:
    with a_web(settings(migrated_url, tmp_path)) as app:

        def call(count: int) -> str:
            number = f"+47490066{count:02}"  # one caller would be asked about the case before
            caller = FakeTwilio(app.test_client(), call=f"CA{count:032}", caller=number)
            caller.arrives()
            return said(caller.does(1, Digits="1"))

        with ThreadPoolExecutor(8) as network:
            answers = list(network.map(call, range(24)))
        assert len(set(answers)) == 24  # each says its own number
        assert tickets_kept(FakeTwilio(app.test_client())) == 24


def test_a_turn_that_was_never_asked_for_is_answered_with_the_current_one(
    network: FakeTwilio,
) -> None:
    menu = network.post("/twilio/voice", CallStatus="ringing").text

    assert network.post("/twilio/voice/turn/7", Digits="1").text == menu
    assert tickets_kept(network) == 0


def test_a_turn_of_a_call_that_nobody_knows_is_taken_as_a_new_call(network: FakeTwilio) -> None:
    menu = network.does(3, Digits="1")

    assert tags(menu) == ["Gather", "Redirect"]
    assert calls_kept(network) == 1


def test_the_star_repeats_the_whisper_and_a_retry_of_it_does_not_count(network: FakeTwilio) -> None:
    network.arrives()
    network.does(1, Digits="1")

    first = network.leg(1, "whisper")
    again = network.leg(1, "key/1", Digits="*")
    retried = network.leg(1, "key/1", Digits="*")

    assert said(again) == said(retried) == said(first)
    assert first[0].get("action") == f"{PUBLIC}/twilio/leg/{CALL}/1/key/1#rc=2&rp=ct,rt,5xx"
    assert again[0].get("action") == retried[0].get("action")


def test_a_second_acceptance_loses_politely(network: FakeTwilio) -> None:
    network.arrives()
    network.does(1, Digits="1")
    network.leg(1, "whisper")
    network.does(2, DialCallStatus="no-answer")
    network.leg(2, "whisper")

    assert tags(network.leg(2, "key/1", Digits="1")) == []
    late = network.leg(1, "key/1", Digits="1")

    assert tags(late)[-1] == "Hangup"
    assert said(late)


def test_a_leg_of_no_call_is_hung_up(network: FakeTwilio) -> None:
    assert tags(network.leg(1, "whisper")) == ["Hangup"]
    assert tags(network.leg(1, "key", Digits="1")) == ["Hangup"]
    status = network.post(f"/twilio/leg/{CALL}/1/status", **network.of_leg(1))
    assert status.status_code == 204


def test_a_caller_who_gives_up_while_it_rings_keeps_the_ticket(network: FakeTwilio) -> None:
    network.arrives()
    network.does(1, Digits="1")

    response = network.post(
        "/twilio/voice/turn/2", CallStatus="completed", DialCallStatus="canceled"
    )

    assert response.status_code in (200, 204)
    assert network.post("/twilio/status", CallStatus="completed").status_code == 204
    with database(network).read() as connection:
        call = load_call(connection, CALL)
        (ticket,) = list_tickets(connection)
    assert call
    assert call.hung_up
    assert ticket.acknowledged_at is None


def test_a_message_in_closing_hours_is_fetched_when_the_network_has_it(network: FakeTwilio) -> None:
    network.line = SUPPORT
    menu = network.arrives()
    assert tags(menu) == ["Gather", "Redirect"]
    heard = network.does(1, Digits="2")
    assert tags(heard)[-2:] == ["Record", "Redirect"]
    record = heard.find("Record")
    assert record is not None
    assert record.get("recordingStatusCallback") == f"{PUBLIC}/twilio/recording#rc=2&rp=ct,rt,5xx"

    end = network.does(2, RecordingSid="RE1", RecordingDuration="12", Digits="#")
    assert tags(end)[-1] == "Hangup"

    ready = network.post("/twilio/recording", RecordingSid="RE1", RecordingStatus="completed")
    assert ready.status_code == 204


def test_an_empty_recording_goes_on_by_our_own_redirect(network: FakeTwilio) -> None:
    network.line = SUPPORT
    network.arrives()
    heard = network.does(1, Digits="2")
    redirect = heard.find("Redirect")
    assert redirect is not None
    assert redirect.text

    end = network.hears(redirect.text.removeprefix(PUBLIC).partition("#")[0])

    assert tags(end)[-1] == "Hangup"
    assert tickets_kept(network) == 1


def test_an_unknown_number_gets_a_polite_sentence_and_is_kept_without_a_desk(
    network: FakeTwilio,
) -> None:
    answer = network.arrives(To="+4720000999")

    assert tags(answer) == ["Say", "Hangup"]
    with database(network).read() as connection:
        (call,) = list_calls(connection)
    assert (call.desk, call.outcome) == (None, "informed")


@pytest.mark.parametrize(
    "caller", ["", "anonymous", "+266696687", "+46701740605", "04900", "sip:x@y.example", "\x00"]
)
def test_every_caller_is_served(network: FakeTwilio, caller: str) -> None:
    assert tags(network.arrives(From=caller)) == ["Gather", "Redirect"]
    assert "Dial" in tags(network.does(1, From=caller, Digits="1"))


# --- the way in -------------------------------------------------------------------------

POSTED = [
    "/twilio/voice",
    "/twilio/voice/turn/1",
    "/twilio/voice/fallback",
    "/twilio/status",
    "/twilio/sms",
    "/twilio/sms/status",
    "/twilio/recording",
    f"/twilio/leg/{CALL}/1/whisper",
    f"/twilio/leg/{CALL}/1/key",
    f"/twilio/leg/{CALL}/1/key/1",
    f"/twilio/leg/{CALL}/1/status",
    "/twilio/wait/1",
    "/twilio/lifeline/ring/1",
    "/twilio/lifeline/whisper",
    "/twilio/lifeline/key",
]


@pytest.mark.parametrize("path", POSTED)
def test_without_a_good_signature_no_door_opens_and_nothing_is_kept(
    refusing: Flask, path: str
) -> None:
    network = FakeTwilio(refusing.test_client())
    form = network.form(Digits="1", MessageSid="SM1", RecordingSid="RE1")
    network.token = "another account's"

    missing = network.client.post(path, data=form)
    wrong = network.send(path, MultiDict(form))

    assert (missing.status_code, wrong.status_code) == (403, 403)
    assert calls_kept(network) == 0


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("missing", ["CallSid", "AccountSid", "To"])
def test_signed_but_without_what_every_post_has_is_400(
    refusing: Flask, path: str, missing: str
) -> None:
    network = FakeTwilio(refusing.test_client())
    if path in ("/twilio/sms", "/twilio/sms/status", "/twilio/recording"):
        missing = "AccountSid"  # these know themselves by other names
    response = network.post(path, MessageSid="SM1", RecordingSid="RE1", **{missing: ""})

    assert response.status_code == 400
    assert missing in response.text
    assert response.content_type.startswith("text/plain")
    assert calls_kept(network) == 0


def test_refused_requests_are_counted(network: FakeTwilio) -> None:
    def refused() -> float:
        text = network.client.get("/metrics").text
        name = 'vakt_refused_signatures_total{reason="missing"}'
        return next((float(line.split()[-1]) for line in text.splitlines() if name in line), 0)

    before = refused()
    network.client.post("/twilio/voice", data=network.form())

    assert refused() == before + 1


def test_old_and_new_token_are_both_heard(network: FakeTwilio) -> None:
    network.token = OLD_TOKEN

    assert network.post("/twilio/voice").status_code == 200


@pytest.mark.parametrize(
    ("headers", "base_url"),
    [
        ({"X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "http"}, None),
        ({"Forwarded": "host=evil.example.org"}, None),
        ({}, "http://10.0.0.7:8000"),
        ({}, "https://evil.example.org"),
    ],
)
def test_host_and_proxies_change_nothing(
    network: FakeTwilio, headers: dict[str, str], base_url: str | None
) -> None:
    network.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7"
    form = MultiDict(network.form())

    assert network.send("/twilio/voice", form, headers).status_code == 200
    if base_url:
        unsigned = network.client.post("/twilio/voice", data=form, base_url=base_url)
        assert unsigned.status_code == 403


def test_without_a_token_the_doors_refuse_everything(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    nothing = settings(migrated_sqlite_url, tmp_path, twilio_auth_token=())
    with fake_twilio(nothing) as network:
        for token in ("", "x"):
            network.token = token
            assert network.post("/twilio/voice").status_code == 403


def test_the_moment_of_the_exchange_is_ignored_beside_a_real_network(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    real = settings(migrated_sqlite_url, tmp_path, vakt_exchange=False)
    with fake_twilio(real) as network:
        network.arrives()
        with database(network).read() as connection:
            (call,) = list_calls(connection)

    assert call.started_at.isoformat() != network.moment


def test_the_moment_of_the_exchange_is_the_calls(network: FakeTwilio) -> None:
    network.arrives()

    with database(network).read() as connection:
        (call,) = list_calls(connection)
    assert call.started_at.isoformat() == network.moment


@pytest.mark.parametrize("path", POSTED)
def test_a_post_that_is_too_large_is_refused(network: FakeTwilio, path: str) -> None:
    form = network.form(Body="x" * 70_000)

    response = network.client.post(path, data=form)

    assert response.status_code == 413
    assert calls_kept(network) == 0


@pytest.mark.parametrize("path", POSTED)
def test_doors_are_for_posts(network: FakeTwilio, path: str) -> None:
    response = network.client.get(path)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


# --- messages ---------------------------------------------------------------------------


def sms(
    sender: str = STRANGER, line: str = SUPPORT, sid: str = "SM1", body: str = "Hei"
) -> MultiDict[str, str]:
    return MultiDict(
        {"MessageSid": sid, "AccountSid": ACCOUNT, "From": sender, "To": line, "Body": body}
    )


def test_an_incoming_sms_opens_a_ticket_once_and_is_answered_the_same(network: FakeTwilio) -> None:
    first = network.send("/twilio/sms", sms())
    again = network.send("/twilio/sms", sms())

    assert first.status_code == 200
    assert first.text == again.text
    assert "<Message>Fjordhjelp: Sak 1001 er registrert." in first.text
    assert tickets_kept(network) == 1


def test_a_command_of_somebody_on_the_roster_is_answered_in_one_message(
    network: FakeTwilio,
) -> None:
    response = network.send("/twilio/sms", sms(DUTY_1, body="ta vakt"))

    assert response.text.count("<Message>") == 1
    assert "<Message>Fjordhjelp: Du har vakten alt, til" in response.text


def test_an_sms_to_a_number_of_no_desk_is_answered_too(network: FakeTwilio) -> None:
    response = network.send("/twilio/sms", sms(line="+4720000999"))

    assert response.status_code == 200
    assert "<Message>" in response.text


@pytest.mark.parametrize("sender", ["TELIA", "+4720000001", "04900"])
def test_no_sms_goes_to_who_cannot_get_one(network: FakeTwilio, sender: str) -> None:
    response = network.send("/twilio/sms", sms(sender=sender))

    assert response.status_code == 200
    assert response.text.endswith("<Response/>")


def test_the_status_of_an_unknown_sms_is_taken(network: FakeTwilio) -> None:
    form = MultiDict({"MessageSid": "SM9", "AccountSid": ACCOUNT, "MessageStatus": "delivered"})

    assert network.send("/twilio/sms/status", form).status_code == 204
