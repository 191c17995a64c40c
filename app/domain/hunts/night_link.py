"""The link in an SMS of the duty: for one ticket and one person, and for two hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.texts.message import Message

LINK_HOLDS: Final = timedelta(hours=2)
CARRY_LINK: Final = ("sms_duty", "sms_call_out")
CARRY_NONE: Final = "sms_duty_note"  # it comes with one that carries the link


@dataclass(frozen=True, slots=True)
class DutySms:
    """An SMS that told somebody of the duty about a ticket; its link names it by `id`."""

    id: int
    ticket: int
    person: str
    desk: str
    told_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Tell whether its link holds no longer."""
        return now >= self.told_at + LINK_HOLDS


def carries_link(message: Message) -> bool:
    """Tell whether the SMS is for somebody who may take the ticket: shadows may not."""
    is_told = message.key.startswith(CARRY_LINK) and message.key != CARRY_NONE
    return is_told and "shadow" not in dict(message.values)
