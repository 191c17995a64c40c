"""Obeys a command that somebody of the staff sent by SMS, and says what was done, or why not.

Every change is told to all whom it concerns, who may undo it: a sender can be forged.
"""

from typing import Final, assert_never

from sqlalchemy import Connection

from app.actions.messages.confirm_command import confirm_by_sms
from app.actions.messages.duty_commands import take_duty
from app.actions.messages.staff import Replies, StaffSms, in_language
from app.actions.messages.ticket_commands import change_ticket
from app.actions.messages.undo_change import undo
from app.domain.message_refs import ref
from app.domain.messages.commands import Verb
from app.domain.messages.duty import who_is_on_duty

COMMANDS_ALLOWED: Final = 30  # SMS of one sender to one desk in an hour, before none is obeyed


def obey(connection: Connection, asked: StaffSms) -> Replies:
    """Do what a command says; what it is answered."""
    match asked.command.verb:
        case Verb.WHO_IS_ON_DUTY:
            return _who_is_on_duty(asked)
        case Verb.HELP:
            return help_for(asked)
        case Verb.TAKE_DUTY:
            return take_duty(connection, asked)
        case Verb.ACKNOWLEDGE | Verb.RELEASE | Verb.PASS_ON:
            return change_ticket(connection, asked)
        case Verb.CONFIRM_SHIFT:
            return confirm_by_sms(connection, asked)
        case Verb.UNDO:
            return undo(connection, asked) or asked.answer(
                ref("sms_staff.nothing_to_undo", desk=asked.desk.name)
            )
        case _:
            assert_never(asked.command.verb)


def without_database(asked: StaffSms) -> Replies:
    """Answer while the database is away: what changes something did not happen, and will not."""
    match asked.command.verb:
        case Verb.WHO_IS_ON_DUTY:
            return _who_is_on_duty(asked)
        case Verb.HELP:
            return help_for(asked)
        case _:
            return not_now(asked)


def not_now(asked: StaffSms) -> Replies:
    """Say that nothing was done, nor will be."""
    return asked.answer(ref("sms_staff.not_now", desk=asked.desk.name))


def help_for(asked: StaffSms) -> Replies:
    """List the commands, in one SMS."""
    return asked.answer(ref("sms_staff.help", desk=asked.desk.name))


def too_many(asked: StaffSms) -> Replies:
    """Say that nothing was done, because somebody writes too often."""
    return asked.answer(ref("sms_staff.too_many", desk=asked.desk.name))


def _who_is_on_duty(asked: StaffSms) -> Replies:
    """Tell it for every desk that they serve, by the name of each."""
    rosters = {each.roster.id: each.roster for each in asked.members}
    return tuple(
        in_language(told, asked.language)
        for roster in rosters.values()
        for told in who_is_on_duty(roster.desks, roster.plan, asked.now)
    )
