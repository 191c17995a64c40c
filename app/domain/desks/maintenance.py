"""Work that a desk has planned: from when to when, and whom it concerns. Frozen facts.

Read from the desk's document by config/maintenance_part.py. Callers hear nothing of it: what they
hear is a known outage, which somebody marks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.texts.localized_text import LocalizedText


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One piece of planned work. Without customers it concerns all, without projects everything."""

    from_: datetime
    to: datetime
    words: LocalizedText
    announced: timedelta  # so long before it begins
    customers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()

    def has_begun(self, at: datetime) -> bool:
        """Tell whether it goes on now, where it is shown."""
        return self.from_ <= at

    def is_shown(self, at: datetime) -> bool:
        """Tell whether people are told of it: before it and during it."""
        return self.from_ - self.announced <= at < self.to

    def concerns(self, customers: Collection[str], project: str = "") -> bool:
        """Tell whether it concerns one of these customers, in a project where one is named."""
        is_theirs = not self.customers or any(each in customers for each in self.customers)
        return is_theirs and (not project or not self.projects or project in self.projects)


def shown_maintenance(
    planned: Iterable[Maintenance], customers: Collection[str], at: datetime, project: str = ""
) -> tuple[Maintenance, ...]:
    """Return what somebody of these customers is told of now, the earliest first."""
    found = (each for each in planned if each.is_shown(at) and each.concerns(customers, project))
    return tuple(sorted(found, key=lambda each: each.from_))
