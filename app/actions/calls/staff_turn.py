"""A turn in the staff's menu: what its key changes, by the actions of the staff's SMS, and what is
heard then.

In the turn's transaction, before it is decided. Each change is told by SMS to all whom it concerns,
and to whoever made it.
"""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import Connection

from app.actions.desks.outages import OutageRefused, OutageRequest, end_outage_in, mark_outage_in
from app.actions.messages.confirm_command import confirm_one
from app.actions.messages.staff import Replies, StaffMember, StaffSms, staff_with_number
from app.actions.messages.staff_commands import obey
from app.actions.messages.tell_change import Telling, coordinators_numbers, numbers_of, tell
from app.actions.messages.undo_change import give_duty_back
from app.actions.roster.confirm_shifts import shifts_to_confirm_in
from app.domain.access.audit import Author
from app.domain.calls.call import Call, Event, PinEntered, Pressed
from app.domain.calls.staff import OVERTAKEN, StaffAction, duty_asked, outage_asked, staff_action
from app.domain.calls.turn_request import Moment
from app.domain.hunts.staff_view import StaffQuestion, StaffView
from app.domain.message_refs import MessageRef, ref
from app.domain.messages.changes import ChangeKind, SmsChange
from app.domain.messages.commands import Command, Verb
from app.domain.messages.duty import HasDuty, running_shift
from app.store.desks import find_desk
from app.store.outages import list_outages, open_outage
from app.store.outbox import NewJob, put_jobs
from app.store.sms import ReceivedSms
from app.store.sms_changes import add_change, running_takeover
from app.store.tables import JobKind
from app.store.ticket_lists import list_waiting

HELP: Final = Command(Verb.HELP)  # until a key asks for something
TAKE_DUTY: Final = Command(Verb.TAKE_DUTY)
NOT_DONE: Final = (ref(OVERTAKEN),)


def is_staff_turn(call: Call, event: Event) -> bool:
    """Tell whether a turn is one of somebody who has shown a PIN, or shows it."""
    return isinstance(event, PinEntered) or bool(call.staff and isinstance(event, Pressed))


def take_staff_turn(
    connection: Connection, call: Call, event: Event, moment: Moment
) -> StaffView | None:
    """Do what the key asks for, and return what is heard; None for who is not on the roster."""
    asked = _asked(connection, call, event, moment)
    if asked is None:
        return None
    done = _do(connection, asked, call, event)
    if done:
        asked = _asked(connection, call, event, moment) or asked
    return replace(_view(connection, asked), done=done)


def _asked(connection: Connection, call: Call, event: Event, moment: Moment) -> StaffSms | None:
    """The key as the staff's actions take it: from the number, of the person whose PIN it was."""
    person = event.person if isinstance(event, PinEntered) else call.staff
    live = find_desk(connection, call.desk) if call.desk and person else None
    if live is None or live.roster is None:
        return None
    roster, number = live.roster.id, call.caller.digits
    theirs = tuple(
        each
        for each in staff_with_number(connection, number, moment.now)
        if (each.roster.id, each.person.id) == (roster, person)
    )
    if not theirs:
        return None
    sms = ReceivedSms(f"{call.sid}:{call.turn}", call.line, number, "")
    return StaffSms(sms, HELP, theirs, live.desk, moment.now, by_telephone=True)


def _do(
    connection: Connection, asked: StaffSms, call: Call, event: Event
) -> tuple[MessageRef, ...]:
    action, member = staff_action(call, event), asked.members[0]
    match action:
        case None:
            return ()
        case StaffAction.CHANGE_OUTAGE:
            return _change_outage(connection, asked, member, call.staff_question)
        case StaffAction.ACKNOWLEDGE:
            command = Command(Verb.ACKNOWLEDGE, call.staff_ticket)
            replies = obey(connection, replace(asked, command=command))
        case StaffAction.TAKE_DUTY:
            replies = _change_duty(connection, asked, member, call.staff_question)
        case StaffAction.CONFIRM_SHIFT:
            replies = _confirm(connection, asked, member, call.staff_question)
        case _:
            assert_never(action)
    _send(connection, asked, member, replies)
    return tuple(MessageRef(each.key, each.values) for each in replies) or NOT_DONE


# Each does what was asked about, and nothing where that is otherwise by now: no replies.


def _change_duty(
    connection: Connection, asked: StaffSms, member: StaffMember, question: StaffQuestion | None
) -> Replies:
    taken = _takeover(connection, asked, member)
    view = replace(_nothing_known(member), took=_as_question(taken))
    now = duty_asked(view, member.roster.plan, asked.now)
    if now is None or not now.is_same(question):
        return ()
    if taken:
        return give_duty_back(connection, asked, taken[0], member)
    return obey(connection, replace(asked, command=TAKE_DUTY))


