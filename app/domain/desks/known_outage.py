"""A disturbance that a desk knows of: its callers hear of it, and may ask to be told its end.

A desk has one at a time: what 8 means, and which one is over, needs no further question.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.message_refs import MessageRef, ref
from app.domain.texts.localized_text import LocalizedText

NO_WORDS: Final = LocalizedText()
MOST_WORDS: Final = 200  # letters: about twelve seconds that every caller waits for


@dataclass(frozen=True, slots=True)
class KnownOutage:
    """A disturbance since an instant; `words` are what a desk says of it, or none."""

    id: int
    since: datetime
    words: LocalizedText = NO_WORDS


def why_not_said(text: str) -> MessageRef | None:
    """Say why words cannot be spoken to callers; None where they can."""
    if len(text) > MOST_WORDS:
        return ref("outage_refused.too_long", most=MOST_WORDS)
    if not text.isprintable():
        return ref("outage_refused.unprintable")
    return None
