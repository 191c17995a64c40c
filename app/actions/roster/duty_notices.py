"""Tells people of their coming shifts, and of a next shift that is moved, as they have chosen.

Each is told once by each channel: the outbox knows what was put in before.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse, list_rosters, roster_in_use
from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Values,
    audit_event,
    changes,
)
from app.domain.access.users import User
from app.domain.health.opt_outs import OptOut
from app.domain.message_refs import MessageRef
from app.domain.numbers import parse_number
from app.domain.roster.duty_notices import (
    DutyNotice,
    KnownShift,
    NoticeKind,
    duty_notices,
    next_shift,
)
from app.domain.texts.message import Message, Value
from app.store import Database
from app.store.audit import add_audit_event
from app.store.notice_choices import (
    NoticeChoices,
    find_notice_choices,
    load_notice_choices,
    save_known_shift,
    save_notice_choices,
)
from app.store.outbox import NewJob, known_jobs, put_jobs
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind
from app.store.users import list_users

OWN_PAGE = "/my-duty"


@dataclass(frozen=True, slots=True)
class _NoticesOfUser:
    """What one user is to be told at an instant."""

    user: User
    roster: RosterInUse
    person: str
    choices: NoticeChoices
    opt_outs: Collection[OptOut]
    now: datetime

    @property
    def jobs(self) -> tuple[NewJob, ...]:
        notices = duty_notices(self.roster.plan, self.person, self.choices.known, self.now)
        return tuple(job for each in notices for job in self._jobs_of(each))

    @property
    def next(self) -> KnownShift | None:
        return next_shift(self.roster.plan, self.person, self.now)

    def _jobs_of(self, notice: DutyNotice) -> Iterator[NewJob]:
        text = _text(notice, self.roster.desks[0].name, self.user.language)
        about = notice.shift.from_ if notice.kind is not NoticeKind.MOVED and notice.shift else None
        dedup = f"duty-notice:{self.user.id}:{notice.kind}:{(about or self.now).isoformat()}"
        to = self._takes_sms() if notice.kind in self.choices.sms else None
        if to is not None:
            yield self._sms(to, text, f"{dedup}:sms")
        if notice.kind in self.choices.mail or (notice.kind in self.choices.sms and to is None):
            payload = {**self._payload(self.user.email, text), "subject": asdict(text)}
            desk = self.roster.desks[0].id
            yield NewJob(JobKind.MAIL, f"{dedup}:mail", payload, desk=desk, person=self.user.email)

    def _takes_sms(self) -> str | None:
        """The first of their numbers that can get an SMS, and has not written STOP."""
        known, lines = self.roster.plan.person(self.person), self.roster.desks[0].lines
        can = (
            each
            for each in (known.numbers if known else ())
            if lines and parse_number(each).can_receive_sms
        )
        return next((to for to in can if OptOut(to, lines[0].number) not in self.opt_outs), None)

    def _sms(self, to: str, text: Message, dedup: str) -> NewJob:
        desk = self.roster.desks[0]
        payload = {**self._payload(to, text), "from": desk.lines[0].number}
        return NewJob(JobKind.SMS, dedup, payload, desk=desk.id, person=self.person)

    def _payload(self, to: str, text: Message) -> dict[str, object]:
        zone = self.roster.plan.time_zone
        told: dict[str, object] = {"to": to, "message": asdict(text), "at": self.now}
        return {**told, "time_zone": zone, "path": OWN_PAGE}


def choose_notices(
    database: Database,
    user: User,
    sms: frozenset[NoticeKind],
    mail: frozenset[NoticeKind],
    by: Author,
) -> None:
    """Store what a user wants to be told; what is so now is no news to them."""

    def choose(connection: Connection) -> None:
        before = find_notice_choices(connection, user.id)
        in_use = roster_in_use(connection, user.person.roster) if user.person else None
        known = (
            next_shift(in_use.plan, user.person.person, by.at) if in_use and user.person else None
        )
        after = NoticeChoices(sms, mail, known)
        save_notice_choices(connection, user.id, after)
        was, is_now = changes(_values(before), _values(after))
        if was or is_now:
            subject = Subject(SubjectKind.USER, str(user.id))
            event = audit_event(AuditKind.NOTICES_CHOSEN, by, subject, was, is_now)
            add_audit_event(connection, event)

    database.write(choose)


def chosen_notices(database: Database, user: User) -> NoticeChoices:
    """Return what a user has chosen."""
    with database.read() as connection:
        return find_notice_choices(connection, user.id)


def send_duty_notices(database: Database, now: datetime) -> None:
    """Put in the outbox what somebody is to be told now."""
    with database.read() as connection:
        choices = load_notice_choices(connection)
        users = list_users(connection) if choices else ()
        opt_outs = load_opt_outs(connection) if choices else ()
    if not choices:
        return
    rosters = {each.id: each for each in list_rosters(database)}
    for user in users:
        chosen = choices.get(user.id)
        in_use = rosters.get(user.person.roster) if user.person else None
        if chosen is None or not chosen.kinds or user.is_disabled or not (in_use and user.person):
            continue
        notices = _NoticesOfUser(user, in_use, user.person.person, chosen, opt_outs, now)
        if _has_news(database, notices):
            database.write(partial(_tell, notices=notices))


def _has_news(database: Database, notices: _NoticesOfUser) -> bool:
    if notices.next != notices.choices.known:
        return True
    dedups = [job.dedup for job in notices.jobs]
    if not dedups:
        return False
    with database.read() as connection:
        return not known_jobs(connection, dedups).issuperset(dedups)


def _tell(connection: Connection, notices: _NoticesOfUser) -> None:
    known = find_notice_choices(connection, notices.user.id, locked=True)
    notices = replace(notices, choices=known)  # another worker may have told it meanwhile
    if notices.jobs:
        put_jobs(connection, list(notices.jobs), notices.now)
    if notices.next != known.known:
        save_known_shift(connection, notices.user.id, notices.next)


def _text(notice: DutyNotice, desk: str, language: str) -> Message:
    values: list[tuple[str, Value]] = [("desk", desk)]
    if notice.was:
        values.append(("was", notice.was.from_))
    if notice.shift is None:
        return Message("duty_notice.gone", language, tuple(values))
    values += [
        ("role", MessageRef(f"role.{notice.shift.role}")),
        ("since", notice.shift.from_),
        ("until", notice.shift.to),
    ]
    return Message(f"duty_notice.{notice.kind}", language, tuple(values))


def _values(choices: NoticeChoices) -> Values:
    return {
        "notices_by_sms": [str(each) for each in sorted(choices.sms)],
        "notices_by_mail": [str(each) for each in sorted(choices.mail)],
    }
