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

    @property
    def borders(self) -> tuple[datetime, ...]:
        """Return the instants at which something else is told of it."""
        return self.from_ - self.announced, self.from_, self.to

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


def announced_maintenance(planned: Iterable[Maintenance], at: datetime) -> tuple[Maintenance, ...]:
    """Return what somebody is told of now, whoever it is, the earliest first."""
    return tuple(sorted((e for e in planned if e.is_shown(at)), key=lambda each: each.from_))


def shown_maintenance(
    planned: Iterable[Maintenance], customers: Collection[str], at: datetime, project: str = ""
) -> tuple[Maintenance, ...]:
    """Return what somebody of these customers is told of now, the earliest first."""
    announced = announced_maintenance(planned, at)
    return tuple(each for each in announced if each.concerns(customers, project))
