"""The language of an answer's words: what the client asks for or accepts, else English."""

from typing import Annotated, Final, Literal, cast

from flask import request
from pydantic import BaseModel, Field

from app.api.v1.services import api_services
from app.domain.message_refs import MessageRef
from app.domain.texts.languages import FOR_ALL_OTHERS, first_of_ours

LanguageCode = Literal["nb", "nn", "en"]
ACCEPTED: Final = "Accept-Language"


def answer_language() -> LanguageCode:
    """Return the language that the query asks for, else the first we have of Accept-Language."""
    wanted = (request.args.get("language", ""), *request.accept_languages.values())
    language = first_of_ours(wanted) or FOR_ALL_OTHERS
    return cast(LanguageCode, language)


AnswerLanguage = Annotated[
    LanguageCode,
    Field(
        default_factory=answer_language,
        description="The language of texts; without it that of Accept-Language, else English.",
    ),
]


class LanguageQuery(BaseModel):
    """The language of texts."""

    language: AnswerLanguage


def written(message: MessageRef) -> str:
    """Write a message in the language of this answer."""
    return api_services().texts.write(message, answer_language())
