"""Frequent questions of a desk, in the language of the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.desks.case_types import Question, own_words
from app.web.pages.language import page_language


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question and its answer."""

    question: str
    answer: str


def shown(questions: Iterable[Question]) -> tuple[ShownQuestion, ...]:
    """Return the questions as the page shows them."""
    language = page_language()
    return tuple(
        ShownQuestion(own_words(each.question, language), own_words(each.answer, language))
        for each in questions
    )
