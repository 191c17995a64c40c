"""What the network says, read strictly: each post as the event it is, hostile ones as silence."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.calls.call import HungUp, Pressed, Recorded, RingEnded
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.numbers import NumberKind
from app.gateways.twilio import inbound, notices
from app.gateways.twilio.fields import UnreadableForm
from tests.gateways.forms import CALL, LEG, LINE, Fields, form, pairs


def events_of(fields: Fields, query: str = "") -> tuple[object, ...]:
    return inbound.read_turn(fields, inbound.read_post(fields), query)


def test_an_arriving_call_is_read_with_line_and_caller() -> None:
    post = inbound.read_post(form(CallStatus="ringing"))

    assert (post.call_sid, post.to, post.caller.digits) == (CALL, LINE, "+4749000011")


@pytest.mark.parametrize("missing", ["CallSid", "AccountSid", "To"])
def test_a_post_without_what_every_post_has_cannot_be_read(missing: str) -> None:
    with pytest.raises(UnreadableForm) as refused:
        inbound.read_post(form(**{missing: ""}))

    assert refused.value.missing == (missing,)


@pytest.mark.parametrize(
    "sid", ["\x00", ".", "..", ".x", "CA 1", "../x", "CA'--", "C" * 65, "CÅ1", "<CA>"]
)
def test_an_identifier_that_can_be_none_is_missing(sid: str) -> None:
    with pytest.raises(UnreadableForm):
        inbound.read_post(form(CallSid=sid))


@pytest.mark.parametrize(
    ("caller", "kind"),
    [
        ("+4749000011", NumberKind.MOBILE),
        ("+4720000001", NumberKind.LANDLINE),
        ("anonymous", NumberKind.WITHHELD),
        ("unknown", NumberKind.WITHHELD),
        ("+266696687", NumberKind.WITHHELD),
        ("", NumberKind.WITHHELD),
        ("04900", NumberKind.SHORT),
        ("+46701740605", NumberKind.FOREIGN),
        ("sip:vakt@example.org", NumberKind.MALFORMED),
        ("<b>\x00" * 1000, NumberKind.MALFORMED),
    ],
)
def test_any_caller_is_read(caller: str, kind: NumberKind) -> None:
    assert inbound.read_post(form(From=caller)).caller.kind is kind


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"Digits": "1"}, Pressed("1")),
        ({"Digits": "#"}, Pressed("#")),
        ({"Digits": "1001", "FinishedOnKey": "#"}, Pressed("1001", finished=True)),
        ({"Digits": "", "FinishedOnKey": "#", "msg": "Gather End"}, Pressed("", finished=True)),
        ({"Digits": "", "FinishedOnKey": "", "msg": "Gather End"}, Pressed("")),
        ({}, Pressed("")),
        ({"Digits": "abc"}, Pressed("")),
        ({"Digits": "1;DROP TABLE call"}, Pressed("")),
        ({"Digits": "١٢"}, Pressed("")),
        ({"Digits": "1\x00"}, Pressed("1")),
        ({"Digits": "1" * 10_000}, Pressed("1" * 32)),
        (
            {"RecordingSid": "RE1", "RecordingDuration": "12", "Digits": "#"},
            Recorded(12, "RE1"),
        ),
        ({"RecordingSid": "RE1", "RecordingDuration": "0"}, Recorded(0, "RE1")),
        ({"RecordingSid": "RE1", "RecordingDuration": "-7"}, Recorded(3, "RE1")),
        ({"RecordingSid": "RE1", "RecordingDuration": "4.9"}, Recorded(4, "RE1")),
        ({"RecordingSid": "RE1", "RecordingDuration": "1e99"}, Recorded(3, "RE1")),
        ({"RecordingSid": "RE1", "RecordingDuration": "999999"}, Recorded(86_400, "RE1")),
        ({"RecordingSid": "RE1", "RecordingDuration": "１２"}, Recorded(3, "RE1")),
        ({"RecordingDuration": "nan"}, Recorded(0)),
        ({"DialCallStatus": "no-answer"}, RingEnded("no-answer")),
        (
            {"DialCallStatus": "completed", "DialBridged": "false", "DialCallSid": LEG},
            RingEnded("completed", False, LEG),
        ),
        (
            {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "95"},
            RingEnded("completed", True),
        ),
        ({"DialCallStatus": "failed", "DialBridged": "perhaps"}, RingEnded("failed")),
        ({"QueueResult": "leave", "QueueTime": "27"}, RingEnded("no-answer", False)),
        ({"QueueResult": "bridged"}, RingEnded("completed", True)),
        ({"QueueResult": "system-error"}, RingEnded("failed", False)),
        ({"QueueResult": "something new"}, RingEnded("failed")),
    ],
)
def test_what_the_caller_did_is_one_event(fields: dict[str, str], event: object) -> None:
    assert events_of(form(**fields)) == (event,)


def test_a_recording_without_its_length_counts_as_sound() -> None:
    (event,) = events_of(form(RecordingSid="RE1", RecordingUrl="http://elsewhere.example/RE1"))

    assert event == Recorded(inbound.UNMEASURED_SECONDS, "RE1")


def test_an_empty_recording_posts_no_action_and_comes_by_our_own_redirect() -> None:
    assert events_of(form(), inbound.HEARD_NOTHING) == (Recorded(0),)
    assert events_of(form(Digits="1"), inbound.HEARD_NOTHING) == (Pressed("1"),)


def test_a_caller_who_gives_up_while_it_rings_ends_the_ring_and_hangs_up() -> None:
    fields = form(CallStatus="completed", DialCallStatus="canceled", DialCallSid=LEG)

    assert events_of(fields) == (RingEnded("canceled", None, LEG, caller_gone=True),)


def test_a_caller_who_leaves_the_queue_by_hanging_up_has_hung_up() -> None:
    fields = form(CallStatus="completed", QueueResult="hangup")

    assert events_of(fields) == (RingEnded("canceled", False, caller_gone=True),)


def test_a_caller_who_hangs_up_after_speaking_has_left_a_message() -> None:
    fields = form(RecordingSid="RE1", RecordingDuration="9", Digits="hangup")

    assert events_of(fields) == (Recorded(9, "RE1", caller_gone=True),)


def test_silence_of_a_call_that_is_over_is_only_the_end() -> None:
    assert events_of(form(CallStatus="completed")) == (HungUp("completed"),)


def test_a_last_key_is_not_lost_with_the_hang_up() -> None:
    fields = form(CallStatus="completed", Digits="1")

    assert events_of(fields) == (Pressed("1"), HungUp("completed"))


def test_repeated_fields_are_read_the_same_in_any_order() -> None:
    first = pairs(*form().items(multi=True), ("Digits", "2"), ("Digits", "1"))
    second = pairs(("Digits", "1"), *form().items(multi=True), ("Digits", "2"))

    assert events_of(first) == events_of(second) == (Pressed("1"),)


@pytest.mark.parametrize("status", ["ringing", "in-progress", "queued", "", "nonsense"])
def test_the_numbers_status_tells_nothing_while_the_call_goes_on(status: str) -> None:
    assert inbound.read_line_status(inbound.read_post(form(CallStatus=status))) is None


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_the_numbers_status_tells_the_end(status: str) -> None:
    post = inbound.read_post(form(CallStatus=status))

    assert inbound.read_line_status(post) == HungUp(status)


def test_a_leg_is_read_by_its_own_identifier() -> None:
    fields = form(CallSid=LEG, ParentCallSid=CALL, CallStatus="no-answer", Digits="12")
    post = inbound.read_post(fields)

    assert inbound.read_leg_answered(post, 2) == LegAnswered(2, LEG)
    assert inbound.read_leg_status(post, 2) == LegChanged(2, "no-answer", LEG)
    assert inbound.read_leg_key(fields, 2) == LegPressed(2, "1")
    assert inbound.read_leg_key(form(CallSid=LEG), 2) == LegPressed(2, "")


def test_a_recording_is_known_by_its_sid_and_its_posted_address_is_not_read() -> None:
    fields = form(
        RecordingSid="RE1",
        RecordingStatus="completed",
        RecordingDuration="7",
        RecordingUrl="http://169.254.0.1/secret",
    )

    ready = notices.read_recording(fields)

    assert ready == notices.RecordingReady(CALL, "RE1", "completed", 7)
    assert "169.254" not in repr(ready)


def test_an_incoming_message_is_read() -> None:
    fields = pairs(
        ("MessageSid", "SM1"),
        ("AccountSid", "AC1"),
        ("To", LINE),
        ("From", "+4749000011"),
        ("Body", "Hei\x00\nder"),
    )

    sms = notices.read_sms(fields)

    assert (sms.sid, sms.to, sms.sender.digits, sms.body) == ("SM1", LINE, "+4749000011", "Hei der")


def test_the_status_of_a_message_keeps_its_error() -> None:
    fields = pairs(
        ("MessageSid", "SM1"),
        ("AccountSid", "AC1"),
        ("MessageStatus", "undelivered"),
        ("ErrorCode", "30003"),
    )

    assert notices.read_sms_status(fields) == notices.SmsStatus("SM1", "undelivered", 30003)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T23:10:00+01:00", datetime(2026, 11, 21, 22, 10, tzinfo=UTC)),
        ("2026-11-21T22:10:00Z", datetime(2026, 11, 21, 22, 10, tzinfo=UTC)),
        ("2026-11-21T22:10:00", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_the_exchanges_moment_needs_an_offset(text: str, moment: datetime | None) -> None:
    assert inbound.read_moment(form(ExchangeMoment=text)) == moment


NAMES = [
    "CallSid", "AccountSid", "To", "From", "CallStatus", "Digits", "FinishedOnKey", "DialBridged",
    "DialCallStatus", "DialCallSid", "QueueResult", "QueueTime", "RecordingSid", "ErrorCode",
    "RecordingDuration", "RecordingStatus", "MessageSid", "MessageStatus", "Body", "ExchangeMoment",
]  # fmt: skip
WORDS = ["1", "#", "completed", "no-answer", "true", "CA1", "nan", "inf", "-1", "9" * 500, "\x00"]
hostile_forms = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(WORDS), st.text(max_size=40))),
    max_size=25,
).map(MultiDict)


@settings(max_examples=300)
@given(hostile_forms, st.text(max_size=20))
def test_no_form_makes_a_reader_fail(fields: Fields, query: str) -> None:
    inbound.read_moment(fields)
    inbound.read_queue_seconds(fields)
    for read in (notices.read_recording, notices.read_sms, notices.read_sms_status):
        with suppress(UnreadableForm):
            read(fields)
    try:
        post = inbound.read_post(fields)
    except UnreadableForm:
        return
    events = inbound.read_turn(fields, post, query)
    assert 1 <= len(events) <= 2
    assert inbound.read_leg_key(fields, 1).key in [*"0123456789*#", ""]
