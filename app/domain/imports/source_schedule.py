"""A schedule as every one of these products has it, under one name for each thing. Values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef
from app.domain.roster.rotation import RotationKind
from app.domain.time.intervals import Interval


class Source(StrEnum):
    """The products whose files are read."""

    OPSGENIE = "opsgenie"
    PAGERDUTY = "pagerduty"
    GRAFANA = "grafana"
    ILERT = "ilert"


@dataclass(frozen=True, slots=True)
class SourcePerson:
    """Somebody in the source: by what they are known there, and what they are called."""

    id: str
    name: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()

    @property
    def known_as(self) -> frozenset[str]:
        """What the source's lists of shifts may call them."""
        return frozenset(each.casefold() for each in (self.id, self.name, self.email) if each)


@dataclass(frozen=True, slots=True)
class SourceLayer:
    """Members who take turns. None is a member for whom nobody is planned.

    `over_others`: it takes the place of the layers before it; else it stands beside them.
    `hours` are pieces of a week in minutes from Monday's midnight; none means always.
    """

    name: str
    start: datetime
    kind: RotationKind
    every: int
    members: tuple[str | None, ...]
    end: datetime | None = None
    hours: tuple[tuple[int, int], ...] = ()
    over_others: bool = False


@dataclass(frozen=True, slots=True)
class SourceOverride:
    """A person takes the whole time."""

    person: str
    when: Interval


@dataclass(frozen=True, slots=True)
class SourceSchedule:
    """One schedule. `notes` are what its file says and a roster cannot say."""

    id: str
    name: str
    zone: ZoneInfo
    people: tuple[SourcePerson, ...]
    layers: tuple[SourceLayer, ...]
    overrides: tuple[SourceOverride, ...] = ()
    notes: tuple[MessageRef, ...] = ()
