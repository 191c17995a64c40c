"""Turns an answer about hours into what fills a reason's sentence.

Keys of names only (`weekday.mon`, `holiday.easter_monday`); the names are in the texts.
"""

from app.domain.roster.duty_hours import DutyHoursAnswer
from app.domain.texts.message import MessageRef, Value
from app.domain.time.hours import OpenAnswer

# Details that are keys of a name in the texts, and under which heading it stands there.
_NAMED = {"weekday": "weekday", "holiday": "holiday"}


def hours_values(answer: OpenAnswer) -> dict[str, Value]:
    """Return `why`, the named reason, and the details that its sentence holds."""
    values: dict[str, Value] = {"why": MessageRef(f"hours.{answer.reason}")}
    for name, value in answer.detail:
        values[name] = MessageRef(f"{_NAMED[name]}.{value}") if name in _NAMED else value
    return values


def duty_hours_values(answer: DutyHoursAnswer) -> dict[str, Value]:
    """Return `duty`, the named reason, and why the calendar behind it says so."""
    because = {} if answer.because is None else hours_values(answer.because)
    return {"duty": MessageRef(f"duty_hours.{answer.reason}"), **because}
