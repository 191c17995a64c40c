"""A notice that somebody has chosen, as jobs of the outbox: by SMS, by mail, or by both."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from app.actions.roster.shown_rosters import RosterInUse
from app.domain.access.users import User
from app.domain.desks.desk import Desk
from app.domain.health.opt_outs import OptOut, first_that_takes_sms
from app.domain.roster.duty_notices import NoticeKind
from app.domain.texts.message import Message
from app.store.notice_choices import NoticeChoices
from app.store.outbox import NewJob
from app.store.tables import JobKind


@dataclass(frozen=True, slots=True)
class NoticeToSend:
    """What is told, once by each channel; `path` is the page that it leads to."""

    kind: NoticeKind
    text: Message
    dedup: str
    path: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a user, whom they are on a roster if on any, and what they have chosen."""

    user: User
    roster: RosterInUse | None
    person: str
    choices: NoticeChoices
    opt_outs: Collection[OptOut]

    def takes_sms(self, from_: Desk) -> str | None:
        """The first of their numbers that can get an SMS, and has not written STOP."""
        known = self.roster.plan.person(self.person) if self.roster else None
        return first_that_takes_sms(known.numbers, from_, self.opt_outs) if known else None


def notice_jobs(notice: NoticeToSend, to: Recipient, desk: Desk, now: datetime) -> Iterator[NewJob]:
    """An SMS from the desk's number, and a mail; a mail too where no number takes an SMS."""
    by_sms = notice.kind in to.choices.sms
    number = to.takes_sms(desk) if by_sms else None
    told = {"message": asdict(notice.text), "at": now, "time_zone": desk.time_zone}
    told |= {"path": notice.path}
    if number is not None:
        payload = {**told, "to": number, "from": desk.lines[0].number}
        whom = to.person
        yield NewJob(JobKind.SMS, f"{notice.dedup}:sms", payload, desk=desk.id, person=whom)
    if notice.kind in to.choices.mail or (by_sms and number is None):
        payload = {**told, "to": to.user.email, "subject": asdict(notice.text)}
        whom = to.user.email
        yield NewJob(JobKind.MAIL, f"{notice.dedup}:mail", payload, desk=desk.id, person=whom)
