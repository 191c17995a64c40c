"""Sound: the length of what the product plays, fetched as the network fetches it, and what a
recording holds: a tone for a caller's speech, and the faint hum of a line without any.
"""

import io
import math
import re
import struct
import threading
import wave

import urllib3
from urllib3.exceptions import HTTPError

from app.exchange.clock import ticks

RATE = 8000
VOICE, IDLE = 8000, 40  # how loud, of 32767


class AudioError(Exception):
    """A recording that could not be fetched."""


class AudioCache:
    """Fetches played audio once, honouring ETag and Cache-Control's max-age."""

    def __init__(self, default_seconds: float, fetch: bool) -> None:
        self._default = default_seconds
        self._fetch = fetch
        self._pool = urllib3.PoolManager(maxsize=4)
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, str, float]] = {}

    def seconds(self, url: str) -> float:
        """The length of a recording: exact for WAV, else the configured estimate.

        Raises AudioError when it cannot be had.
        """
        if not self._fetch:
            return self._default
        with self._lock:
            kept = self._kept.get(url)
        if kept and ticks() < kept[0]:
            return kept[2]
        return self._ask(url, kept)

    def _ask(self, url: str, kept: tuple[float, str, float] | None) -> float:
        headers = {"If-None-Match": kept[1]} if kept and kept[1] else {}
        try:
            response = self._pool.request("GET", url, headers=headers, timeout=5, retries=False)
        except HTTPError as error:
            raise AudioError(f"{url}: {type(error).__name__}") from error
        if response.status == 304 and kept:
            seconds = kept[2]
        elif response.status == 200:
            seconds = _length(response.data) or self._default
        else:
            raise AudioError(f"{url}: status {response.status}")
        age = re.search(r"max-age=(\d+)", response.headers.get("Cache-Control", ""))
        until = ticks() + (float(age[1]) if age else 0.0)
        with self._lock:
            self._kept[url] = (until, response.headers.get("ETag", ""), seconds)
        return seconds


def _length(data: bytes) -> float | None:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            return float(sound.getnframes()) / float(sound.getframerate())
    except (wave.Error, EOFError):
        return None


def recorded(loud: float, seconds: float) -> bytes:
    """A WAV file, 8 kHz mono 16 bit: a tone for as long as somebody spoke, then an idle line."""
    spoken, wanted = round(min(loud, seconds) * RATE), round(seconds * RATE)
    frames = _hum(440.0, VOICE, spoken) + _hum(50.0, IDLE, wanted - spoken)
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return out.getvalue()


def _hum(hertz: float, loudness: int, samples: int) -> bytes:
    period = round(RATE / hertz)
    one = b"".join(
        struct.pack("<h", int(loudness * math.sin(2 * math.pi * at / period)))
        for at in range(period)
    )
    return (one * (samples // period + 1))[: samples * 2]
