"""Frequent questions that fit what somebody writes. Plain: by the beginnings of words."""

import re
from collections.abc import Iterable
from typing import Final

from app.domain.desks.case_types import Question, own_words

WORD: Final = re.compile(r"\w+")
SHORTEST: Final = 4  # what is shorter stands in every question
STEM: Final = 6  # «passordet» and «passord» are one word
MOST: Final = 3


def found_questions(
    questions: Iterable[Question], sought: str, language: str
) -> tuple[Question, ...]:
    """Return the questions in which all that is looked for stands; all of them for nothing."""
    words = sought.casefold().split()
    return tuple(
        each for each in questions if all(word in _words_of(each, language) for word in words)
    )


def suggested_questions(
    questions: Iterable[Question], written: str, language: str
) -> tuple[Question, ...]:
    """Return the few questions that have most in common with what somebody writes."""
    stems = {word[:STEM] for word in WORD.findall(written.casefold()) if len(word) >= SHORTEST}
    counted = [(_in_common(each, stems, language), each) for each in questions]
    fitting = [(count, each) for count, each in counted if count]
    fitting.sort(key=lambda pair: -pair[0])
    return tuple(each for _, each in fitting[:MOST])


def _in_common(question: Question, stems: set[str], language: str) -> int:
    text = own_words(question.question, language).casefold()
    return sum(2 for stem in stems if stem in text) + sum(
        1 for stem in stems if stem in own_words(question.answer, language).casefold()
    )


def _words_of(question: Question, language: str) -> str:
    both = (own_words(question.question, language), own_words(question.answer, language))
    return " ".join(both).casefold()
