"""[working_hours] of roster.toml: how hours of duty are counted."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.domain.config.calendar_part import calendar, country, yearly_day
from app.domain.config.table_reader import TableReader
from app.domain.message_refs import MessageError, ref
from app.domain.roster.working_hours.rules import (
    LEAST_OF_THE_LAW,
    NOON,
    USUAL_RULES,
    Eve,
    WorkingHoursRules,
)
from app.domain.time.wall_time import MINUTES_A_DAY

RATIO: Final = re.compile(r"([0-9]{1,3})(?: ?/ ?([0-9]{1,3}))?")
SMALLEST: Final = Fraction(1, 24)  # an hour of a whole day and night: less is a slip of the pen


def working_hours(part: TableReader | None, time_zone: str) -> WorkingHoursRules:
    """Read how hours are counted; what is not written is as usual in Norway."""
    if part is None:
        return USUAL_RULES
    ratio = part.parsed("home_duty", _ratio, USUAL_RULES.home_duty)
    if ratio < LEAST_OF_THE_LAW:
        said = ref("diagnostic.low_ratio", ratio=str(ratio))
        part.document.warn((*part.path, "home_duty"), said)
    limits = _limits(part)
    holidays = country(part) if part.has("holidays") else USUAL_RULES.holidays
    eves = tuple(_eves(part)) if part.has("eves") else USUAL_RULES.eves
    hours = part.table("ordinary")
    ordinary = calendar(hours, "ordinary", time_zone) if hours else None
    part.close()
    return WorkingHoursRules(ratio, *limits, holidays, eves, ordinary)


def _ratio(text: str) -> Fraction:
    found = RATIO.fullmatch(text)
    if not found or int(found[2] or 1) == 0:
        raise MessageError(ref("diagnostic.bad_ratio.format", text=text[:40]))
    ratio = Fraction(int(found[1]), int(found[2] or 1))
    if not SMALLEST <= ratio <= 1:
        raise MessageError(ref("diagnostic.bad_ratio.size", text=text[:40], least=str(SMALLEST)))
    return ratio


def _limits(part: TableReader) -> tuple[int, int, int]:
    """When night ends, evening begins, and night begins."""
    usual = {
        "night_to": USUAL_RULES.night_ends,
        "evening_from": USUAL_RULES.evening_begins,
        "night_from": USUAL_RULES.night_begins,
    }
    limits = {key: (part.clock(key) if part.has(key) else at) or at for key, at in usual.items()}
    ends, evening, night = limits.values()
    if not 0 < ends < evening < night < MINUTES_A_DAY:
        part.document.error(part.path, ref("diagnostic.bands_not_in_order"))
        return USUAL_RULES.night_ends, USUAL_RULES.evening_begins, USUAL_RULES.night_begins
    return ends, evening, night


def _eves(part: TableReader) -> Iterator[Eve]:
    for table in part.list_of_tables("eves"):
        day = table.parsed("day", yearly_day, None) if table.needs("day") else None
        begins = table.clock("from") if table.has("from") else NOON
        table.close()
        if day and begins is not None:
            yield Eve(day, begins)
