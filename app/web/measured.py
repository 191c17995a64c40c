"""The sound of a recording that decides what follows, measured before the turn is taken."""

from dataclasses import replace

from app import clock
from app.domain.call import Event, Recorded
from app.domain.case import SOUND_SECONDS
from app.phone.ear import fetch_quickly, seconds_of_sound
from app.phone.inbound import MEASURED
from app.store import DatabaseUnavailable
from app.store.recordings import load_recording
from app.web.spoken import Turn


def measured(turn: Turn, event: Event, query: str) -> Event:
    """Return the event with its seconds of sound, where our own document asked for them.

    The address is signed with its query, so that nobody else can make us fetch anything.
    """
    if query != MEASURED or not isinstance(event, Recorded) or not event.recording:
        return event
    if event.seconds < SOUND_SECONDS:
        return event
    return replace(event, sound=seconds_of_sound(_wav(turn, event.recording), event.seconds))


def _wav(turn: Turn, recording: str) -> bytes | None:
    """The worker may have fetched it already, and deleted it at the provider."""
    try:
        return _kept(turn, recording) or _fetched(turn, recording) or _kept(turn, recording)
    except DatabaseUnavailable:
        return _fetched(turn, recording)


def _fetched(turn: Turn, recording: str) -> bytes | None:
    return fetch_quickly(turn.house.settings, recording, clock)


def _kept(turn: Turn, recording: str) -> bytes | None:
    if turn.house.corridor.breaker.is_open(turn.real_now):
        return None
    with turn.house.database.read() as connection:
        found = load_recording(connection, recording)
    return found.media if found and found.call_sid == turn.post.call_sid else None
