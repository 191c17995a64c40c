"""Tells at a handover of the duty what is open and urgent: once, however many workers look.

Outgoing and incoming get an SMS and, where they are users, a mail; the desk's inbox a mail.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.notifications.urgent_tickets import urgent_tickets
from app.domain.access.users import PersonLink, User
from app.domain.desks.desk import Desk, HandoverSummary
from app.domain.health.opt_outs import OptOut, first_that_takes_sms
from app.domain.message_refs import RefValue
from app.domain.roster.handovers import Handover, handovers
from app.domain.roster.plan import Person, Roster
from app.domain.texts.message import Message, MessageRef, Value, ref
from app.domain.tickets.ticket import Ticket
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.desks import list_desks
from app.store.inbox_notifications import address_hash
from app.store.outbox import NewJob, known_jobs, put_jobs
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind
from app.store.users import list_users

IS_NEWS: Final = timedelta(minutes=30)  # a worker that was away sends it late
NAMED_IN_SMS: Final = 3
NOW_PAGE: Final = "/"


@dataclass(frozen=True, slots=True)
class _Summary:
    """One handover at one desk, and what is open then."""

    desk: Desk
    roster: str
    handover: Handover
    tickets: tuple[Ticket, ...]

    def jobs(self, users: tuple[User, ...], opt_outs: Collection[OptOut]) -> Iterator[NewJob]:
        """What is sent to whom."""
        for person in self.handover.people:
            yield from self._sms(person, opt_outs)
            link = PersonLink(self.roster, person.id)
            for user in users:
                if user.person == link:
                    yield self._mail(user.email, user.language)
        for address in self.desk.inbox.mail:
            yield self._mail(address, self.desk.language)

    def _sms(self, person: Person, opt_outs: Collection[OptOut]) -> Iterator[NewJob]:
        to = first_that_takes_sms(person.numbers, self.desk, opt_outs)
        if to is None:
            return
        message = self._message(person.language or self.desk.language)
        payload: dict[str, object] = {
            "to": to,
            "from": self.desk.lines[0].number,
            "message": asdict(message),
            "at": self.handover.at,
            "time_zone": self.desk.time_zone,
            "path": NOW_PAGE,
        }
        yield NewJob(
            JobKind.SMS, self._dedup(f"sms:{person.id}"), payload, self.desk.id, person=person.id
        )

    def _mail(self, to: str, language: str) -> NewJob:
        payload: dict[str, object] = {
            "to": to,
            "at": self.handover.at,
            "language": language,
            "outgoing": _name(self.handover.outgoing),
            "incoming": _name(self.handover.incoming),
        }
        dedup = self._dedup(f"mail:{address_hash(to)}")
        return NewJob(JobKind.HANDOVER_MAIL, dedup, payload, self.desk.id, person=to)

    def _dedup(self, whom: str) -> str:
        return f"handover:{self.desk.id}:{self.handover.at:%Y%m%dT%H%M%S}:{whom}"

    def _message(self, language: str) -> Message:
        who: Value = _name(self.handover.incoming) or MessageRef("handover_mail.nobody")
        values: tuple[tuple[str, Value], ...] = (("desk", self.desk.name), ("who", who))
        if not self.tickets:
            return Message("handover_sms.none", language, values)
        named: list[Value] = [_in_sms(each) for each in self.tickets[:NAMED_IN_SMS]]
        left = len(self.tickets) - NAMED_IN_SMS
        if left > 0:
            named.append(ref("handover_sms.more", count=left))
        tickets: RefValue = tuple(named)
        listed = ("tickets", ref("handover_sms.tickets", listed=tickets))
        return Message("handover_sms.open", language, (*values, listed))


def put_due_handovers(database: Database, now: datetime) -> int:
    """Put what is due in the outbox; return how many messages that are."""
    with database.read() as connection:
        jobs = [job for each in _due(connection, now) for job in each]
        known = known_jobs(connection, [job.dedup for job in jobs]) if jobs else frozenset()
    new = [job for job in jobs if job.dedup not in known]
    if new:
        database.write(partial(put_jobs, jobs=new, now=now))
    return len(new)


def _due(connection: Connection, now: datetime) -> Iterator[list[NewJob]]:
    for live in list_desks(connection):
        desk, roster = live.desk, live.roster
        if roster is None or desk.duty is None:
            continue
        if desk.duty.handover_summary is HandoverSummary.NEVER:
            continue
        for handover in _handovers(roster, now):
            found = urgent_tickets(connection, desk.id, handover.at)
            if found or desk.duty.handover_summary is HandoverSummary.ALWAYS:
                users = tuple(each for each in list_users(connection) if not each.is_disabled)
                summary = _Summary(desk, roster.id, handover, found)
                yield list(summary.jobs(users, load_opt_outs(connection)))


def _handovers(roster: Roster, now: datetime) -> tuple[Handover, ...]:
    """The last one of a little while: of two that follow at once, the first is no news."""
    span = Interval(now - IS_NEWS, now + timedelta(seconds=1))
    return handovers(roster, span)[-1:]


def _in_sms(ticket: Ticket) -> MessageRef:
    if ticket.acknowledged:
        return ref("handover_sms.taken", ticket=ticket.number, who=ticket.acknowledged.by)
    return ref("handover_sms.untaken", ticket=ticket.number)


def _name(person: Person | None) -> str:
    return person.name if person else ""
