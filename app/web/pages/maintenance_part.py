"""Planned work of a desk, in the language of the page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.desks.case_types import own_words
from app.domain.desks.desk import Desk
from app.domain.desks.maintenance import Maintenance, shown_maintenance
from app.web.pages.language import page_language


@dataclass(frozen=True, slots=True)
class ShownMaintenance:
    """One piece of planned work; `projects` are the names of those that it concerns alone."""

    from_: datetime
    to: datetime
    has_begun: bool
    is_within_a_day: bool
    words: str
    projects: tuple[str, ...]
    customers: tuple[str, ...]


def maintenance_for(
    desk: Desk, customers: Collection[str], at: datetime, project: str = ""
) -> tuple[ShownMaintenance, ...]:
    """Return what somebody of these customers is told of now."""
    found = shown_maintenance(desk.maintenance, customers, at, project)
    return shown(desk, found, at)


def maintenance_of(desk: Desk, at: datetime) -> tuple[ShownMaintenance, ...]:
    """Return all that is planned or goes on, for the desk."""
    left = sorted((e for e in desk.maintenance if at < e.to), key=lambda each: each.from_)
    return shown(desk, left, at)


def shown(desk: Desk, planned: Iterable[Maintenance], at: datetime) -> tuple[ShownMaintenance, ...]:
    """Return planned work as the page shows it."""
    language, zone = page_language(), ZoneInfo(desk.time_zone)
    names = {each.id: own_words(each.name, language) for each in desk.projects}
    return tuple(
        ShownMaintenance(
            each.from_,
            each.to,
            each.has_begun(at),
            each.from_.astimezone(zone).date() == each.to.astimezone(zone).date(),
            own_words(each.words, language),
            tuple(names[id_] for id_ in each.projects),
            each.customers,
        )
        for each in planned
    )
