"""Which of our languages somebody wants, by what a terminal or a browser says."""

from collections.abc import Iterable, Mapping
from typing import Final

BY_CODE: Final = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en"}
LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
FOR_ALL_OTHERS: Final = "en"


def language_of_environment(environment: Mapping[str, str]) -> str:
    """Return the language of a terminal: `nb_NO.UTF-8` and `no_NO` are nb, `C` is en."""
    locales = (environment.get(name, "") for name in LOCALE_VARIABLES)
    return first_of_ours([next(filter(None, locales), "")]) or FOR_ALL_OTHERS


def first_of_ours(tags: Iterable[str]) -> str:
    """Return the first language that we have, of tags such as nb-NO or nb_NO; "" without one."""
    codes = (tag.replace("_", "-").partition("-")[0].partition(".")[0].lower() for tag in tags)
    return next((BY_CODE[code] for code in codes if code in BY_CODE), "")
