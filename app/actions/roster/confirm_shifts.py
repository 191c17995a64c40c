"""People confirm the shifts that they have next: asked, confirmed, and told of where they do not.

The worker asks; whoever was asked answers on their page, by the link in the SMS, or by what else
calls `confirm_shift`.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.entry_audit import wall
from app.actions.roster.roster_of_desk import roster_of_desk
from app.actions.roster.shown_rosters import RosterInUse, list_rosters, roster_in_use
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.health.opt_outs import OptOut, first_that_takes_sms
from app.domain.message_refs import MessageError, MessageRef, Value, ref
from app.domain.roster.calendar_events import CalendarEvent
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Roster
from app.domain.roster.shift_confirmations import (
    AskedShift,
    ConfirmationWork,
    confirmation_work,
    is_still_theirs,
)
from app.domain.texts.message import Message
from app.store import Database
from app.store.audit import add_audit_event
from app.store.outbox import NewJob, put_jobs
from app.store.roster_entries import lock_roster
from app.store.shift_confirmations import (
    add_asked_shift,
    asked_shifts,
    find_asked_shift,
    forget_confirmed,
    note_ended,
    note_told,
    save_confirmed,
)
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind
from app.store.users import list_users


@dataclass(frozen=True, slots=True)
class ShownShift:
    """A shift that somebody was asked about, with its roster as it is."""

    roster: RosterInUse
    one: AskedShift
    is_theirs: bool


def look_after_confirmations(database: Database, now: datetime) -> None:
    """Ask whoever is to be asked, end what was asked in vain, tell of what nobody confirms."""
    with database.read() as connection:
        asked = asked_shifts(connection, now)
    for in_use in list_rosters(database):
        theirs = tuple(one for one in asked if one.roster == in_use.id)
        if confirmation_work(in_use.plan, theirs, now):
            database.write(partial(_work, roster=in_use.id, now=now))


def confirm_shift(
    database: Database, whose: PersonLink, by: Author, only: int | None = None
) -> tuple[AskedShift, ...]:
    """Confirm a shift that somebody was asked about, or all of them; return those, each once more.

    MessageError where nothing waits to be confirmed. What was confirmed before stays as it was.
    """
    return database.write(partial(confirm_shift_in, whose=whose, by=by, only=only))


def confirm_shift_in(
    connection: Connection, whose: PersonLink, by: Author, only: int | None = None
) -> tuple[AskedShift, ...]:
    """Do it in a transaction in which more is done."""
    lock_roster(connection, whose.roster)
    found = roster_in_use(connection, whose.roster)
    if found is None:
        raise MessageError(ref("shift_confirmation.nothing"))
    theirs = _to_confirm(connection, found.plan, whose, by.at)
    chosen = tuple(one for one in theirs if only in (None, one.id))
    if not chosen:
        raise MessageError(ref("shift_confirmation.nothing"))
    for one in chosen:
        if one.confirmed_at is None:
            save_confirmed(connection, one, by)
            _audit(connection, found.plan, one, by, AuditKind.SHIFT_CONFIRMED)
    return chosen


def shifts_to_confirm_in(
    connection: Connection, plan: Roster, person: str, now: datetime
) -> tuple[AskedShift, ...]:
    """List what somebody was asked about and still has, in a transaction."""
    return _to_confirm(connection, plan, PersonLink(plan.id, person), now)


def take_confirmation_back(connection: Connection, plan: Roster, one: int, by: Author) -> bool:
    """Have a shift wait for its confirmation again; False where it was not confirmed, or is over.

    Others are then told as of any that nobody has confirmed.
    """
    lock_roster(connection, plan.id)
    asked = find_asked_shift(connection, one)
    if asked is None or asked.confirmed_at is None or asked.ended_at or asked.when.to <= by.at:
        return False
    forget_confirmed(connection, asked)
    _audit(connection, plan, asked, by, AuditKind.SHIFT_UNCONFIRMED)
    return True


def shifts_to_confirm(
    database: Database, whose: PersonLink, now: datetime
) -> tuple[AskedShift, ...]:
    """List what somebody was asked about and still has: confirmed, or waiting for it."""
    with database.read() as connection:
        found = roster_in_use(connection, whose.roster)
        return _to_confirm(connection, found.plan, whose, now) if found else ()


def confirmations_of_desk(
    database: Database, desk: str, now: datetime
) -> tuple[Roster, tuple[AskedShift, ...]]:
    """List what people of a desk's roster were asked about and still have."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        return roster, _still_theirs(connection, roster, now)


