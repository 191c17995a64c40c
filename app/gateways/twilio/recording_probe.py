"""Listens to a recording while the caller waits: the one thing that is fetched during a turn.

Short: what cannot be had in time cannot be measured, and then it counts as sound.
"""

from typing import Final, Protocol

import requests
import structlog

from app.gateways.twilio.fields import SID
from app.gateways.twilio.rest_client import CHUNK, credentials, recording_url
from app.gateways.voice_activity import measure
from app.settings import ProviderSettings

log = structlog.get_logger(__name__)

BUDGET: Final = 3.0  # seconds in all, of the 15 in which Twilio wants its answer
CONNECT: Final = 1.0  # seconds of them for the connection
PAUSE: Final = 0.25  # seconds: told as finished, a recording may not be there yet
LARGEST: Final = 8 * 1024 * 1024  # bytes
MAY_LACK: Final = 2.0  # seconds that a whole recording may be shorter than was posted


class Stopwatch(Protocol):
    """What measures the budget: app/clock.py."""

    def seconds(self) -> float:
        """Return a count of seconds that only ever grows."""

    def wait(self, pause: float) -> None:
        """Let so many seconds pass."""


def seconds_of_voice(wav: bytes | None, seconds: int) -> float | None:
    """Return how much of a recording is sound, in seconds; None where it cannot be measured.

    `seconds` is its length as posted: of one that is shorter, something is missing.
    """
    sound = measure(wav) if wav is not None else None
    if sound is None or sound.length < seconds - MAY_LACK:
        log.warning("sound_not_measured", seconds=seconds, fetched=wav is not None)
        return None
    return sound.heard


def probe_recording(settings: ProviderSettings, recording: str, clock: Stopwatch) -> bytes | None:
    """Return a recording from the provider within three seconds, by its sid; else None."""
    user, password = credentials(settings)
    if not (user and password and SID.fullmatch(recording)):
        return None
    url, deadline = recording_url(settings, recording), clock.seconds() + BUDGET
    try:
        while (left := deadline - clock.seconds()) > 0:
            try:
                return _read(url, (user, password), deadline, clock)
            except _NotThereYet:
                clock.wait(min(PAUSE, left))
    except requests.RequestException as error:
        log.warning("recording_not_fetched", error=type(error).__name__)
    return None


class _NotThereYet(Exception):
    pass


def _read(url: str, auth: tuple[str, str], deadline: float, clock: Stopwatch) -> bytes | None:
    """Read the media in pieces; None when they are refused, too large, or too slow."""
    timeout = (CONNECT, max(deadline - clock.seconds(), PAUSE))
    with requests.get(url, auth=auth, stream=True, timeout=timeout) as answer:
        if answer.status_code == requests.codes.not_found:
            raise _NotThereYet
        if answer.status_code != requests.codes.ok:
            return None
        wav = bytearray()
        for piece in answer.iter_content(CHUNK):
            wav += piece
            if len(wav) > LARGEST or clock.seconds() > deadline:
                return None
        return bytes(wav)
