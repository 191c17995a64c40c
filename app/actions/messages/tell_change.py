"""Tells all whom it concerns what was changed by SMS, or undone: jobs of the same transaction.

Those who had it and the desk's contacts get an SMS, contacts and coordinators a mail too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.messages.staff import in_language
from app.actions.roster.request_notices import is_coordinator
from app.actions.roster.shown_rosters import RosterInUse
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef
from app.domain.numbers import parse_number
from app.domain.roster.plan import Person
from app.domain.texts.message import Message
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind
from app.store.users import list_users


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, of which desk, from which of its lines; `mark` makes it once only.

    `sender` is the number that gets it as the answer to its own SMS.
    """

    roster: RosterInUse
    desk: Desk
    text: MessageRef
    line: str
    sender: str
    mark: str
    at: datetime
    ticket: int | None = None


def numbers_of(roster: RosterInUse, desk: Desk, people: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers to which a change is told: of these people, and of the contacts."""
    persons = (roster.plan.person(each) for each in people)
    theirs = (sms_number(each) for each in persons if each)
    contacts = (each.phone for each in desk.contacts if parse_number(each.phone).can_receive_sms)
    return tuple(dict.fromkeys(each for each in (*theirs, *contacts) if each))


def sms_number(person: Person) -> str:
    """Return the first number at which somebody gets an SMS; empty where there is none."""
    return next((each for each in person.numbers if parse_number(each).can_receive_sms), "")


def coordinators_numbers(connection: Connection, roster: RosterInUse) -> tuple[str, ...]:
    """Return the numbers of coordinators who are on the roster themselves."""
    users = (each for each in list_users(connection) if not each.is_disabled)
    links = (each.person for each in users if is_coordinator(each, roster.id) and each.person)
    persons = (roster.plan.person(each.person) for each in links if each.roster == roster.id)
    return tuple(number for each in persons if each and (number := sms_number(each)))


def tell(connection: Connection, telling: Telling, numbers: Iterable[str]) -> None:
    """Put in the outbox what these numbers are told, and the mails."""
    jobs = [*_by_sms(telling, numbers), *_by_mail(connection, telling)]
    if jobs:
        put_jobs(connection, jobs, telling.at)


def tell_by_sms(connection: Connection, telling: Telling, numbers: Iterable[str]) -> None:
    """Put in the outbox what these numbers are told by SMS, and no mail."""
    jobs = list(_by_sms(telling, numbers))
    if jobs:
        put_jobs(connection, jobs, telling.at)


def _by_sms(telling: Telling, numbers: Iterable[str]) -> Iterator[NewJob]:
    names = _names(telling)
    for count, number in enumerate(each for each in numbers if each != telling.sender):
        name, language = names.get(number, (number, telling.desk.language))
        message = in_language(telling.text, language)
        payload = {**_payload(telling, number, message), "from": telling.line}
        yield _job(telling, JobKind.SMS, payload, (f"sms:{count}", name))


def _by_mail(connection: Connection, telling: Telling) -> Iterator[NewJob]:
    """Contacts by their address; coordinators with the roster's page, where it is taken back."""
    desk = telling.desk
    for contact in desk.contacts:
        if contact.email:
            yield _mail(telling, contact.email, desk.language, contact.role, "")
    path = f"/rosters/{telling.roster.id}"
    for user in list_users(connection):
        if not user.is_disabled and is_coordinator(user, telling.roster.id):
            yield _mail(telling, user.email, user.language, user.email, path)


def _mail(telling: Telling, to: str, language: str, who: str, path: str) -> NewJob:
    subject = in_language(telling.text, language)
    body = Message("staff_change_mail", language, (("what", telling.text), *subject.values))
    payload = {**_payload(telling, to, body), "subject": asdict(subject), "path": path}
    return _job(telling, JobKind.MAIL, payload, (f"mail:{to}", who))


def _payload(telling: Telling, to: str, message: Message) -> dict[str, object]:
    zone = telling.desk.time_zone
    return {"to": to, "message": asdict(message), "at": telling.at, "time_zone": zone}


def _job(
    telling: Telling, kind: JobKind, payload: dict[str, object], whom: tuple[str, str]
) -> NewJob:
    mark, name = whom
    dedup = f"{telling.mark}:{mark}"
    desk, ticket = telling.desk.id, telling.ticket
    return NewJob(kind, dedup, payload, desk=desk, ticket=ticket, person=name)


def _names(telling: Telling) -> dict[str, tuple[str, str]]:
    """Whose each number is, and in which language they are written to."""
    usual = telling.desk.language
    contacts = {each.phone: (each.role, usual) for each in telling.desk.contacts}
    people = telling.roster.plan.people
    theirs = {
        number: (each.id, each.language or usual) for each in people for number in each.numbers
    }
    return {**contacts, **theirs}
