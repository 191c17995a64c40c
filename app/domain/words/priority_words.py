"""What a level is called: the desk's own word where it has one, else the product's neutral name."""

from app.domain.decision import Named, Value
from app.domain.desk import Desk, Priority


def priority_name(desk: Desk, level: Priority, language: str) -> Value:
    """Return the level's name in the language: the desk's own, else the neutral one (X2)."""
    own = desk.words_for(level).name.in_language(language)
    return own if own is not None else Named(f"priority.{level}")


def spoken_definition(desk: Desk, level: Priority, language: str) -> Value:
    """Return what a caller hears the level means: the desk's words, else neutral ones."""
    own = desk.words_for(level).spoken.in_language(language)
    return own if own is not None else Named(f"{level}_definition")
