"""What is counted of a person's duty: hours, or how many of something."""

from enum import StrEnum
from typing import Final


class FigureKind(StrEnum):
    """Every figure, in the order in which they are shown. The bands together are all duty."""

    DUTY = "duty"
    WEEKDAY = "weekday"
    EVENING = "evening"
    NIGHT = "night"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    EVE = "eve"
    HOLIDAY = "holiday"
    ANY_EVENING = "any_evening"
    ANY_NIGHT = "any_night"
    NIGHTS = "nights"
    WEEKEND_DAYS = "weekend_days"
    HOLIDAYS = "holidays"
    CALL_OUTS = "call_outs"
    CALL_OUT_TIME = "call_out_time"
    HOME_DUTY = "home_duty"
    CONVERTED = "converted"
    COUNTED = "counted"


# Hours of duty, of which a part is home duty that can be converted by itself.
CONVERTIBLE: Final = (
    FigureKind.WEEKDAY,
    FigureKind.EVENING,
    FigureKind.NIGHT,
    FigureKind.SATURDAY,
    FigureKind.SUNDAY,
    FigureKind.EVE,
    FigureKind.HOLIDAY,
    FigureKind.ANY_EVENING,
    FigureKind.ANY_NIGHT,
)
