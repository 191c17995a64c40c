"""The forms by which colleagues are asked for cover, and a swap is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.actions.roster.shift_candidates import shift_candidates
from app.actions.roster.shown_rosters import RosterInUse
from app.domain.message_refs import MessageRef, ref
from app.domain.roles import Role
from app.domain.roster.duty_slots import LONGEST_ASKED, DutySlot, slot_at, slots_between
from app.domain.roster.own_duty import LOOK_AHEAD
from app.domain.roster.request_notices import slot_text
from app.domain.time.intervals import Interval
from app.domain.time.typed_moments import MomentRead, TimeField, read_typed_moment
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.roster_change_form import LONGEST_REASON, candidate_text
from app.web.services import current_services

MOST_OFFERED: Final = 60  # shifts of others among which one is chosen


class Cover(BaseModel):
    """Whom to ask, and why."""

    people: list[str]
    why: str = Limits("", max_length=LONGEST_REASON)


class Swap(BaseModel):
    """Which shift is wanted, and why."""

    wanted: str
    why: str = Limits("", max_length=LONGEST_REASON)


COVER: Final[Form[Cover]] = Form(
    "cover_form", Cover, (Field("people", Kind.CHECKBOXES, has_hint=True), Field("why"))
)
SWAP: Final[Form[Swap]] = Form(
    "swap_form", Swap, (Field("wanted", Kind.RADIOS, has_hint=True), Field("why"))
)


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """Whose shifts of which time somebody asks about, as an address or a form says it."""

    roster: RosterInUse
    person: str
    given: Mapping[str, str]
    now: datetime

    @property
    def carried(self) -> dict[str, str]:
        """What the form sends once more."""
        return {name: self.given.get(name, "") for name in ("person", "since", "until", "role")}

    @property
    def slots(self) -> tuple[DutySlot, ...]:
        """The shifts, from now on."""
        when, role = self._when, self.given.get("role", "")
        if when is None:
            return ()
        found = slots_between(self.roster.plan, self.person, when)
        return tuple(each for each in found if role in ("", each.role))

    @property
    def slot(self) -> DutySlot | None:
        """The one shift that a swap offers."""
        found = self.slots
        return found[0] if len(found) == 1 else None

    @property
    def _when(self) -> Interval | None:
        zone = self.roster.plan.time_zone
        since = read_typed_moment(self.given.get("since", ""), TimeField(self.now, zone))
        if not isinstance(since, MomentRead):
            return None
        asked = TimeField(self.now, zone, start=since.at)
        until = read_typed_moment(self.given.get("until", ""), asked)
        if not isinstance(until, MomentRead):
            return None
        from_ = max(since.at, self.now)
        if not from_ < until.at <= from_ + LONGEST_ASKED:
            return None
        return Interval(from_, until.at)


def cover_form(asked: AskedAbout, slots: Sequence[DutySlot]) -> FilledForm[Cover]:
    """The form with everybody who could have the shifts, the free ones chosen."""
    options, free = _colleagues(asked, slots)
    form = COVER.blank({"people": options})
    form.typed = {"people": free or tuple(each.value for each in options)}
    return form


def read_cover(
    asked: AskedAbout, slots: Sequence[DutySlot], sent: MultiDict[str, str]
) -> FilledForm[Cover]:
    """The form as it was sent."""
    options, _ = _colleagues(asked, slots)
    form = COVER.read(sent, {"people": options})
    if not any(form["people"].values):
        form.errors["people"] = ref("duty_request_refused.nobody_asked")
    return form


def swap_form(asked: AskedAbout, sent: MultiDict[str, str] | None = None) -> FilledForm[Swap]:
    """The form with the coming shifts of others, as it was sent or as it is shown first."""
    options = {"wanted": [Option(value_of(each), _words(asked, each)) for each in _others(asked)]}
    return SWAP.blank(options) if sent is None else SWAP.read(sent, options)


def chosen(asked: AskedAbout, value: str) -> DutySlot | None:
    """The shift that was chosen."""
    return next((each for each in _others(asked) if value_of(each) == value), None)


def value_of(slot: DutySlot) -> str:
    """A shift as a form sends it."""
    return f"{slot.person}|{slot.role}|{slot.when.from_.isoformat()}"


def _colleagues(
    asked: AskedAbout, slots: Sequence[DutySlot]
) -> tuple[list[Option], tuple[str, ...]]:
    """Everybody else with hours, rest and conflicts, the fairest first; and those who are free."""
    span = Interval(slots[0].when.from_, max(each.when.to for each in slots))
    found = shift_candidates(current_services().database, asked.roster, span)
    others = [each for each in found if each.person != asked.person]
    free = tuple(each.person for each in others if not each.conflicts)
    return [Option(each.person, candidate_text(each)) for each in others], free


def _others(asked: AskedAbout) -> list[DutySlot]:
    """The coming shifts of others, the next ones first."""
    plan, ahead = asked.roster.plan, Interval(asked.now, asked.now + LOOK_AHEAD)
    found = [
        whole
        for person in plan.people
        if person.id != asked.person
        for each in slots_between(plan, person.id, ahead)
        if (whole := slot_at(plan, person.id, Role(each.role), each.shift))
        and whole.when.from_ > asked.now
    ]
    return sorted(found, key=lambda each: (each.when, each.role))[:MOST_OFFERED]


def _words(asked: AskedAbout, slot: DutySlot) -> MessageRef:
    name = asked.roster.plan.name_of(slot.person)
    return ref("duty_request.cover", owner=name, slot=slot_text(slot))
