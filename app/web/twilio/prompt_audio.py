"""The sounds that the network plays: recorded sentences, and the tone while it rings.

The network asks for them without a signature, and keeps them as long as it is told.
"""

import io
import math
import struct
import wave
from functools import cache
from typing import Final

from flask import Blueprint, Response, abort, request, send_file

from app.web.services import current_services

prompts = Blueprint("prompts", __name__, url_prefix="/twilio/prompt")

KEEP_SECONDS: Final = 86_400
# The ringing tone as callers in Norway know it: 425 Hz, one second on, four off.
SAMPLES_A_SECOND, HERTZ, SECONDS_ON, SECONDS_OFF = 8000, 425, 1, 4
LOUDNESS: Final = 6000  # of 32767


@prompts.get("/<language>/<key>.mp3")
def recorded_prompt(language: str, key: str) -> Response:
    """Send a recorded sentence."""
    file = current_services().recordings.file(language, key)
    if file is None:
        abort(404)
    return send_file(file.resolve(), mimetype="audio/mpeg", conditional=True, max_age=KEEP_SECONDS)


@prompts.get("/ringing.wav")
def ringing() -> Response:
    """Send the tone that a caller in the queue hears."""
    response = Response(ringing_tone(), content_type="audio/wav")
    response.cache_control.public = True
    response.cache_control.max_age = KEEP_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def ringing_tone() -> bytes:
    """Make one call-out of the ringing tone: 8 kHz mono, which every telephone can play."""
    beep = b"".join(
        struct.pack("<h", round(LOUDNESS * math.sin(2 * math.pi * HERTZ * at / SAMPLES_A_SECOND)))
        for at in range(SAMPLES_A_SECOND * SECONDS_ON)
    )
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_A_SECOND)
        file.writeframes(beep + bytes(2 * SAMPLES_A_SECOND * SECONDS_OFF))
    return sound.getvalue()
