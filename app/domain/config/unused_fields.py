"""Fields that are read and kept, and that nothing uses yet: told at each check, once a desk."""

from collections.abc import Iterator

from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref


def unused_fields(desk: Desk) -> Iterator[MessageRef]:
    """Name each such part of the desk's document, and what stands in its place."""
    if desk.escalation:
        yield ref("unused_field.escalation")
    if any(words.definition.by_language for words in desk.priorities):
        yield ref("unused_field.definition")
