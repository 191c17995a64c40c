"""One person's duty: their shifts, who is rung beside them, and what they may change themselves.

All of it by the functions that calls are routed by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.access.actor import SMS, ActorKind
from app.domain.access.users import User
from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import duty_intervals
from app.domain.reasons import AccessCode, Reason, because
from app.domain.roles import Role
from app.domain.roster.calendar_events import CalendarEvent, calendar_events
from app.domain.roster.duty_status import duty_status
from app.domain.roster.entries import Dated, RosterEntry, is_over
from app.domain.roster.on_duty import OnDuty, on_duty
from app.domain.roster.plan import Absence, Override, Person, Roster
from app.domain.time.intervals import Interval

LOOK_AHEAD: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NextShift:
    """The shift that a person has, or has next; who is rung before and after them when it begins.

    `is_now`: a call would ring them at this minute. `desks` are those it answers for.
    """

    shift: CalendarEvent
    is_now: bool
    desks: tuple[Desk, ...]
    ahead: tuple[OnDuty, ...]
    behind: tuple[OnDuty, ...]


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """A person's shifts of the next 90 days, those going on too, and what others have."""

    person: Person
    shifts: tuple[CalendarEvent, ...]
    next: NextShift | None
    others: tuple[CalendarEvent, ...]  # what could be taken: no shadow's, nothing of one's own


def own_duty(roster: Roster, desks: Sequence[Desk], person: Person, now: datetime) -> OwnDuty:
    """Tell of one person's duty, as of now."""
    events = calendar_events(roster, Interval(now, now + LOOK_AHEAD))
    own = tuple(each for each in events if each.person == person.id)
    others = (each for each in events if each.person != person.id)
    return OwnDuty(
        person,
        own,
        _next(roster, desks, own, now),
        tuple(each for each in others if each.role is not Role.SHADOW),
    )


def duty_until(
    roster: Roster, desks: Sequence[Desk], person: str, now: datetime
) -> datetime | None:
    """Until when a call rings somebody by their shift; None while none does."""
    for desk in desks:
        for each in duty_status(desk, roster, now).ringing:
            if each.person and each.person.id == person and each.role is not Role.LAST_RESORT:
                return each.to
    return None


def own_change_refusal(person: str, dated: Dated) -> Reason | None:
    """Why somebody may not make a change in a roster by themselves; None where they may.

    Theirs are their own absence, their own time given to another, and another's time taken.
    """
    match dated:
        case Absence(person=who):
            is_own = who == person
        case Override(person=who, instead_of=instead):
            is_own = person in (who, instead)
    return None if is_own else because(AccessCode.NOT_OWN_DUTY)


def may_take_back(user: User, person: str, entry: RosterEntry, now: datetime) -> bool:
    """Whether a user may take a change back by themselves: their own one, which is not over."""
    by = entry.author
    is_users = by.kind is ActorKind.PERSON and by.id == user.actor.id
    is_theirs = is_users or (by.via == SMS and by.id == person)
    is_open = entry.withdrawal is None and not is_over(entry.dated, now)
    return is_theirs and is_open and own_change_refusal(person, entry.dated) is None


def _next(
    roster: Roster, desks: Sequence[Desk], own: tuple[CalendarEvent, ...], now: datetime
) -> NextShift | None:
    shift = next((each for each in own if each.role is not Role.SHADOW), None)
    if shift is None:
        return None
    is_now = duty_until(roster, desks, shift.person, now) is not None
    ringing = on_duty(roster, max(now, shift.when.from_)).ringing
    people = [each.person.id if each.person else "" for each in ringing]
    place = people.index(shift.person) if shift.person in people else 0
    answers = tuple(desk for desk in desks if _answers_for(desk, shift.when))
    return NextShift(shift, is_now, answers, ringing[:place], ringing[place + 1 :])


def _answers_for(desk: Desk, when: Interval) -> bool:
    if desk.duty is None:
        return False
    calendars = desk.telephone_calendars()
    return any(duty_intervals(desk.duty.hours, calendars, when.from_, when.to))
