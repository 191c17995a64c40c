"""[confirm_shifts] of roster.toml: whether people confirm their shifts, and until when."""

from datetime import timedelta
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.message_refs import ref
from app.domain.roster.confirmation_rules import ConfirmationRules

HOUR: Final = timedelta(hours=1)
MOST_HOURS: Final = 14 * 24
USUAL_ALARM_HOURS: Final = 2


def confirmation(part: TableReader | None) -> ConfirmationRules | None:
    """Read when people are asked; None where the document does not say."""
    if part is None:
        return None
    part.needs("hours_before")
    asked = part.whole("hours_before", 1, MOST_HOURS, MOST_HOURS)
    alarm = part.whole("alarm_hours_before", 0, MOST_HOURS, min(USUAL_ALARM_HOURS, asked // 2))
    part.close()
    if alarm >= asked:
        said = ref("diagnostic.alarm_before_asking", asked=asked, alarm=alarm)
        part.error("alarm_hours_before", said)
        return None
    return ConfirmationRules(asked * HOUR, alarm * HOUR)
