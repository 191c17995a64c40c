"""Callers without keys over HTTP: their voice is measured before it is decided who is woken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from app.domain.tickets.ticket import Ticket
from app.store.call_lists import find_call
from app.store.recordings import save_recording
from app.store.ticket_lists import list_tickets
from app.web.services import EXTENSION
from tests.gateways.recordings import line, voice, wav_16
from tests.gateways.test_recording_probe import a_provider, gives
from tests.support.fake_twilio import CALL, FakeTwilio, fake_twilio, settings, tags
from tests.support.sample_desk import NIGHT

Calling = Callable[[bytes], AbstractContextManager[FakeTwilio]]


@pytest.fixture
def calling(migrated_sqlite_url: str, tmp_path: Path) -> Calling:
    """A network on whose telephones this is what is recorded."""

    @contextmanager
    def with_recording(wav: bytes) -> Iterator[FakeTwilio]:
        with (
            a_provider(lambda request, _count: gives(request, wav)) as url,
            fake_twilio(settings(migrated_sqlite_url, tmp_path, twilio_api_url=url)) as network,
        ):
            yield network

    return with_recording


def after_the_tone(network: FakeTwilio, query: str = "?measure=1") -> list[str]:
    """The caller presses nothing three times; what the answer to the recording holds."""
    network.arrives()
    network.does(1)
    network.does(2)
    speak = network.does(3)
    record = next(speak.iter("Record"))
    assert str(record.get("action")).endswith("/twilio/voice/turn/4?measure=1#rc=2&rp=ct,rt,5xx")
    path = f"/twilio/voice/turn/4{query}"
    return tags(network.hears(path, RecordingSid="RE1", RecordingDuration="10"))


def tickets(network: FakeTwilio) -> tuple[Ticket, ...]:
    database = network.client.application.extensions[EXTENSION].database
    with database.read() as connection:
        return list_tickets(connection)


def test_a_voice_wakes_the_duty(calling: Calling) -> None:
    with calling(wav_16([*voice(5), *line(5)])) as network:
        assert after_the_tone(network)[-1] == "Dial"
        (ticket,) = tickets(network)
    assert (ticket.priority, ticket.no_keys) == ("critical", True)


@pytest.mark.parametrize("wav", [wav_16(line(10)), wav_16([*voice(2), *line(8)])])
def test_a_line_without_a_voice_wakes_nobody(calling: Calling, wav: bytes) -> None:
    with calling(wav) as network:
        assert after_the_tone(network)[-1] == "Hangup"
        assert tickets(network) == ()


def test_what_cannot_be_measured_counts_as_a_voice(calling: Calling) -> None:
    with calling(b"an error page") as network:
        assert after_the_tone(network)[-1] == "Dial"
        assert len(tickets(network)) == 1


def test_the_measured_seconds_are_kept_with_the_turn(calling: Calling) -> None:
    with calling(wav_16(line(10))) as network:
        after_the_tone(network)
        database = network.client.application.extensions[EXTENSION].database
        with database.read() as connection:
            past = find_call(connection, CALL)
        assert past
        assert getattr(past.turns[4].event, "sound", None) == 0


def test_what_the_worker_has_fetched_already_is_measured_from_our_own_rows(
    calling: Calling,
) -> None:
    with calling(b"gone at the provider") as network:
        database = network.client.application.extensions[EXTENSION].database
        network.arrives()
        database.write(
            lambda connection: save_recording(connection, "RE1", CALL, wav_16(line(10)), NIGHT)
        )
        network.does(1)
        network.does(2)
        network.does(3)
        answer = network.hears(
            "/twilio/voice/turn/4?measure=1", RecordingSid="RE1", RecordingDuration="10"
        )
        assert tags(answer)[-1] == "Hangup"
        assert tickets(network) == ()


def test_nothing_is_fetched_where_our_document_did_not_ask_for_it(calling: Calling) -> None:
    with calling(wav_16(line(10))) as network:
        assert after_the_tone(network, query="")[-1] == "Dial", "unmeasured, so it counts"
