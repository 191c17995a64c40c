"""When somebody is asked to confirm a shift, and when others are told that they have not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TIME_TO_ANSWER: Final = timedelta(minutes=15)  # whoever was just given the shift has that at least


@dataclass(frozen=True, slots=True)
class ConfirmationRules:
    """How long before a shift: real hours, so that no clock change makes them longer or shorter."""

    asked: timedelta
    alarm: timedelta

    def is_asked_about(self, begins: datetime, now: datetime) -> bool:
        """Whether somebody with a shift that begins then is asked, if they were not yet."""
        return now + TIME_TO_ANSWER <= begins <= now + self.asked

    def alarm_at(self, begins: datetime, asked_at: datetime) -> datetime:
        """When others are told that nobody has confirmed: before the shift begins."""
        return min(max(begins - self.alarm, asked_at + TIME_TO_ANSWER), begins)
