"""A spoken message as the answer to a browser."""

from flask import Response


def wav_answer(media: bytes) -> Response:
    """Answer the sound, to be played on the page."""
    response = Response(media, content_type="audio/wav")
    response.headers["Cache-Control"] = "no-store"  # each listening is noted
    response.headers["Content-Disposition"] = 'inline; filename="message.wav"'
    return response
