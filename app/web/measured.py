"""The sound of a recording that decides what follows, measured before the turn is taken."""

from dataclasses import replace

from app.domain.call import Event, Recorded
from app.domain.case import SOUND_SECONDS
from app.phone.ear import seconds_of_sound
from app.phone.inbound import MEASURED
from app.web.spoken import Turn


def measured(turn: Turn, event: Event, query: str) -> Event:
    """Return the event with its seconds of sound, where our own document asked for them.

    The address is signed with its query, so that nobody else can make us fetch anything.
    """
    if query != MEASURED or not isinstance(event, Recorded) or not event.recording:
        return event
    if event.seconds < SOUND_SECONDS:
        return event
    sound = seconds_of_sound(turn.house.settings, event.recording, event.seconds)
    return replace(event, sound=sound)
