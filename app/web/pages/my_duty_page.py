"""`/my-duty`: a user's own shifts, the next one large, and what they do about them themselves."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.confirm_call_outs import own_call_outs
from app.actions.roster.confirm_shifts import confirm_shift, shifts_to_confirm
from app.actions.roster.duty_requests import own_requests
from app.actions.roster.own_duty import OwnRoster, show_own_roster, take_back
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.message_refs import MessageError
from app.domain.reasons import AccessCode, because
from app.domain.roles import Role
from app.domain.roster.calendar_events import CalendarEvent
from app.domain.roster.duty_requests import DutyRequest, RequestState
from app.domain.roster.entries import RosterEntry
from app.domain.roster.own_duty import OwnDuty, own_duty
from app.domain.roster.publication import is_published
from app.domain.roster.request_notices import request_text
from app.domain.roster.shift_confirmations import AskedShift
from app.domain.time.intervals import Interval
from app.web.page_access import Forbidden, needs, require
from app.web.pages.render import page, written
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author, current_user

PATH: Final = "/my-duty"
LATELY: Final = timedelta(days=7)  # so long somebody is reminded of a call-out

my_duty_page = Blueprint("my_duty_page", __name__, url_prefix=PATH)


@dataclass(frozen=True, slots=True)
class DoneHere:
    """What somebody has just changed, or taken back."""

    entry: RosterEntry
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class MyDutyView:
    """All that the page shows."""

    duty: OwnDuty
    now: datetime
    words: RosterWords
    changes: tuple[RosterEntry, ...]
    requests: tuple[DutyRequest, ...]  # those that wait, and what is agreed and not over
    done: DoneHere | None = None
    asked: tuple[AskedShift, ...] = ()  # the shifts that are to be confirmed, or are
    published_until: datetime | None = None
    unconfirmed: int = 0  # call-outs of the last days of which nothing has been said

    def left(self, event: CalendarEvent) -> dict[str, str]:
        """What is left of a shift, as a form or an address says it."""
        zone = ZoneInfo(self.words.roster.time_zone)
        when = Interval(max(event.when.from_, self.now), event.when.to)
        since, until = (at.astimezone(zone).isoformat("T", "minutes") for at in _ends(when))
        return {"since": since, "until": until, "role": str(event.role)}

    def taken(self, event: CalendarEvent) -> dict[str, str]:
        """The same of another's shift, to take it."""
        return {"instead_of": event.person, **self.left(event)}

    def give_address(self, event: CalendarEvent) -> str:
        """Where a colleague is chosen who gets a shift."""
        return f"{PATH}/change?{urlencode({'act': 'give', **self.left(event)})}"

    def request_address(self, kind: str, event: CalendarEvent) -> str:
        """Where cover is asked for a shift, or a swap offered."""
        return f"{PATH}/{kind}?{urlencode(self.left(event))}"

    def cover_address(self, entry: RosterEntry) -> str:
        """Where cover is asked for what an absence opens."""
        zone = ZoneInfo(self.words.roster.time_zone)
        ends = entry.dated.from_, entry.dated.to
        since, until = (at.astimezone(zone).isoformat("T", "minutes") for at in ends)
        return f"{PATH}/cover?{urlencode({'since': since, 'until': until})}"

    @property
    def asks_me(self) -> tuple[DutyRequest, ...]:
        """The requests that wait for this person's answer."""
        me = self.duty.person.id
        found = (each for each in self.requests if each.state is RequestState.OPEN)
        return tuple(each for each in found if _has_to_answer(each, me))

    @property
    def own_requests(self) -> tuple[DutyRequest, ...]:
        """The others in which this person stands."""
        return tuple(each for each in self.requests if each not in self.asks_me)

    def what(self, request: DutyRequest) -> str:
        """Which shifts a request is about, and whose."""
        return written(request_text(request, self.words.roster))

    @property
    def to_confirm(self) -> tuple[AskedShift, ...]:
        """The shifts that wait to be confirmed."""
        return tuple(one for one in self.asked if one.confirmed_at is None)

    def confirmed_at(self, event: CalendarEvent) -> datetime | None:
        """When a shift was confirmed; None where it was not."""
        found = (one.confirmed_at for one in self.asked if one.is_about(event))
        return next(found, None)

    def is_published(self, event: CalendarEvent) -> bool:
        """Whether a shift can be counted on; else it may still change."""
        return is_published(event.when.from_, self.published_until)

    @property
    def is_first_now(self) -> bool:
        """Whether they have the duty at this minute, and are rung before others."""
        next_one = self.duty.next
        return next_one is not None and next_one.is_now and next_one.shift.role is Role.PRIMARY

    def is_going_on(self, event: CalendarEvent) -> bool:
        """Whether a shift has begun."""
        return self.now in event.when


