"""The sound of a recording that decides what follows, measured before the turn is taken."""

from dataclasses import replace

from app import clock
from app.domain.calls.call import Event, Recorded
from app.domain.calls.call_ticket import VOICE_SECONDS
from app.gateways.twilio.inbound import MEASURED
from app.gateways.twilio.recording_probe import probe_recording, seconds_of_voice
from app.store import DatabaseUnavailable
from app.store.recordings import load_recording
from app.web.twilio.turn_response import WebhookRequest


def with_voice_activity(webhook: WebhookRequest, event: Event, query: str) -> Event:
    """Return the event with its seconds of sound, where our own document asked for them.

    The address is signed with its query, so that nobody else can make us fetch anything.
    """
    if query != MEASURED or not isinstance(event, Recorded) or not event.recording:
        return event
    if event.seconds < VOICE_SECONDS:
        return event
    return replace(event, sound=seconds_of_voice(_wav(webhook, event.recording), event.seconds))


def _wav(webhook: WebhookRequest, recording: str) -> bytes | None:
    """The worker may have fetched it already, and deleted it at the provider."""
    try:
        return (
            _kept(webhook, recording) or _fetched(webhook, recording) or _kept(webhook, recording)
        )
    except DatabaseUnavailable:
        return _fetched(webhook, recording)


def _fetched(webhook: WebhookRequest, recording: str) -> bytes | None:
    return probe_recording(webhook.services.settings, recording, clock)


def _kept(webhook: WebhookRequest, recording: str) -> bytes | None:
    if webhook.services.turn_service.breaker.is_open(webhook.clock.real):
        return None
    with webhook.services.database.read() as connection:
        found = load_recording(connection, recording)
    return found.media if found and found.call_sid == webhook.post.call_sid else None
