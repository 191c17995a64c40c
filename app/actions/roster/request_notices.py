"""Tells people what becomes of a request: jobs in the outbox, in the change's own transaction.

People of the roster get an SMS and a mail, coordinators a mail; nobody what they did themselves.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse
from app.domain.access.actor import ActorKind
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.health.opt_outs import OptOut, first_that_takes_sms
from app.domain.message_refs import MessageRef, Value, ref
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.request_notices import AUDIENCES, Notice, notice_text, request_text
from app.domain.texts.message import Message
from app.store.outbox import NewJob, known_jobs, put_jobs
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind
from app.store.users import list_users

# Whoever asks, withdraws and asks again would have a colleague's telephone ring for each. So many
# SMS a day about one shift to one person; each gets a mail. One less tells of a withdrawal: the
# last SMS that somebody has never says that while it is asked again.
MOST_SMS_A_DAY: Final = {Notice.ASKED: 2, Notice.WITHDRAWN: 1}


@dataclass(frozen=True, slots=True)
class _Telling:
    """One notice about one request."""

    roster: RosterInUse
    request: DutyRequest
    notice: Notice
    at: datetime
    opt_outs: Collection[OptOut]

    @property
    def text(self) -> MessageRef:
        desk = self.roster.desks[0].name
        return notice_text(self.notice, self.request, self.roster.plan, desk)

    def dedup(self, channel: JobKind, to: str) -> str:
        """Once to each address; what moves twice is told twice."""
        return f"request:{self.request.id}:{self.notice}:{self.at:%Y%m%dT%H%M%S}:{channel}:{to}"

    def sms(self, person: str) -> Iterator[NewJob]:
        """An SMS to somebody of the roster, where one of their numbers can get it."""
        known, desk = self.roster.plan.person(person), self.roster.desks[0]
        numbers = known.numbers if known else ()
        to = first_that_takes_sms(numbers, desk, self.opt_outs)
        if known is None or to is None:
            return
        language = known.language or desk.language
        payload = {**self._payload(to, language, self._path), "from": desk.lines[0].number}
        dedup = self.dedup(JobKind.SMS, person)
        yield NewJob(JobKind.SMS, dedup, payload, desk=desk.id, person=person)

    def counted(self, person: str) -> tuple[str, ...]:
        """Return what keeps the SMS of a day about one shift to somebody apart, however many."""
        slot, day = self.request.slot, f"{self.at:%Y%m%d}"
        about = f"{self.roster.id}:{slot.person}:{slot.role}:{slot.when.from_.isoformat()}"
        often = f"request:{self.request.kind}:{self.notice}:{about}:{person}:{day}"
        return tuple(f"{often}:{number + 1}" for number in range(MOST_SMS_A_DAY[self.notice]))

    def mail(self, user: User, path: str) -> NewJob:
        """A mail to somebody who logs in: the SMS is its subject."""
        desk = self.roster.desks[0]
        what = request_text(self.request, self.roster.plan)
        body = ref("duty_request.mail", what=what, why=self.request.reason)
        payload = {
            **self._payload(user.email, user.language, path),
            "subject": asdict(Message(self.text.key, user.language, _filling(self.text))),
            "message": asdict(Message(body.key, user.language, _filling(body))),
        }
        dedup = self.dedup(JobKind.MAIL, str(user.id))
        return NewJob(JobKind.MAIL, dedup, payload, desk=desk.id, person=user.email)

    @property
    def _path(self) -> str:
        return f"/my-duty/requests/{self.request.id}"

    def _payload(self, to: str, language: str, path: str) -> dict[str, object]:
        message = Message(self.text.key, language, _filling(self.text))
        zone = self.roster.plan.time_zone
        return {
            "to": to,
            "message": asdict(message),
            "at": self.at,
            "time_zone": zone,
            "path": path,
        }

    def jobs(self, users: tuple[User, ...], by: Author) -> Iterator[NewJob]:
        """Every message, but none to whoever did it."""
        audience, roster = AUDIENCES[self.notice], self.roster.id
        people = set(audience.people(self.request))
        for user in users:
            link = user.person if user.person and user.person.roster == roster else None
            if by.actor.kind is ActorKind.PERSON and by.actor.id == str(user.id):
                people.discard(link.person if link else "")
            elif link and link.person in people:
                yield self.mail(user, self._path)
            elif audience.coordinators and is_coordinator(user, roster):
                yield self.mail(user, f"/rosters/{roster}/requests/{self.request.id}")
        for person in sorted(people):
            yield from self.sms(person)


def tell(
    connection: Connection, roster: RosterInUse, request: DutyRequest, notice: Notice, by: Author
) -> None:
    """Put in the outbox what everybody concerned is to know."""
    users = tuple(each for each in list_users(connection) if not each.is_disabled)
    telling = _Telling(roster, request, notice, by.at, load_opt_outs(connection))
    jobs = [
        wanted
        for job in telling.jobs(users, by)
        if (wanted := _within_limit(connection, telling, job))
    ]
    if jobs:
        put_jobs(connection, jobs, by.at)


def _within_limit(connection: Connection, telling: _Telling, job: NewJob) -> NewJob | None:
    """Return a job as it is put in; None where its person has had enough SMS of the kind."""
    if job.kind is not JobKind.SMS or telling.notice not in MOST_SMS_A_DAY:
        return job
    keys = telling.counted(job.person or "")
    known = known_jobs(connection, keys)
    left = next((key for key in keys if key not in known), None)
    return replace(job, dedup=left) if left else None


def is_coordinator(user: User, roster: str) -> bool:
    """Tell whether somebody is a coordinator of a roster."""
    its = (each for each in user.grants if each.role is AccessRole.COORDINATOR)
    return any(each.scope.covers(Scope(roster=roster)) for each in its)


def _filling(text: MessageRef) -> tuple[tuple[str, Value], ...]:
    return tuple((name, value) for name, value in text.values if isinstance(value, Value))