@my_duty_page.get("")
@needs(Permission.SEE_OWN_DUTY)
def my_duty() -> Response:
    """Show one's own duty; who stands on no roster is told how one comes there."""
    asked = request.args.get("done", "")
    entry = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else None
    user = current_user()
    own = show_own_roster(current_services().database, user, entry)
    if own is None:
        return page("my_duty_nobody.html", "my_duty.title")
    _require(Permission.SEE_OWN_DUTY, own)
    view = view_of(own, user)
    return page("my_duty.html", "my_duty.title", time_zone=_zone(own), view=view)


@my_duty_page.get("/take")
@needs(Permission.CHANGE_OWN_DUTY)
def take() -> Response:
    """Show what others have, to be taken from them."""
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    view = view_of(own, current_user())
    return page("my_duty_take.html", "my_duty.title_take", time_zone=_zone(own), view=view)


@my_duty_page.post("/entries/<int:entry>/withdraw")
@needs(Permission.CHANGE_OWN_DUTY)
def withdraw(entry: int) -> Response:
    """Take back what one has changed oneself."""
    own = own_roster(Permission.CHANGE_OWN_DUTY, entry)
    if not take_back(current_services().database, own, current_user(), entry, current_author()):
        raise Forbidden(because(AccessCode.NOT_OWN_CHANGE))
    return redirect(f"{PATH}?done={entry}#done", 303)


@my_duty_page.post("/shifts/<int:number>/confirm")
@needs(Permission.CHANGE_OWN_DUTY)
def confirm(number: int) -> Response:
    """Confirm a shift that one was asked about."""
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    with suppress(MessageError):  # it is theirs no more: the page shows what is
        confirm_shift(current_services().database, whose(own), current_author(), number)
    return redirect(PATH, 303)


def own_roster(permission: Permission, entry: int | None = None) -> OwnRoster:
    """The roster on which whoever is here stands; Forbidden where they may not do this there."""
    own = show_own_roster(current_services().database, current_user(), entry)
    if own is None:
        raise Forbidden(because(AccessCode.ON_NO_ROSTER))
    _require(permission, own)
    return own


def view_of(own: OwnRoster, user: User) -> MyDutyView:
    """Calculate what the page shows."""
    now, in_use = this_minute(), own.shown.roster
    changes = own.own_changes(user, now)
    asked = own.shown.asked
    done = DoneHere(asked, asked in changes) if asked and asked.author.id == user.actor.id else None
    duty = own_duty(in_use.plan, in_use.desks, own.person, now)
    theirs = own_requests(current_services().database, in_use.id, own.person.id, now)
    shifts = shifts_to_confirm(current_services().database, whose(own), now)
    words, until = RosterWords(in_use.plan, {}), in_use.published_until
    called = own_call_outs(current_services().database, in_use, own.person.id, clock.now())
    new = [each for each in called if each.measured.interval.to > now - LATELY]
    unconfirmed = sum(each.said is None for each in new)
    return MyDutyView(duty, now, words, changes, theirs, done, shifts, until, unconfirmed)


def whose(own: OwnRoster) -> PersonLink:
    """Who somebody is on their roster."""
    return PersonLink(own.shown.roster.id, own.person.id)


def this_minute() -> datetime:
    """Now, as it is written: what begins now begins with this minute."""
    return clock.now().replace(second=0, microsecond=0)


def _has_to_answer(request: DutyRequest, person: str) -> bool:
    said = request.answer_of(person)
    return said is not None and said.is_yes is None


def _require(permission: Permission, own: OwnRoster) -> None:
    require(permission, Scope(roster=own.shown.roster.id))


def _zone(own: OwnRoster) -> str:
    return own.shown.roster.plan.time_zone


def _ends(when: Interval) -> tuple[datetime, datetime]:
    return when.from_, when.to
