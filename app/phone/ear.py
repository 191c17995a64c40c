"""Listens to a recording while the caller waits: the one thing that is fetched during a turn.

Short: what cannot be had in time cannot be measured, and then it counts as sound.
"""

from typing import Final

import requests
import structlog

from app import clock
from app.phone.account import credentials, recording_url
from app.phone.fields import SID
from app.phone.sound import measure
from app.settings import Settings

log = structlog.get_logger(__name__)

BUDGET: Final = 3.0  # seconds in all, of the 15 in which Twilio wants its answer
STEP: Final = 1.0  # seconds to connect, and between two pieces
PAUSE: Final = 0.25  # seconds: told as finished, a recording may not be there yet
LARGEST: Final = 8 * 1024 * 1024  # bytes
CHUNK: Final = 64 * 1024
MAY_LACK: Final = 2.0  # seconds that a whole recording may be shorter than was posted


def seconds_of_sound(wav: bytes | None, seconds: int) -> float | None:
    """Return how much of a recording is sound, in seconds; None where it cannot be measured.

    `seconds` is its length as posted: of one that is shorter, something is missing.
    """
    sound = measure(wav) if wav is not None else None
    if sound is None or sound.length < seconds - MAY_LACK:
        log.warning("sound_not_measured", seconds=seconds, fetched=wav is not None)
        return None
    return sound.heard


def fetch_quickly(settings: Settings, recording: str) -> bytes | None:
    """Return a recording from the provider within three seconds, by its sid; else None."""
    user, password = credentials(settings)
    if not (user and password and SID.fullmatch(recording)):
        return None
    deadline = clock.seconds() + BUDGET
    while clock.seconds() < deadline:
        try:
            wav = _read(recording_url(settings, recording), (user, password), deadline)
        except requests.RequestException:
            wav = None
        if wav is not None:
            return wav
        clock.wait(min(PAUSE, max(deadline - clock.seconds(), 0)))
    return None


def _read(url: str, auth: tuple[str, str], deadline: float) -> bytes | None:
    """Read the media in pieces; None when it is not there, too large, or too slow."""
    with requests.get(url, auth=auth, stream=True, timeout=STEP) as answer:
        if answer.status_code != requests.codes.ok:
            return None
        wav = bytearray()
        for piece in answer.iter_content(CHUNK):
            wav += piece
            if len(wav) > LARGEST or clock.seconds() > deadline:
                return None
        return bytes(wav)
