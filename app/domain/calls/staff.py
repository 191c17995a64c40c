"""The menu of somebody on the roster: who reaches it, its questions, and what a key changes.

The changes themselves are made by actions/calls/staff_turn.py, in the turn's transaction, before
it is decided; what is said of them stands here.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.calls.call import Call, Event, Pressed, Step
from app.domain.calls.context import Branch, CallContext
from app.domain.copies import replace
from app.domain.desks.known_outage import KnownOutage
from app.domain.flow import Says
from app.domain.hunts.staff_view import OpenTicket, StaffQuestion, StaffView
from app.domain.message_refs import MessageRef
from app.domain.messages.duty import RunningShift, running_shift
from app.domain.roles import Role
from app.domain.roster.duty_status import duty_status
from app.domain.roster.plan import Roster
from app.domain.texts.message import Message, Value

NOBODY: Final = StaffView("", "")


class StaffAction(StrEnum):
    """What a key of the menu changes."""

    ACKNOWLEDGE = "acknowledge"
    TAKE_DUTY = "take_duty"  # or give back what was taken so
    CONFIRM_SHIFT = "confirm_shift"
    CHANGE_OUTAGE = "change_outage"  # mark one, or end the one that is known


# Each is asked for one key before, so that none is done by accident.
ACTIONS: Final[Mapping[tuple[Step, str], StaffAction]] = {
    (Step.STAFF_TICKET, "1"): StaffAction.ACKNOWLEDGE,
    (Step.STAFF_MESSAGE_PLAYS, "1"): StaffAction.ACKNOWLEDGE,
    (Step.STAFF_DUTY_ASKED, "1"): StaffAction.TAKE_DUTY,
    (Step.STAFF_SHIFT_ASKED, "1"): StaffAction.CONFIRM_SHIFT,
    (Step.STAFF_OUTAGE_ASKED, "1"): StaffAction.CHANGE_OUTAGE,
}
# What the actions answer by SMS, as it is said; whatever else they answer was not done.
OVERTAKEN: Final = "staff_overtaken"  # what was asked about is otherwise by now: nothing was done
SPOKEN: Final[Mapping[str, str]] = {
    "sms_staff.took_duty": "staff_took_duty",
    "sms_staff.no_backup": "staff_no_backup",
    "sms_staff.has_duty": "staff_took_duty",
    "sms_phone_told.gave_duty_back": "staff_gave_back",
    "sms_staff.undone_before": "staff_gave_back",
    "sms_staff.acknowledged": "staff_has_ticket",
    "sms_staff.had_already": "staff_has_ticket",
    "sms_staff.taken": "staff_ticket_taken",
    "sms_staff.confirmed_shift": "staff_confirmed",
    "sms_staff.confirmed_before": "staff_confirmed",
    "sms_phone_told.marked_outage": "staff_marked_outage",
    "sms_phone_told.ended_outage": "staff_ended_outage",
    OVERTAKEN: OVERTAKEN,
}


def staff_action(call: Call, event: Event) -> StaffAction | None:
    """Say what a key changes at the step at which a call is."""
    if not (call.staff and isinstance(event, Pressed)):
        return None
    return ACTIONS.get((call.step, event.digits))


# --- what a question is about ------------------------------------------------------------


def duty_asked(view: StaffView, roster: Roster, now: datetime) -> StaffQuestion | None:
    """Give back what they took, or take the running shift; None where neither can be."""
    if view.took:
        return view.took
    shift = running_shift(roster, view.person, now)
    if not isinstance(shift, RunningShift):
        return None
    return StaffQuestion(when=shift.until, person=shift.person or "")


def outage_asked(known: KnownOutage | None) -> StaffQuestion:
    """End the outage that is known, or mark one."""
    return StaffQuestion(known.id, known.since) if known else StaffQuestion()


# --- where keys lead --------------------------------------------------------------------


def first_ticket(context: CallContext) -> Branch:
    """Read the longest waiting ticket first."""
    return _read(context, 0, Step.STAFF_NOTHING)


def next_ticket(context: CallContext) -> Branch:
    """Read the next one; after the last the menu comes again."""
    return _read(context, context.call.staff_ticket, Step.STAFF_MENU)


def _read(context: CallContext, after: int, otherwise: Step) -> Branch:
    found = _view(context).after(after)
    if found is None:
        return Branch(otherwise, context.call)
    return Branch(Step.STAFF_TICKET, replace(context.call, staff_ticket=found.number))


def message(context: CallContext) -> Branch:
    """Play what the caller said, where something was and is here; the network plays it."""
    is_there = callers_message(context)
    return Branch(Step.STAFF_MESSAGE_PLAYS if is_there else Step.STAFF_NOTHING, context.call)


def callers_message(context: CallContext) -> str:
    """Return the recording of the ticket that is read; empty where there is none."""
    found = _view(context).ticket(context.call.staff_ticket)
    return found.recording if found else ""


def ask_duty(context: CallContext) -> Branch:
    """Ask before the duty is taken, or given back; nobody else has it where it is theirs."""
    return _ask(context, _duty_asked(context), Step.STAFF_DUTY_ASKED)


def ask_shift(context: CallContext) -> Branch:
    """Ask before a shift is confirmed."""
    return _ask(context, _view(context).shift, Step.STAFF_SHIFT_ASKED)


def ask_outage(context: CallContext) -> Branch:
    """Ask before an outage is marked, or the one that is known is ended."""
    return _ask(context, outage_asked(context.world.outage), Step.STAFF_OUTAGE_ASKED)


def _ask(context: CallContext, question: StaffQuestion | None, step: Step) -> Branch:
    """Keep what is asked: a colleague may change it before the answer comes."""
    if question is None:
        return Branch(Step.STAFF_NOTHING, context.call)
    return Branch(step, replace(context.call, staff_question=question))


# --- what is said -----------------------------------------------------------------------


def offer_staff_menu(context: CallContext) -> Says:
    """7 asks for the PIN: said only on a number of the roster."""
    return (_say(context, "staff_offer"),) if context.may_show_pin else ()


def ask_pin(context: CallContext) -> Says:
    """The PIN, then hash."""
    return (_say(context, "staff_pin"),)


def wrong_pin(context: CallContext) -> Says:
    """The same for a wrong one, a locked one, and where there is none."""
    return (_say(context, "staff_pin_wrong"),)


def not_now(context: CallContext) -> Says:
    """The menu is away; the call goes on as any other."""
    return (_say(context, "staff_away"),)


def nothing(context: CallContext) -> Says:
    """There is nothing of that now."""
    return (_say(context, "staff_nothing"),)


def choices(context: CallContext) -> Says:
    """Who is on duty until when, and the keys that do something now."""
    return (
        *_who_is_on_duty(context),
        *_of_tickets(context),
        *_of_duty(context),
        *_of_shift(context),
        _say(context, "staff_end_outage" if context.world.outage else "staff_mark_outage"),
    )


def read_ticket(context: CallContext) -> Says:
    """One ticket: its number, whose it is, since when; 1 takes it."""
    found = _view(context).ticket(context.call.staff_ticket)
    if found is None:
        return (_say(context, "staff_ticket_gone"),)
    hear = (_say(context, "staff_hear_message"),) if found.recording else ()
    return (*_described(context, found), _say(context, "staff_ticket_keys"), *hear)


def after_message(context: CallContext) -> Says:
    """The keys once more, after what the caller said."""
    if _view(context).ticket(context.call.staff_ticket) is None:
        return (_say(context, "staff_ticket_gone"),)
    return (_say(context, "staff_ticket_keys"), _say(context, "staff_hear_message"))


def duty_question(context: CallContext) -> Says:
    """Take it until when, or give it back?"""
    asked = _question(context)
    key = "staff_give_back_question" if asked.about else "staff_take_question"
    return (_say(context, key, until=asked.when or context.now),)


def shift_question(context: CallContext) -> Says:
    """Is the shift confirmed?"""
    begins = _question(context).when or context.now
    return (_say(context, "staff_confirm_question", since=begins),)


def outage_question(context: CallContext) -> Says:
    """What callers hear then, or how many are told that it is over."""
    asked, count = _question(context), _view(context).watchers
    if not asked.about:
        return (_say(context, "staff_mark_question"),)
    return (_say(context, "staff_end_question", since=asked.when or context.now, count=count),)


def result(context: CallContext) -> Says:
    """What was done, or that nothing was."""
    told = tuple(_spoken(context, each) for each in _view(context).done)
    return told or (_say(context, "staff_not_done"),)


def _spoken(context: CallContext, done: MessageRef) -> Message:
    values = tuple((name, value) for name, value in done.values if isinstance(value, Value))
    return Message(SPOKEN.get(done.key, "staff_not_done"), context.call.language, values)


def _who_is_on_duty(context: CallContext) -> Says:
    listed = duty_status(context.desk, context.world.roster, context.now).ringing
    first = next((each for each in listed if each.role is not Role.LAST_RESORT), None)
    if first is None or first.person is None or first.to is None:
        return (_say(context, "staff_nobody_on_duty"),)
    if first.person.id == context.call.staff:
        return (_say(context, "staff_you_on_duty", until=first.to),)
    return (_say(context, "staff_on_duty", who=first.person.name, until=first.to),)


def _of_tickets(context: CallContext) -> Says:
    count = len(_view(context).tickets)
    if not count:
        return (_say(context, "staff_no_tickets"),)
    return (_say(context, "staff_tickets", count=count),)


def _of_duty(context: CallContext) -> Says:
    asked = _duty_asked(context)
    if asked is None:
        return ()
    return (_say(context, "staff_give_back" if asked.about else "staff_take"),)


def _of_shift(context: CallContext) -> Says:
    waits = _view(context).shift
    return (_say(context, "staff_confirm", since=waits.when or context.now),) if waits else ()


def _described(context: CallContext, ticket: OpenTicket) -> Says:
    number, since = ticket.number, ticket.since
    if ticket.customer:
        whose = ticket.customer
        return (_say(context, "staff_ticket_of", ticket=number, customer=whose, since=since),)
    return (_say(context, "staff_ticket", ticket=number, since=since),)


def _duty_asked(context: CallContext) -> StaffQuestion | None:
    roster, person = context.world.roster, context.call.staff
    if roster is None or roster.person(person) is None:
        return None
    return duty_asked(_view(context), roster, context.now)


def _question(context: CallContext) -> StaffQuestion:
    return context.call.staff_question or StaffQuestion()


def _view(context: CallContext) -> StaffView:
    return context.world.staff or NOBODY


def _say(context: CallContext, key: str, **values: str | int | datetime) -> Message:
    return Message(key, context.call.language, tuple(values.items()))
