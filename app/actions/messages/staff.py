"""Who of the staff writes an SMS: the people of rosters in use who have the sender's number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.actor import SMS, Actor, ActorKind
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.commands import Command
from app.domain.roster.plan import Person, has_left
from app.domain.texts.message import Message, Value
from app.store.people import rosters_with_number
from app.store.sms import ReceivedSms

Replies = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of a roster, and the desks whose duty it has."""

    roster: RosterInUse
    person: Person

    @property
    def actor(self) -> Actor:
        """Who stands behind a change that they make by SMS."""
        return Actor(ActorKind.TELEPHONE, self.person.name, self.person.id, SMS)


@dataclass(frozen=True, slots=True)
class StaffSms:
    """A command in an SMS to `desk` (the line's, where it has one), and whose number sent it."""

    sms: ReceivedSms
    command: Command
    members: tuple[StaffMember, ...]
    desk: Desk
    now: datetime
    by_telephone: bool = False  # keyed in the staff's menu, and told to its sender by SMS as well

    @property
    def told_by(self) -> str:
        """Name the texts by which others are told of it."""
        return "sms_phone_told" if self.by_telephone else "sms_staff_told"

    @property
    def line(self) -> str:
        """Return the desk's number that others are written to from: the one that was written to."""
        own = self.desk.line(self.sms.line)
        return own.number if own else self.desk.lines[0].number

    @property
    def who(self) -> StaffMember | None:
        """Return the one who wrote, of the desk's roster where that has them; None: why_nobody."""
        here = [each for each in self.members if self.desk in each.roster.desks]
        return the_one_of(here or self.members)

    @property
    def language(self) -> str:
        """Return the language in which they are answered."""
        languages = (each.person.language for each in self.members)
        return next((each for each in languages if each), "") or self.desk.language

    def desk_of(self, member: StaffMember) -> Desk:
        """Return the desk of which a change is told: the line's, else the roster's first."""
        return self.desk if self.desk in member.roster.desks else member.roster.desks[0]

    def answer(self, text: MessageRef) -> Replies:
        """Say something to whoever wrote it."""
        return (in_language(text, self.language),)


def in_language(text: MessageRef, language: str) -> Message:
    """Return a text in a language."""
    values = tuple((name, value) for name, value in text.values if isinstance(value, Value))
    return Message(text.key, language, values)


def staff_with_number(
    connection: Connection, digits: str, now: datetime
) -> tuple[StaffMember, ...]:
    """Find everybody who has a number, on every roster; nobody where it is nobody's."""
    if not digits:
        return ()
    found = (roster_in_use(connection, each) for each in rosters_with_number(connection, digits))
    return staff_among((each for each in found if each), digits, now)


def staff_among(
    rosters: Iterable[RosterInUse], digits: str, now: datetime
) -> tuple[StaffMember, ...]:
    """Find them in these rosters as they are live; whoever has left is nobody's staff."""
    return tuple(
        StaffMember(roster, person)
        for roster in rosters
        for person in roster.plan.people
        if digits and digits in person.numbers and not has_left(roster.plan, person.id, now)
    )


def the_one_of(members: Iterable[StaffMember]) -> StaffMember | None:
    """Return the one who wrote; None where several people share the number, or nobody has it."""
    found = tuple(members)
    return found[0] if len(found) == 1 else None


def why_nobody(asked: StaffSms) -> MessageRef:
    """Say why it is not known who wrote: several share the number, or stand on several rosters."""
    people = {(each.roster.id, each.person.id) for each in asked.members}
    is_shared = len(people) > len({each.roster.id for each in asked.members})
    key = "sms_staff.shared_number" if is_shared else "sms_staff.which_desk"
    return ref(key, desk=asked.desk.name)
