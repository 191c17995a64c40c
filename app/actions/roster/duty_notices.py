"""Tells people of their coming shifts, and of a next shift that is moved, as they have chosen.

Each is told once by each channel: the outbox knows what was put in before.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.notice_jobs import NoticeToSend, Recipient, notice_jobs
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
from app.domain.roster.duty_notices import (
    DutyNotice,
    KnownShift,
    NoticeKind,
    duty_notices,
    next_shift,
    published_notice,
    waits_for_answer,
)
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.publication import Publication, last_day
from app.domain.roster.request_notices import request_text
from app.domain.texts.message import Message, Value
from app.domain.texts.written_moments import long_day_ref
from app.store import Database
from app.store.audit import add_audit_event
from app.store.duty_requests import open_requests
from app.store.notice_choices import (
    NoticeChoices,
    find_notice_choices,
    load_notice_choices,
    save_known_shift,
    save_notice_choices,
)
from app.store.outbox import NewJob, known_jobs, put_jobs
from app.store.roster_publications import publications_to_tell
from app.store.sms_senders import load_opt_outs
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
    requests: tuple[DutyRequest, ...]  # of the roster, that are open
    now: datetime
    publications: tuple[Publication, ...] = ()  # of the roster, that are news

    @property
    def jobs(self) -> tuple[NewJob, ...]:
        plan, until = self.roster.plan, self.roster.published_until
        notices = duty_notices(plan, self.person, self.choices.known, self.now, until)
        told = [job for each in notices for job in self._jobs_of(each)]
        if NoticeKind.PUBLISHED in self.choices.kinds:
            told += (job for each in self.publications for job in self._published(each))
        for request in self.requests:
            if waits_for_answer(request, self.person, self.now):
                told += self._reminder(request)
        return tuple(told)

    @property
    def next(self) -> KnownShift | None:
        plan, until = self.roster.plan, self.roster.published_until
        return next_shift(plan, self.person, self.now, until)

    def _jobs_of(self, notice: DutyNotice) -> Iterator[NewJob]:
        text = _text(notice, self.roster.desks[0].name, self.user.language)
        about = notice.shift.from_ if notice.kind is not NoticeKind.MOVED and notice.shift else None
        dedup = f"duty-notice:{self.user.id}:{notice.kind}:{(about or self.now).isoformat()}"
        return self._told(NoticeToSend(notice.kind, text, dedup, OWN_PAGE))

    def _reminder(self, request: DutyRequest) -> Iterator[NewJob]:
        what = request_text(request, self.roster.plan)
        desk, kind = self.roster.desks[0].name, NoticeKind.WAITS
        text = Message(f"duty_notice.{kind}", self.user.language, (("desk", desk), ("what", what)))
        dedup = f"duty-notice:{self.user.id}:{kind}:{request.id}"
        return self._told(NoticeToSend(kind, text, dedup, f"{OWN_PAGE}/requests/{request.id}"))

    def _published(self, publication: Publication) -> Iterator[NewJob]:
        notice = published_notice(self.roster.plan, self.person, publication)
        if notice is None:
            return
        day = last_day(publication.until, self.roster.plan.time_zone)
        text = _text(notice, self.roster.desks[0].name, self.user.language)
        text = replace(text, values=(*text.values, ("day", long_day_ref(day))))
        dedup = f"duty-notice:{self.user.id}:{notice.kind}:{publication.id}"
        yield from self._told(NoticeToSend(notice.kind, text, dedup, OWN_PAGE))

    def _told(self, notice: NoticeToSend) -> Iterator[NewJob]:
        to = Recipient(self.user, self.roster, self.person, self.choices, self.opt_outs)
        return notice_jobs(notice, to, self.roster.desks[0], self.now)


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
            next_shift(in_use.plan, user.person.person, by.at, in_use.published_until)
            if in_use and user.person
            else None
        )
        gaps = before.told_gaps if NoticeKind.GAP in before.kinds else ()
        after = NoticeChoices(sms, mail, known, gaps)
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
        waiting = _open_requests(connection, choices.values(), now)
        published = publications_to_tell(connection, now) if choices else {}
    if not choices:
        return
    rosters = {each.id: each for each in list_rosters(database)}
    for user in users:
        chosen = choices.get(user.id)
        in_use = rosters.get(user.person.roster) if user.person else None
        if chosen is None or not chosen.kinds or user.is_disabled or not (in_use and user.person):
            continue
        theirs = waiting.get(in_use.id, ()) if NoticeKind.WAITS in chosen.kinds else ()
        person = user.person.person
        news = published.get(in_use.id, ())
        notices = _NoticesOfUser(user, in_use, person, chosen, opt_outs, theirs, now, news)
        if _has_news(database, notices):
            database.write(partial(_tell, notices=notices))


def _open_requests(
    connection: Connection, choices: Iterable[NoticeChoices], now: datetime
) -> Mapping[str, tuple[DutyRequest, ...]]:
    """Return by roster what colleagues have asked and wait for, where somebody is reminded."""
    if not any(NoticeKind.WAITS in each.kinds for each in choices):
        return {}
    return open_requests(connection, now)


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