def _confirm(
    connection: Connection, asked: StaffSms, member: StaffMember, question: StaffQuestion | None
) -> Replies:
    theirs = shifts_to_confirm_in(connection, member.roster.plan, member.person.id, asked.now)
    one = next((each for each in theirs if question and each.id == question.about), None)
    if one is None:
        return ()
    if one.is_waiting(asked.now):
        return confirm_one(connection, asked, member, one)
    desk = asked.desk_of(member).name
    return asked.answer(ref("sms_staff.confirmed_before", desk=desk, since=one.when.from_))


def _change_outage(
    connection: Connection, asked: StaffSms, member: StaffMember, question: StaffQuestion | None
) -> tuple[MessageRef, ...]:
    desk, by = asked.desk, Author(member.actor, asked.now)
    known = open_outage(connection, desk.id)
    if not outage_asked(known.known if known else None).is_same(question):
        return NOT_DONE
    try:
        if known:
            end_outage_in(connection, desk.id, known.known.id, by)
        else:
            mark_outage_in(connection, desk.id, OutageRequest(None, {}), by)
    except OutageRefused as refused:
        return (refused.message,)
    coordinators = coordinators_numbers(connection, member.roster)
    told = (asked.sms.sender, *numbers_of(member.roster, desk, ()), *coordinators)
    told = tuple(dict.fromkeys(told))
    text = _told_of_outage(connection, asked, member, told, is_over=bool(known))
    mark = f"staff-call:{asked.sms.sid}"
    tell(connection, Telling(member.roster, desk, text, asked.line, "", mark, asked.now), told)
    return (text,)


def _told_of_outage(
    connection: Connection,
    asked: StaffSms,
    member: StaffMember,
    told: tuple[str, ...],
    *,
    is_over: bool,
) -> MessageRef:
    """What these numbers are told; one that was marked is undone by NEI, an end cannot be."""
    desk, person = asked.desk, member.person
    if is_over:
        return ref("sms_phone_told.ended_outage", desk=desk.name, who=person.name)
    change = SmsChange(
        0,
        asked.sms.sid,
        ChangeKind.MARKED_OUTAGE,
        desk.id,
        member.roster.id,
        person.id,
        person.name,
        asked.now,
        told=told,
    )
    add_change(connection, change)
    deadline = change.undone_until
    return ref("sms_phone_told.marked_outage", desk=desk.name, who=person.name, deadline=deadline)


def _send(connection: Connection, asked: StaffSms, member: StaffMember, replies: Replies) -> None:
    """Whoever has the number learns of it, also where somebody else had number and PIN."""
    jobs = [
        NewJob(
            JobKind.SMS,
            f"staff-call:{asked.sms.sid}:{count}",
            {
                "to": asked.sms.sender,
                "from": asked.line,
                "message": asdict(each),
                "at": asked.now,
                "time_zone": asked.desk.time_zone,
            },
            desk=asked.desk.id,
            person=member.person.id,
        )
        for count, each in enumerate(replies)
    ]
    put_jobs(connection, jobs, asked.now)


def _view(connection: Connection, asked: StaffSms) -> StaffView:
    member, now = asked.members[0], asked.now
    roster = member.roster
    shifts = shifts_to_confirm_in(connection, roster.plan, member.person.id, now)
    waiting = (StaffQuestion(one.id, one.when.from_) for one in shifts if one.is_waiting(now))
    known = list_outages(connection, [asked.desk.id], is_open=True)
    return replace(
        _nothing_known(member),
        tickets=list_waiting(connection, [desk.id for desk in roster.desks]),
        took=_as_question(_takeover(connection, asked, member)),
        shift=min(waiting, key=lambda each: (each.when, each.about), default=None),
        watchers=known[0].watchers if known else 0,
    )


def _nothing_known(member: StaffMember) -> StaffView:
    return StaffView(member.person.id, member.person.name, member.person.language)


def _takeover(
    connection: Connection, asked: StaffSms, member: StaffMember
) -> tuple[SmsChange, datetime] | None:
    """Return what they took and still have, and until when: somebody may have taken it since."""
    has = running_shift(member.roster.plan, member.person.id, asked.now)
    if not isinstance(has, HasDuty):
        return None
    taken = running_takeover(connection, member.roster.id, member.person.id, asked.now)
    return (taken[0], min(taken[1], has.until)) if taken else None


def _as_question(taken: tuple[SmsChange, datetime] | None) -> StaffQuestion | None:
    return StaffQuestion(taken[0].id, taken[1]) if taken else None
