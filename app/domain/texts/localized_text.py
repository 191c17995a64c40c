"""Words that somebody gives in the languages that they choose."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """The same words in the languages in which the desk gives them."""

    by_language: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> str | None:
        """Return the words in this language, or None where the desk gives none."""
        return next((words for code, words in self.by_language if code == language), None)


NO_WORDS: Final = LocalizedText()
