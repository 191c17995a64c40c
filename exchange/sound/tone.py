"""What a recording holds: a tone for a caller's speech, and the faint hum of a line without any."""

import io
import math
import struct
import wave

RATE = 8000
VOICE, IDLE = 8000, 40  # how loud, of 32767


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
