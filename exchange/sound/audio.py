"""The length of what the product plays, fetched as the network fetches it."""

import io
import re
import threading
import wave

import urllib3
from urllib3.exceptions import HTTPError

from exchange.clock import ticks


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
