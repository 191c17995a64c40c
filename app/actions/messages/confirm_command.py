"""Confirms a shift as the link in its SMS does: JA the one that its owner was asked about last."""

from sqlalchemy import Connection

from app.actions.messages.staff import Replies, StaffMember, StaffSms, why_nobody
from app.actions.roster.confirm_shifts import confirm_shift_in, shifts_to_confirm_in
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.changes import ChangeKind, SmsChange
from app.domain.roster.shift_confirmations import AskedShift
from app.store.sms_changes import add_change


def confirm_by_sms(connection: Connection, asked: StaffSms) -> Replies:
    """Confirm one shift: whoever was asked about several may mean the last question only."""
    member = asked.who
    if member is None:
        return asked.answer(why_nobody(asked))
    plan, desk = member.roster.plan, asked.desk_of(member).name
    theirs = shifts_to_confirm_in(connection, plan, member.person.id, asked.now)
    waiting = sorted(
        (one for one in theirs if one.is_waiting(asked.now)),
        key=lambda one: (-one.asked_at.timestamp(), one.when.from_),
    )
    if waiting:
        one, *others = waiting
        more = (
            ref("sms_staff.confirm_more", desk=desk, since=each.when.from_) for each in others[:1]
        )
        done = confirm_one(connection, asked, member, one)
        return done + tuple(reply for text in more for reply in asked.answer(text))
    if theirs:
        since = theirs[0].when.from_
        return asked.answer(ref("sms_staff.confirmed_before", desk=desk, since=since))
    return asked.answer(ref("sms_staff.nothing_to_confirm", desk=desk))


def confirm_one(
    connection: Connection, asked: StaffSms, member: StaffMember, one: AskedShift
) -> Replies:
    """Confirm this shift of somebody, which waits for it."""
    desk = asked.desk_of(member)
    whose = PersonLink(member.roster.id, member.person.id)
    confirm_shift_in(connection, whose, Author(member.actor, asked.now), one.id)
    change = SmsChange(
        0,
        asked.sms.sid,
        ChangeKind.CONFIRMED_SHIFT,
        desk.id,
        member.roster.id,
        member.person.id,
        member.person.name,
        asked.now,
        shift=one.id,
        told=(asked.sms.sender,),
    )
    add_change(connection, change)
    done = ref(
        "sms_staff.confirmed_shift",
        desk=desk.name,
        role=MessageRef(f"role.{one.role}"),
        since=one.when.from_,
        until=one.when.to,
        deadline=change.undone_until,
    )
    return asked.answer(done)
