"""OK, FEIL and OVER: a ticket acknowledged, given back or passed on by SMS.

By the decisions of the page and the telephone, of the desks whose duty the sender's roster has.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from app.actions.callouts.night_page import last_call_out, pass_ring_on
from app.actions.callouts.ring_about import rung_about
from app.actions.messages.staff import Replies, StaffMember, StaffSms, the_one_of
from app.actions.messages.tell_change import Telling, coordinators_numbers, numbers_of, tell
from app.actions.tickets.move_ticket import (
    Acknowledge,
    MoveRequest,
    PassOn,
    Release,
    TicketChange,
    move_ticket_in,
)
from app.domain.desks.desk import Desk
from app.domain.hunts.hunt import Callee
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.messages.changes import ChangeKind, SmsChange
from app.domain.messages.commands import Verb
from app.domain.roles import Role
from app.domain.roster.on_duty import OnDuty, on_duty
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.ticket import Ticket
from app.store.missed_call_outs import clear_missed_call_out
from app.store.sms_changes import add_change
from app.store.ticket_lists import find_ticket

CHANGES: Final[dict[Verb, tuple[ChangeKind, TicketChange]]] = {
    Verb.ACKNOWLEDGE: (ChangeKind.ACKNOWLEDGED, Acknowledge()),
    Verb.RELEASE: (ChangeKind.RELEASED, Release()),
    Verb.PASS_ON: (ChangeKind.PASSED_ON, PassOn()),
}
# Why a ticket is not changed, as it is told.
REFUSED: Final = {
    Refusal.ALREADY_ACKNOWLEDGED: "sms_staff.taken",
    Refusal.ALREADY_CLOSED: "sms_staff.closed",
    Refusal.NOT_ACKNOWLEDGED: "sms_staff.nobody_has_it",
    Refusal.NO_SUCH_MOVE: "sms_staff.has_moved_on",
}


@dataclass(frozen=True, slots=True)
class _AboutTicket:
    """A command about a ticket as it was before, its desk, and who wrote it."""

    asked: StaffSms
    ticket: Ticket
    desk: Desk
    member: StaffMember

    @property
    def others(self) -> tuple[OnDuty, ...]:
        """Who else would be rung now, in order."""
        ringing = on_duty(self.member.roster.plan, self.asked.now).ringing
        own = self.member.person.id
        return tuple(each for each in ringing if each.person is None or each.person.id != own)

    def answer(self, key: str, **values: RefValue) -> Replies:
        """Say something about the ticket."""
        text = ref(key, desk=self.desk.name, ticket=self.ticket.number, **values)
        return self.asked.answer(text)


def change_ticket(connection: Connection, asked: StaffSms) -> Replies:
    """Change a ticket as the command says; tell whom it concerns."""
    number = asked.command.ticket
    if number is None:
        example = MessageRef(f"sms_command.{CHANGES[asked.command.verb][0]}")
        return asked.answer(ref("sms_staff.number_missing", desk=asked.desk.name, command=example))
    ticket = find_ticket(connection, number)
    theirs = [each for each in asked.members if ticket and _desk_of(each, ticket)]
    member = the_one_of(theirs)
    desk = _desk_of(member, ticket) if member and ticket else None
    if ticket is None or not theirs:
        return asked.answer(ref("sms_staff.unknown_ticket", desk=asked.desk.name, ticket=number))
    if member is None or desk is None:
        return asked.answer(ref("sms_staff.shared_number", desk=asked.desk.name))
    return _change(connection, _AboutTicket(asked, ticket, desk, member))


def refused_text(refused: Refused) -> MessageRef:
    """Say why a ticket was not changed."""
    values: dict[str, RefValue] = {"who": refused.by}
    if refused.at:
        values["at"] = refused.at
    return ref(REFUSED[refused.refusal], **values)


def _change(connection: Connection, about: _AboutTicket) -> Replies:
    asked, member = about.asked, about.member
    kind, change = CHANGES[asked.command.verb]
    if kind is ChangeKind.PASSED_ON and not about.others:
        return about.answer("sms_staff.nobody_next")
    # A telephone that rings is locked before its ticket, as by whoever presses 2 on it.
    if kind is ChangeKind.PASSED_ON:
        _pass_ring_on(connection, about)
    request = MoveRequest(about.ticket.number, change, member.actor, desks=[about.desk.id])
    outcome = move_ticket_in(connection, request, asked.now)
    if isinstance(outcome, Refused):
        told = refused_text(outcome)
        return about.answer(told.key, **dict(told.values))
    clear_missed_call_out(connection, member.roster.id, member.person.id)  # they are there again
    if isinstance(outcome, Unchanged) or outcome is None:
        return about.answer("sms_staff.had_already")
    _note_and_tell(connection, about, kind)
    if kind is ChangeKind.ACKNOWLEDGED:
        return about.answer("sms_staff.acknowledged")
    return _given_away(about, kind, rung_about(connection, outcome.ticket, asked.now))


def _given_away(about: _AboutTicket, kind: ChangeKind, rung: Callee | None) -> Replies:
    """Say what was done, and who is rung about it, where anybody is."""
    if rung is None:
        return about.answer(f"sms_staff.{kind}_quietly")
    if kind is ChangeKind.PASSED_ON:
        return about.answer("sms_staff.passed_on", who=_name(rung))
    return about.answer("sms_staff.released")


def _pass_ring_on(connection: Connection, about: _AboutTicket) -> None:
    """Let the next one be rung at once, where a telephone of theirs rings about it now."""
    if about.ticket.acknowledged:
        return
    call_out = last_call_out(connection, about.ticket)
    pass_ring_on(connection, call_out, about.member.person.id, about.asked.now)


def _name(callee: Callee) -> str | MessageRef:
    """A name; a last resort that is nobody's is not told by its number."""
    is_nobodys = callee.person == callee.number
    return MessageRef(f"role.{Role.LAST_RESORT}") if is_nobodys else callee.name


def _desk_of(member: StaffMember, ticket: Ticket) -> Desk | None:
    return next((each for each in member.roster.desks if each.id == ticket.desk), None)


def _note_and_tell(connection: Connection, about: _AboutTicket, kind: ChangeKind) -> None:
    asked, roster, person = about.asked, about.member.roster, about.member.person
    on_list = (each.person.id for each in about.others if each.person)
    told = (
        asked.sms.sender,
        *numbers_of(roster, about.desk, on_list),
        *coordinators_numbers(connection, roster),
    )
    had = about.ticket.acknowledged_at if kind is not ChangeKind.ACKNOWLEDGED else None
    change = SmsChange(
        0,
        asked.sms.sid,
        kind,
        about.desk.id,
        roster.id,
        person.id,
        person.name,
        asked.now,
        ticket=about.ticket.number,
        acknowledged_at=had,
        told=tuple(dict.fromkeys(told)),
    )
    add_change(connection, change)
    text = ref(
        f"{asked.told_by}.{kind}",
        desk=about.desk.name,
        who=person.name,
        ticket=about.ticket.number,
        deadline=change.undone_until,
    )
    telling = Telling(
        roster,
        about.desk,
        text,
        asked.line,
        asked.sms.sender,
        f"staff-sms:{asked.sms.sid}",
        asked.now,
        about.ticket.number,
    )
    tell(connection, telling, change.told)
