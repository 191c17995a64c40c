"""The tone that stands for a caller's voice in a recording."""

import io
import math
import struct
import wave

RATE = 8000


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    """A WAV file, 8 kHz mono 16 bit, with a tone of this length."""
    period = round(RATE / hertz)
    wanted = round(seconds * RATE)
    one = b"".join(
        struct.pack("<h", int(8000 * math.sin(2 * math.pi * at / period))) for at in range(period)
    )
    frames = (one * (wanted // period + 1))[: wanted * 2]
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return out.getvalue()
