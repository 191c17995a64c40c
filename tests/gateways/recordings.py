"""Recordings made for tests: a voice, an idle line, clicks, in the forms that networks use."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterable

RATE = 8000


def voice(seconds: float, loudness: int = 3000) -> list[int]:
    """Syllables of a fifth of a second with short pauses, as somebody speaks."""
    return [
        int(loudness * math.sin(2 * math.pi * 180 * at / RATE)) if at % 2400 < 1600 else 0
        for at in range(round(seconds * RATE))
    ]


def tone(seconds: float, loudness: int = 3000, hertz: float = 440) -> list[int]:
    """One even tone."""
    return [
        int(loudness * math.sin(2 * math.pi * hertz * at / RATE))
        for at in range(round(seconds * RATE))
    ]


def line(seconds: float, loudness: int = 30, seed: int = 1) -> list[int]:
    """The hiss of a line on which nobody speaks."""
    drawn = random.Random(seed)
    return [drawn.randint(-loudness, loudness) for _ in range(round(seconds * RATE))]


def over(first: list[int], second: list[int]) -> list[int]:
    """Two sounds at once; the shorter one ends earlier."""
    shorter, longer = sorted((first, second), key=len)
    return [
        a + b for a, b in zip(longer, shorter + [0] * (len(longer) - len(shorter)), strict=True)
    ]


def wav_16(samples: Iterable[int], channels: int = 1, rate: int = RATE) -> bytes:
    data = b"".join(struct.pack("<h", max(-32768, min(32767, sample))) for sample in samples)
    return _wav(1, 16, data, channels, rate)


def wav_8(samples: Iterable[int]) -> bytes:
    return _wav(1, 8, bytes(sample // 256 + 128 for sample in samples), 1, RATE)


def wav_mu_law(samples: Iterable[int]) -> bytes:
    return _wav(7, 8, bytes(mu_law(sample) for sample in samples), 1, RATE)


def mu_law(sample: int) -> int:
    """G.711: sign, exponent and mantissa, all bits turned."""
    sign, size = (0x80 if sample < 0 else 0), min(abs(sample), 32635) + 0x84
    exponent = size.bit_length() - 8
    return ~(sign | exponent << 4 | (size >> exponent + 3) & 0x0F) & 0xFF


def _wav(tag: int, bits: int, data: bytes, channels: int, rate: int) -> bytes:
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST\x03\x00\x00\x00abc\x00"
    body = b"WAVE" + chunks + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body