def shifts_of_roster(database: Database, roster: str, now: datetime) -> tuple[AskedShift, ...]:
    """List the same of a roster; none where no desk uses it."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return _still_theirs(connection, found.plan, now) if found else ()


def confirm_at_desk(
    database: Database, desk: str, person: str, by: Author
) -> tuple[Roster, tuple[AskedShift, ...]]:
    """Confirm for somebody, as a coordinator does; return what they were asked about as it is."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
    confirm_shift(database, PersonLink(roster.id, person), by)
    return roster, shifts_to_confirm(database, PersonLink(roster.id, person), by.at)


def show_asked_shift(database: Database, one: int, now: datetime) -> ShownShift | None:
    """Return a shift that somebody was asked about; None where nobody was, or it is long over."""
    with database.read() as connection:
        asked = find_asked_shift(connection, one)
        in_use = roster_in_use(connection, asked.roster) if asked else None
    if asked is None or in_use is None:
        return None
    is_theirs = asked.ended_at is None and is_still_theirs(in_use.plan, asked, now)
    return ShownShift(in_use, asked, is_theirs)


def _to_confirm(
    connection: Connection, plan: Roster, whose: PersonLink, now: datetime
) -> tuple[AskedShift, ...]:
    return tuple(one for one in _still_theirs(connection, plan, now) if one.person == whose.person)


def _still_theirs(connection: Connection, plan: Roster, now: datetime) -> tuple[AskedShift, ...]:
    asked = (one for one in asked_shifts(connection, now, plan.id) if one.ended_at is None)
    return tuple(one for one in asked if is_still_theirs(plan, one, now))


def _work(connection: Connection, roster: str, now: datetime) -> None:
    lock_roster(connection, roster)
    in_use = roster_in_use(connection, roster)
    if in_use is None:
        return
    work = confirmation_work(in_use.plan, asked_shifts(connection, now, roster), now)
    note_ended(connection, work.end, now)
    note_told(connection, work.tell, now)
    jobs = list(_jobs(connection, in_use, work, now))
    if jobs:
        put_jobs(connection, jobs, now)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is known to whoever tells people of a roster something at an instant."""

    in_use: RosterInUse
    users: tuple[User, ...]  # those who may log in
    opt_outs: Collection[OptOut]
    now: datetime

    @property
    def coordinators(self) -> Iterator[User]:
        """Who plans the roster."""
        here = Scope(roster=self.in_use.id)
        for user in self.users:
            its = (each for each in user.grants if each.role is AccessRole.COORDINATOR)
            if any(each.scope.covers(here) for each in its):
                yield user

    def users_of(self, person: str) -> Iterator[User]:
        """Who is this person of the roster."""
        link = PersonLink(self.in_use.id, person)
        return (user for user in self.users if user.person == link)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody of the roster is told, by SMS or, where that reaches none, by mail."""

    sms: MessageRef
    mail: MessageRef


def _jobs(
    connection: Connection, in_use: RosterInUse, work: ConfirmationWork, now: datetime
) -> Iterator[NewJob]:
    if not (work.ask or work.tell):
        return
    users = tuple(user for user in list_users(connection) if not user.is_disabled)
    telling = _Telling(in_use, users, load_opt_outs(connection), now)
    for event in work.ask:
        yield from _ask(connection, telling, event)
    for one in work.tell:
        yield from _tell(telling, one)


