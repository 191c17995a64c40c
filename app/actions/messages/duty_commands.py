"""TA VAKT: the running shift becomes the sender's, by an entry like one made on the page."""

from sqlalchemy import Connection

from app.actions.messages.staff import Replies, StaffMember, StaffSms, why_nobody
from app.actions.messages.tell_change import Telling, coordinators_numbers, numbers_of, tell
from app.actions.roster.entries import EntryRefused, EntryRequest, EntryResult, add_entry_in
from app.domain.message_refs import ref
from app.domain.messages.changes import UNDO_WITHIN, ChangeKind, SmsChange
from app.domain.messages.duty import HasDuty, RunningShift, running_shift
from app.domain.roles import Role
from app.domain.roster.entries import EntryKind
from app.store.sms_changes import add_change


def take_duty(connection: Connection, asked: StaffSms) -> Replies:
    """Give the sender what is left of the running shift, and tell who had it."""
    member = asked.who
    if member is None:
        return asked.answer(why_nobody(asked))
    shift = running_shift(member.roster.plan, member.person.id, asked.now)
    match shift:
        case None:
            return asked.answer(ref("sms_staff.no_shift", desk=asked.desk.name))
        case HasDuty(until):
            return asked.answer(ref("sms_staff.has_duty", desk=asked.desk.name, until=until))
        case RunningShift():
            return _take(connection, asked, member, shift)


def _take(
    connection: Connection, asked: StaffSms, member: StaffMember, shift: RunningShift
) -> Replies:
    request = _request(asked, member, shift, is_trial=True)
    trial = add_entry_in(connection, request, asked.now)
    if isinstance(trial, EntryRefused) or trial.effect.changes_nothing:
        return asked.answer(ref("sms_staff.changes_nothing", desk=asked.desk.name))
    done = add_entry_in(connection, _request(asked, member, shift), asked.now)
    assert isinstance(done, EntryResult)
    assert done.entry
    if done.is_done:
        _note_and_tell(connection, asked, member, shift, done.entry.id)
    deadline = asked.now + UNDO_WITHIN
    desk = asked.desk_of(member).name
    taken = ref("sms_staff.took_duty", desk=desk, until=shift.until, deadline=deadline)
    alone = asked.answer(ref("sms_staff.no_backup", desk=desk))
    return asked.answer(taken) + (alone if done.effect.without_backup else ())


def _request(
    asked: StaffSms, member: StaffMember, shift: RunningShift, *, is_trial: bool = False
) -> EntryRequest:
    return EntryRequest(
        member.roster.desks[0].id,
        EntryKind.OVERRIDE,
        {
            "person": member.person.id,
            "role": str(Role.PRIMARY),
            "from": asked.now.replace(second=0, microsecond=0),
            "to": shift.until,
            **({"instead_of": shift.person} if shift.person else {}),
        },
        member.actor,
        is_trial,
    )


def _note_and_tell(
    connection: Connection, asked: StaffSms, member: StaffMember, shift: RunningShift, entry: int
) -> None:
    roster, desk = member.roster, asked.desk_of(member)
    had = (shift.person,) if shift.person else ()
    told = (
        asked.sms.sender,
        *numbers_of(roster, desk, had),
        *coordinators_numbers(connection, roster),
    )
    told = tuple(dict.fromkeys(told))
    change = SmsChange(
        0,
        asked.sms.sid,
        ChangeKind.TOOK_DUTY,
        desk.id,
        roster.id,
        member.person.id,
        member.person.name,
        asked.now,
        entry=entry,
        told=told,
    )
    add_change(connection, change)
    text = ref(
        f"{asked.told_by}.took_duty",
        desk=desk.name,
        who=member.person.name,
        until=shift.until,
        deadline=change.undone_until,
    )
    telling = Telling(
        roster, desk, text, asked.line, asked.sms.sender, f"staff-sms:{asked.sms.sid}", asked.now
    )
    tell(connection, telling, told)
