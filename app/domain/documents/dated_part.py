"""Dates and moments in documents, as TOML writes them."""

from datetime import date, datetime
from typing import Final

from app.domain.documents.section import Section

# No duty is older, none is planned further ahead; calculations near the ends of time fail.
YEARS: Final = range(2000, 2200)


def date_at(section: Section, key: str) -> date | None:
    """Return a date written as TOML writes it: 2026-12-24. The key is needed."""
    if not section.needs(key):
        return None
    value = section.values[key]
    if isinstance(value, date) and not isinstance(value, datetime) and value.year in YEARS:
        return value
    section.error(key, "wrong_type", f"“{key}” must be a date such as 2026-12-24, without quotes")
    return None


def moment_at(section: Section, key: str) -> datetime | None:
    """Return a wall time such as 2026-12-24T08:00:00, or an instant with its offset.

    The key is needed. Also read as text, where a day and a time stand in quotes.
    """
    if not section.needs(key):
        return None
    value = section.values[key]
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = None
    if isinstance(value, datetime) and value.year in YEARS:
        return value
    section.error(
        key, "wrong_type", f"“{key}” must be a local wall time such as 2026-12-24T08:00:00"
    )
    return None
