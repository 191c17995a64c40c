"""What a level is called: the desk's own word where it has one, else the product's neutral name."""

from app.domain.desks.desk import Desk, Priority
from app.domain.texts.message import MessageRef, Value


def priority_name(desk: Desk, level: Priority, language: str) -> Value:
    """Return the level's name in the language: the desk's own, else the neutral one."""
    own = desk.texts_for(level).name.in_language(language)
    return own if own is not None else MessageRef(f"priority.{level}")


def written_definition(desk: Desk, level: Priority, language: str) -> tuple[str, str]:
    """Return what the level means, to read, and the language of it: the asked one, else the desk's.

    Two empty strings where the desk has not written it in either.
    """
    definition = desk.texts_for(level).definition
    for each in (language, desk.language):
        if words := definition.in_language(each):
            return words, each
    return "", ""


def spoken_definition(desk: Desk, level: Priority, language: str) -> Value:
    """Return what a caller hears the level means: the desk's words, else neutral ones."""
    own = desk.texts_for(level).spoken.in_language(language)
    return own if own is not None else MessageRef(f"{level}_definition")
