"""Short answers in plain text; what a person may read follows the browser's language."""

from flask import Response, request

from app.domain.message_refs import MessageRef
from app.domain.texts.languages import FOR_ALL_OTHERS, first_of_ours
from app.voice_prompts import texts


def plain(text: str, status: int) -> Response:
    """Answer in plain text."""
    return Response(text + "\n", status, content_type="text/plain; charset=utf-8")


def refusal(message: MessageRef, status: int) -> Response:
    """Refuse in the language of Accept-Language, else in English."""
    language = first_of_ours(request.accept_languages.values()) or FOR_ALL_OTHERS
    response = plain(texts().write(message, language), status)
    response.vary.add("Accept-Language")
    return response
