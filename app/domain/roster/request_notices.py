"""Who is told of what becomes of a request, and in which words. Which address is the action's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.duty_slots import DutySlot
from app.domain.roster.plan import Roster

People = Callable[[DutyRequest], tuple[str, ...]]


class Notice(StrEnum):
    """What has happened to a request."""

    ASKED = "asked"
    TAKEN = "taken"
    NOBODY = "nobody"  # everybody who was asked has said no
    DECLINED = "declined"
    AWAITS_APPROVAL = "awaits_approval"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNAPPROVED = "unapproved"  # both wanted to swap, and it was not approved in time
    ENDED = "ended"
    UNDONE = "undone"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: people of the roster by SMS and mail, coordinators by mail."""

    people: People
    coordinators: bool


def _asker(request: DutyRequest) -> tuple[str, ...]:
    return (request.slot.person,)


def _asked(request: DutyRequest) -> tuple[str, ...]:
    """Those who were asked and have not said no."""
    return tuple(each.person for each in request.answers if each.is_yes is not False)


def _both(request: DutyRequest) -> tuple[str, ...]:
    return (*_asker(request), *_asked(request))


def _agreed(request: DutyRequest) -> tuple[str, ...]:
    return (request.slot.person, *filter(None, (request.taker,)))


AUDIENCES: Final[Mapping[Notice, Audience]] = {
    Notice.ASKED: Audience(_asked, coordinators=False),
    Notice.TAKEN: Audience(_both, coordinators=True),
    Notice.NOBODY: Audience(_asker, coordinators=True),
    Notice.DECLINED: Audience(_asker, coordinators=False),
    Notice.AWAITS_APPROVAL: Audience(_asker, coordinators=True),
    Notice.REFUSED: Audience(_both, coordinators=False),
    Notice.WITHDRAWN: Audience(_asked, coordinators=False),
    Notice.EXPIRED: Audience(_asker, coordinators=True),
    Notice.UNAPPROVED: Audience(_agreed, coordinators=True),
    Notice.ENDED: Audience(_both, coordinators=True),
    Notice.UNDONE: Audience(_agreed, coordinators=True),
    Notice.MOVED: Audience(_agreed, coordinators=True),
}


def notice_text(notice: Notice, request: DutyRequest, roster: Roster, desk: str) -> MessageRef:
    """What is said, whoever reads it: as an SMS, and over a mail."""
    values: dict[str, RefValue] = {"desk": desk, "what": request_text(request, roster)}
    match notice:
        case Notice.ASKED:
            return ref(f"request_sms.asked_{request.kind}", **values)
        case Notice.TAKEN:
            return ref("request_sms.taken", who=roster.name_of(request.taker or ""), **values)
        case _:
            return ref(f"request_sms.{notice}", **values)


def request_text(request: DutyRequest, roster: Roster) -> MessageRef:
    """Which shifts a request is about, and whose they are."""
    owner, slot = roster.name_of(request.slot.person), slot_text(request.slot)
    if request.wanted is None:
        return ref("duty_request.cover", owner=owner, slot=slot)
    other, wanted = roster.name_of(request.wanted.person), slot_text(request.wanted)
    return ref("duty_request.swap", owner=owner, slot=slot, other=other, wanted=wanted)


def slot_text(slot: DutySlot) -> MessageRef:
    """A shift: the role, from when and until when."""
    role = MessageRef(f"role.{slot.role}")
    return ref("duty_request.slot", role=role, since=slot.when.from_, until=slot.when.to)
