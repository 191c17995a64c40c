"""Fields that are read and kept, and that nothing uses yet: told at each check, once a desk."""

from collections.abc import Iterator

from app.domain.desks.desk import Desk


def unused_fields(desk: Desk) -> Iterator[str]:
    """Name each such part of the desk's document, and what stands in its place."""
    if desk.escalation:
        yield "[escalation] alerts nobody yet: [[contacts]] are alerted when nobody takes a ticket"
    if any(words.definition.by_language for words in desk.priorities):
        yield "“definition” is shown nowhere yet: callers hear “spoken”"
