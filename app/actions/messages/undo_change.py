"""NEI: undoes what was changed by SMS, for each who was told of it, and tells the same people."""

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import Connection

from app.actions.desks.outages import end_outage_in
from app.actions.messages.staff import Replies, StaffMember, StaffSms
from app.actions.messages.tell_change import Telling, tell
from app.actions.messages.ticket_commands import refused_text
from app.actions.roster.confirm_shifts import shifts_to_confirm_in, take_confirmation_back
from app.actions.roster.entries import EntryRefused, withdraw_entry_in
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.actions.tickets.move_ticket import (
    MoveRequest,
    TicketChange,
    UndoAcknowledgement,
    UndoRelease,
    move_ticket_in,
)
from app.domain.access.actor import SMS, Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.changes import (
    COMMANDS,
    ChangeKind,
    NothingToUndo,
    NotUndone,
    SmsChange,
    undo_words,
    which_change,
)
from app.domain.messages.commands import Undoes
from app.domain.tickets.moves import Refused
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.release import Undoing
from app.store.outages import list_outages
from app.store.sms_changes import changes_told_to, note_undone


@dataclass(frozen=True, slots=True)
class _Undoing:
    """A change that somebody undoes, where it was made, and who they are."""

    asked: StaffSms
    change: SmsChange
    roster: RosterInUse
    desk: Desk
    by: Actor


def undo(connection: Connection, asked: StaffSms) -> Replies:
    """Undo the change that is meant; no reply at all to a number that was told of none.

    Whoever is asked to confirm a shift may mean that: they learn that it is theirs as before.
    """
    told = changes_told_to(connection, asked.sms.sender, asked.now)
    meant = which_change(told, asked.command, asked.now)
    declines = _declined(connection, asked, meant)
    if declines or not told:
        return declines
    if isinstance(meant, NotUndone):
        return asked.answer(_why_not(meant, asked.desk, asked.language))
    if meant.undone_by:
        return asked.answer(
            ref("sms_staff.undone_before", desk=asked.desk.name, who=meant.undone_by)
        )
    roster = roster_in_use(connection, meant.roster)
    desk = next((each for each in roster.desks if each.id == meant.desk), None) if roster else None
    if roster is None or desk is None:
        return asked.answer(ref("sms_staff.nothing_to_undo", desk=asked.desk.name))
    return _undo(connection, _Undoing(asked, meant, roster, desk, _who(asked, roster, desk)))


def _declined(connection: Connection, asked: StaffSms, meant: SmsChange | NotUndone) -> Replies:
    """Say whose a shift is that waits to be confirmed, and what else NEI could mean."""
    command, member = asked.command, asked.who
    says_what = command.undoes is not Undoes.SHIFT and command.undoes is not None
    undoes_duty = says_what and isinstance(meant, SmsChange)
    if member is None or command.ticket is not None or undoes_duty:
        return ()
    theirs = shifts_to_confirm_in(connection, member.roster.plan, member.person.id, asked.now)
    waiting = min((one.when.from_ for one in theirs if one.is_waiting(asked.now)), default=None)
    if waiting is None:
        return ()
    desk = asked.desk_of(member).name
    still = asked.answer(ref("sms_staff.shift_still_yours", desk=desk, since=waiting))
    if isinstance(meant, NotUndone):
        changes = meant.changes if meant.why is NothingToUndo.SEVERAL else ()
    else:
        changes = () if meant.undone_by else (meant,)
    if not changes:
        return still
    choices = ", ".join(undo_words(changes, asked.language))
    return (*still, *asked.answer(ref("sms_staff.several", desk=desk, choices=choices)))


def _why_not(found: NotUndone, desk: Desk, language: str) -> MessageRef:
    match found.why:
        case NothingToUndo.NOTHING:
            return ref("sms_staff.nothing_to_undo", desk=desk.name)
        case NothingToUndo.TOO_LATE:
            deadline = found.changes[0].undone_until
            return ref("sms_staff.too_late", desk=desk.name, deadline=deadline)
        case NothingToUndo.SEVERAL:
            choices = ", ".join(undo_words(found.changes, language))
            return ref("sms_staff.several", desk=desk.name, choices=choices)
        case _:
            assert_never(found.why)


