"""Which call about a case this is, as the text that names it. No words stand here."""

from typing import Final

from app.domain.texts.message import MessageRef

LAST_NAMED: Final = 10


def nth(count: int) -> MessageRef:
    """Return the text `ordinal.2` to `ordinal.10`; beyond that it is yet another one."""
    return MessageRef(f"ordinal.{count}" if 2 <= count <= LAST_NAMED else "ordinal.more")
