"""The language of an answer's words: what the client accepts, else English."""

from flask import request

from app.domain.texts.languages import FOR_ALL_OTHERS, first_of_ours


def answer_language() -> str:
    """Return the first language of Accept-Language that we have."""
    return first_of_ours(request.accept_languages.values()) or FOR_ALL_OTHERS
