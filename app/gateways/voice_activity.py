"""How much of a recording is sound: measured from its samples. Pure; fetches nothing.

Telephone recordings: WAV with 16-bit or 8-bit PCM, or µ-law (G.711).
"""

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from operator import mul
from struct import error, unpack_from
from typing import Final

FRAME: Final = 0.02  # seconds: loudness is taken over so much
SHORTEST: Final = 3  # frames: what is shorter is a click
LONGEST_GAP: Final = 15  # frames: speech pauses between words, and goes on
RATES: Final = range(4_000, 96_001)

# Loudness in the scale of 16 bits. Somebody speaking has some 500 to 5000 on a telephone, an
# idle line 5 to 50. What is louder than LOUD is sound, however even it is.
QUIET: Final = 150.0
LOUD: Final = 700.0
ABOVE_FLOOR: Final = 3.0  # how much louder than the line itself a voice is
FLOOR_SHARE: Final = 0.1  # the quietest tenth of the frames is the line itself

# The form of the samples, as a WAV names it: (tag, bits).
PCM_16, PCM_8, MU_LAW = (1, 16), (1, 8), (7, 8)


@dataclass(frozen=True, slots=True)
class VoiceActivity:
    """How long a recording is, and how much of it is sound; both in seconds."""

    length: float
    heard: float


@dataclass(frozen=True, slots=True)
class _Form:
    tag: int
    channels: int
    rate: int
    bits: int


def measure(wav: bytes) -> VoiceActivity | None:
    """Measure a recording; None for what is no WAV that we can read."""
    try:
        form, data = _parts(wav)
    except (ValueError, error):
        return None
    samples = _samples(form, data)
    if samples is None:
        return None
    size = max(round(form.rate * FRAME), 1) * form.channels
    loudness = [_loudness(samples[at : at + size]) for at in range(0, len(samples), size)]
    threshold = _threshold(loudness)
    frames = _without_gaps([each >= threshold for each in loudness])
    length = len(samples) / form.channels / form.rate
    return VoiceActivity(length, min(frames * FRAME, length))


def _parts(wav: bytes) -> tuple[_Form, bytes]:
    """Find the form and the samples; ValueError or struct's error where there are none."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("no WAV")
    form: _Form | None = None
    for name, start, size in _chunks(wav):
        if name == b"fmt ":
            tag, channels, rate, _, _, bits = unpack_from("<HHIIHH", wav, start)
            form = _Form(tag, channels, rate, bits)
        elif name == b"data" and form:
            return form, wav[start : start + size]  # one that is still written promises too much
    raise ValueError("no samples")


def _chunks(wav: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(wav):
        name, size = unpack_from("<4sI", wav, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _samples(form: _Form, data: bytes) -> "array[int] | None":
    if form.rate not in RATES or not 1 <= form.channels <= 2:
        return None
    kind = (form.tag, form.bits)
    if kind == PCM_16:
        samples = array("h")
        samples.frombytes(data[: len(data) // 2 * 2])
        if sys.byteorder == "big":
            samples.byteswap()
        return samples
    if kind == PCM_8:
        return array("h", ((byte - 128) * 256 for byte in data))
    return array("h", map(FROM_MU_LAW.__getitem__, data)) if kind == MU_LAW else None


def _linear(byte: int) -> int:
    """Turn a µ-law byte into a sample (G.711)."""
    turned = ~byte & 0xFF
    size = (((turned & 0x0F) << 3) + 0x84 << (turned >> 4 & 7)) - 0x84
    return -size if turned & 0x80 else size


FROM_MU_LAW: Final = tuple(_linear(byte) for byte in range(256))


def _loudness(frame: "array[int]") -> float:
    """Return the root of the mean square around the mean: a steady offset is no sound."""
    mean = sum(frame) / len(frame)
    return sqrt(max(sum(map(mul, frame, frame)) / len(frame) - mean * mean, 0.0))


def _threshold(loudness: list[float]) -> float:
    if not loudness:
        return LOUD
    floor = sorted(loudness)[int(len(loudness) * FLOOR_SHARE)]
    return min(max(QUIET, floor * ABOVE_FLOOR), LOUD)


def _without_gaps(loud: list[bool]) -> int:
    """Count the loud frames, with the short pauses between them and without clicks."""
    count, last_end = 0, None
    for start, end in _runs(loud):
        if end - start < SHORTEST:
            continue
        if last_end is not None and start - last_end <= LONGEST_GAP:
            count += start - last_end
        count += end - start
        last_end = end
    return count


def _runs(loud: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, is_loud in enumerate([*loud, False]):
        if is_loud and start is None:
            start = at
        elif not is_loud and start is not None:
            yield start, at
            start = None