def _ask(connection: Connection, telling: _Telling, event: CalendarEvent) -> Iterator[NewJob]:
    in_use, now = telling.in_use, telling.now
    rules = in_use.plan.confirmation
    assert rules
    alarm_at = rules.alarm_at(event.when.from_, now)
    desk = in_use.desks[0].id
    new = AskedShift(0, in_use.id, desk, event.person, event.role, event.when, now, alarm_at)
    number = add_asked_shift(connection, new)
    values, dedup = _values(in_use, new), f"shift:{number}:ask"
    asked = _Asked(ref("shift_sms.confirm", **values), ref("shift_sms.confirm_mail", **values))
    yield from _to_person(telling, event.person, asked, dedup, confirmation=number)


def _tell(telling: _Telling, one: AskedShift) -> Iterator[NewJob]:
    """Tell those who are rung beside them, and the coordinators; contacts hear by the alarm."""
    in_use = telling.in_use
    values = {**_values(in_use, one), "name": in_use.plan.name_of(one.person)}
    text, late = ref("shift_sms.unconfirmed", **values), f"shift:{one.id}:late"
    beside = on_duty(in_use.plan, max(telling.now, one.when.from_)).ringing
    people = dict.fromkeys(each.person.id for each in beside if each.person)
    for person in people:
        if person != one.person:
            yield from _to_person(telling, person, _Asked(text, text), f"{late}:{person}")
    for user in telling.coordinators:
        yield _mail(telling, user, text, f"{late}:{user.email}", f"/rosters/{in_use.id}")


def _to_person(
    telling: _Telling, person: str, text: _Asked, dedup: str, confirmation: int | None = None
) -> Iterator[NewJob]:
    """An SMS to somebody of the roster; a mail where none of their numbers takes one."""
    known, desk = telling.in_use.plan.person(person), telling.in_use.desks[0]
    to = first_that_takes_sms(known.numbers, desk, telling.opt_outs) if known else None
    if known is None or to is None:
        for user in telling.users_of(person):
            yield _mail(telling, user, text.mail, f"{dedup}:{user.email}", "/my-duty")
        return
    message = _message(text.sms, known.language or desk.language)
    payload = _payload(telling.in_use, to, message, telling.now)
    payload["from"] = desk.lines[0].number
    if confirmation is not None:
        payload["confirmation"] = confirmation
    yield NewJob(JobKind.SMS, dedup, payload, desk=desk.id, person=person)


def _mail(telling: _Telling, user: User, text: MessageRef, dedup: str, path: str) -> NewJob:
    said, in_use = _message(text, user.language), telling.in_use
    payload = _payload(in_use, user.email, said, telling.now)
    payload |= {"subject": asdict(said), "path": path}
    return NewJob(JobKind.MAIL, dedup, payload, desk=in_use.desks[0].id, person=user.email)


def _payload(in_use: RosterInUse, to: str, message: Message, now: datetime) -> dict[str, object]:
    zone = in_use.plan.time_zone
    return {"to": to, "message": asdict(message), "at": now, "time_zone": zone}


def _message(text: MessageRef, language: str) -> Message:
    filling = tuple((name, value) for name, value in text.values if isinstance(value, Value))
    return Message(text.key, language, filling)


def _values(in_use: RosterInUse, one: AskedShift) -> dict[str, Value]:
    return {
        "desk": in_use.desks[0].name,
        "role": MessageRef(f"role.{one.role}"),
        "since": one.when.from_,
        "until": one.when.to,
    }


def _audit(
    connection: Connection, plan: Roster, one: AskedShift, by: Author, kind: AuditKind
) -> None:
    zone = ZoneInfo(plan.time_zone)
    told = {
        "duty_person": plan.name_of(one.person),
        "duty_role": str(one.role),
        "since": wall(one.when.from_, zone),
        "until": wall(one.when.to, zone),
    }
    subject = Subject(SubjectKind.ROSTER, plan.id)
    add_audit_event(connection, audit_event(kind, by, subject, {}, told))
