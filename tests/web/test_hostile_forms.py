"""Signed forms with anything in their fields: never a failure, never a second ticket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.store.call_lists import list_calls
from app.store.ticket_lists import list_tickets
from app.web.house import EXTENSION
from app.web.metrics import LIFELINES
from tests.a_house import CALLER, DUTY, SUPPORT
from tests.web import a_network
from tests.web.a_network import ACCOUNT, CALL, Network

PATHS = [
    "/twilio/voice",
    "/twilio/voice/turn/0",
    "/twilio/voice/turn/1",
    "/twilio/voice/turn/2",
    "/twilio/voice/turn/9999",
    "/twilio/voice/turn/1?heard=nothing",
    "/twilio/voice/turn/1?heard=%ff%00&x=[",
    "/twilio/voice/fallback",
    "/twilio/status",
    "/twilio/sms",
    "/twilio/sms/status",
    "/twilio/recording",
    f"/twilio/leg/{CALL}/1/whisper",
    f"/twilio/leg/{CALL}/1/key",
    f"/twilio/leg/{CALL}/1/key/1",
    f"/twilio/leg/{CALL}/9999/status",
    "/twilio/leg/x%00y/1/whisper",
    f"/twilio/leg/{CALL}/1/status",
    "/twilio/wait/1",
    "/twilio/lifeline/ring/99",
    "/twilio/lifeline/whisper",
    "/twilio/lifeline/key",
]
USUAL = {
    "CallSid": CALL,
    "AccountSid": ACCOUNT,
    "From": CALLER,
    "To": DUTY,
    "CallStatus": "in-progress",
    "MessageSid": "SM1",
}
NAMES = [
    *USUAL, "Digits", "FinishedOnKey", "DialBridged", "DialCallStatus", "DialCallSid", "QueueTime",
    "QueueResult", "RecordingSid", "RecordingDuration", "RecordingStatus", "RecordingUrl",
    "MessageStatus", "ErrorCode", "ErrorUrl", "Body", "Direction", "ExchangeMoment", "Timestamp",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["", "1", "2", "*", "#", "hangup", "completed", "no-answer", "busy", "true"]),
    st.sampled_from(["-1", "nan", "1e400", "9" * 400, "\x00", "\ud7ff\uffff", "<&>\"'", "']]>"]),
    st.sampled_from([SUPPORT, DUTY, CALLER, "anonymous", "client:x", "sip:a@b", "+" + "9" * 99]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-21T23:10"]),
    st.text(max_size=30),
)
CHANGES = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)


def lifelines() -> float:
    """How often a door of this process has fallen back on the lifeline."""
    return sum(
        sample.value
        for metric in LIFELINES.collect()
        for sample in metric.samples
        if sample.name.endswith("_total") and sample.labels["door"] != "fallback"
    )


POSTS = st.lists(st.tuples(st.sampled_from(PATHS), CHANGES, st.booleans()), min_size=1, max_size=6)


@pytest.fixture
def network(migrated_url: str, tmp_path: Path) -> Iterator[Network]:
    with a_network.a_network(a_network.settings(migrated_url, tmp_path)) as network:
        yield network


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTS)
def test_no_signed_form_breaks_a_door_and_one_call_makes_one_ticket(
    network: Network, posts: list[tuple[str, list[tuple[str, str]], bool]]
) -> None:
    before = lifelines()
    for path, changes, beside in posts:
        form = MultiDict(USUAL)
        for name, value in changes:
            form.add(name, value) if beside else form.setlist(name, [value])
        response = network.send(path, form)

        assert response.status_code in (200, 204, 400), (path, changes, response.text)
        if response.status_code == 200:
            assert fromstring(response.text).tag == "Response"
    assert lifelines() == before  # no failure was hidden behind one
    with network.client.application.extensions[EXTENSION].database.read() as connection:
        tickets = list_tickets(connection, limit=200)
        calls = list_calls(connection, limit=200)
    assert len({ticket.call_sid for ticket in tickets}) == len(tickets)
    assert len({call.sid for call in calls}) == len(calls)