def _who(asked: StaffSms, roster: RosterInUse, desk: Desk) -> Actor:
    """Who says NEI: somebody of the roster, else a contact of the desk, by their role."""
    for each in asked.members:
        if each.roster.id == roster.id:
            return each.actor
    roles = (each.role for each in desk.contacts if each.phone == asked.sms.sender)
    name = next(roles, "") or next((each.person.name for each in asked.members), desk.name)
    return Actor(ActorKind.TELEPHONE, name, "", SMS)


def give_duty_back(
    connection: Connection, asked: StaffSms, change: SmsChange, member: StaffMember
) -> Replies:
    """Undo what somebody took themselves, as long as it goes on; tell the same people."""
    roster = member.roster
    desk = next((each for each in roster.desks if each.id == change.desk), roster.desks[0])
    return _undo(connection, _Undoing(asked, change, roster, desk, member.actor))


def _undo(connection: Connection, undoing: _Undoing) -> Replies:
    change, asked = undoing.change, undoing.asked
    refused = _carry_out(connection, undoing)
    if refused:
        return asked.answer(refused)
    note_undone(connection, change.id, undoing.by.name, asked.now)
    text = _text(undoing)
    telling = Telling(
        undoing.roster,
        undoing.desk,
        text,
        asked.line,
        asked.sms.sender,
        f"staff-sms:{asked.sms.sid}",
        asked.now,
        change.ticket,
    )
    tell(connection, telling, change.told)
    return asked.answer(text)


def _text(undoing: _Undoing) -> MessageRef:
    change = undoing.change
    desk, who, had = undoing.desk.name, undoing.by.name, change.name
    if change.shift is not None:
        return ref("sms_staff_told.undone_shift", desk=desk, who=who, had=had)
    if change.kind is ChangeKind.MARKED_OUTAGE:
        return ref("sms_staff_told.undone_outage", desk=desk, who=who, had=had)
    if change.ticket is None and undoing.asked.by_telephone:
        return ref("sms_phone_told.gave_duty_back", desk=desk, who=who)
    if change.ticket is None:
        return ref("sms_staff_told.undone_duty", desk=desk, who=who, had=had)
    return ref(
        "sms_staff_told.undone_ticket",
        desk=desk,
        who=who,
        had=had,
        command=MessageRef(f"sms_command.{change.kind}"),
        ticket=change.ticket,
    )


def _carry_out(connection: Connection, undoing: _Undoing) -> MessageRef | None:
    """Undo it; why it cannot be undone any more, else None."""
    change, at, desk = undoing.change, undoing.asked.now, undoing.desk.name
    by = Author(undoing.by, at)
    if change.kind is ChangeKind.MARKED_OUTAGE:
        return _end_outage(connection, undoing, by)
    if change.shift is not None:
        is_done = take_confirmation_back(connection, undoing.roster.plan, change.shift, by)
        return None if is_done else ref("sms_staff.nothing_to_undo", desk=desk)
    if change.entry is not None:
        done = withdraw_entry_in(connection, undoing.desk.id, change.entry, by)
        if isinstance(done, EntryRefused):
            return ref("sms_staff.nothing_to_undo", desk=desk)
        if done.is_done or done.entry is None or done.entry.withdrawal is None:
            return None
        return ref("sms_staff.undone_before", desk=desk, who=done.entry.withdrawal.by.name)
    assert change.ticket is not None
    undoes = Undoing(change.name, f"{COMMANDS[change.kind]} {change.ticket}")
    if change.kind is ChangeKind.ACKNOWLEDGED:
        back: TicketChange = UndoAcknowledgement(change.person, undoes)
    else:
        back = UndoRelease(change.person, change.had, undoes)
    outcome = move_ticket_in(connection, MoveRequest(change.ticket, back, undoing.by), at)
    match outcome:
        case Outcome():
            return None
        case Refused():
            told = refused_text(outcome)
            return ref(told.key, desk=desk, ticket=change.ticket, **dict(told.values))
        case _:
            return ref("sms_staff.unknown_ticket", desk=desk, ticket=change.ticket)


def _end_outage(connection: Connection, undoing: _Undoing, by: Author) -> MessageRef | None:
    """End the outage that was marked then; another one that is known by now stays."""
    open_now = list_outages(connection, [undoing.desk.id], is_open=True)
    marked = next((each for each in open_now if each.at == undoing.change.at), None)
    if marked is None:
        return ref("sms_staff.nothing_to_undo", desk=undoing.desk.name)
    end_outage_in(connection, undoing.desk.id, marked.known.id, by)
    return None
