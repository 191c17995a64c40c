"""The public holidays that a timeline shows: those of the calendars that its desks live by."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef
from app.domain.time.public_holidays import holiday


def holidays_of(desks: Sequence[Desk], days: Iterable[date]) -> dict[date, MessageRef]:
    """Which of the days is a holiday for one of the desks, with its name."""
    countries = dict.fromkeys(country for desk in desks for country in _countries(desk))
    found: dict[date, MessageRef] = {}
    for day in days:
        for country in countries:
            named = holiday(country, day)
            if named:
                found.setdefault(day, MessageRef(f"holiday.{named.keys[0]}"))
    return found


def _countries(desk: Desk) -> Iterable[str]:
    calendars = desk.telephone_calendars()
    if desk.duty and desk.duty.hours.own:
        calendars = (*calendars, desk.duty.hours.own)
    return (each.holidays for each in calendars if each.holidays)
