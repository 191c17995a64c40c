"""Which plan was in force when: documents from their import on, and entries while they stood.

The past stays as it was routed. The first documents hold for the time before them as well, and
an entry that was made afterwards is a correction: it counts while nobody has withdrawn it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from app.domain.desks.desk import Desk
from app.domain.roster.entries import Dated, RosterEntry, with_dated
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.duty_time import DeskDuty, PlanInForce
from app.domain.time.intervals import Interval
from app.domain.time.segments import BEGINNING

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """A document, and from when on it was live."""

    at: datetime
    document: T


@dataclass(frozen=True, slots=True)
class RosterHistory:
    """Every version of a roster's document, the first one first, and every entry it has had."""

    versions: tuple[Version[Roster], ...]
    entries: tuple[RosterEntry, ...] = ()


def plans_in_force(
    desks: Sequence[tuple[Version[Desk], ...]], roster: RosterHistory, span: Interval
) -> Iterator[PlanInForce]:
    """Yield the plans of a span, one after another, with the desks whose duty the roster had."""
    first = min((versions[0].at for versions in desks), default=BEGINNING)
    documents = _since(roster.versions, roster.versions[0].at)
    theirs = [_since(versions, first) for versions in desks]
    changes = {each.at for each in documents}.union(*({v.at for v in each} for each in theirs))
    limits = sorted({span.from_, span.to, *(at for at in changes if at in span)})
    dated = tuple(as_it_stood(roster.entries))
    for from_, to in pairwise(limits):
        live = _live(documents, from_)
        desks_then = tuple(_live(versions, from_) for versions in theirs)
        duties = tuple(_duties(desks_then, live.id)) if live else ()
        if live and duties:
            yield PlanInForce(Interval(from_, to), with_dated(live, dated), duties)


def as_it_stood(entries: Iterable[RosterEntry]) -> Iterator[Dated]:
    """Yield the overrides and absences for as long as a call would have met them.

    A withdrawn one counts from when it was made until it was withdrawn.
    """
    for entry in entries:
        dated = entry.dated
        if entry.withdrawal:
            from_ = max(dated.from_, entry.made_at)
            dated = replace(dated, from_=from_, to=min(dated.to, entry.withdrawal.at))
        if dated.from_ < dated.to:
            yield dated


def _since(versions: tuple[Version[T], ...], first: datetime) -> tuple[Version[T], ...]:
    """The versions; one that was there first holds for the time before as well."""
    if versions and versions[0].at <= first:
        return (replace(versions[0], at=BEGINNING), *versions[1:])
    return versions


def _live(versions: tuple[Version[T], ...], at: datetime) -> T | None:
    return next((each.document for each in reversed(versions) if each.at <= at), None)


def _duties(desks: Iterable[Desk | None], roster: str) -> Iterator[DeskDuty]:
    for desk in desks:
        if desk and desk.duty and desk.roster == roster:
            yield DeskDuty(desk.id, desk.duty.hours, desk.telephone_calendars())
