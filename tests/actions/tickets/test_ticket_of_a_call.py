"""A call's ticket knows what a later call-out needs, also what changed after it was opened."""

from app.domain.calls.call import RingEnded, Step
from app.domain.tickets.ticket import Source, Ticket, WakesDuty
from app.store import Database
from app.store.ticket_lists import find_ticket
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import CALLER, DUTY, SUPPORT
from tests.support.stored_call import DrivenCall, critical_at_night


def ticket(database: Database) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def after_the_talk(database: Database) -> DrivenCall:
    """Somebody of the duty has talked with the caller, who is still on the line."""
    call = critical_at_night(database)
    call.somebody_accepts(1)
    call.does(RingEnded("completed"))
    assert call.stored.step is Step.TALK_ENDED
    return call


@ONE_DATABASE
def test_it_is_stored_with_line_language_and_why_the_duty_may_be_called(database: Database) -> None:
    critical_at_night(database)
    found = ticket(database)
    assert (found.source, found.call_sid, found.calls) == (Source.CALL, "CA1", 1)
    assert (found.line, found.language, found.contact.number.digits) == (DUTY, "nb", CALLER)
    assert found.wakes_duty is WakesDuty.CONFIRMED


@ONE_DATABASE
def test_on_the_support_line_the_agreement_decides(database: Database) -> None:
    call = DrivenCall(database, line=SUPPORT)
    call.arrives()
    call.presses("1", "1")
    assert ticket(database).wakes_duty is WakesDuty.BY_AGREEMENT


@ONE_DATABASE
def test_another_language_and_the_wish_for_a_human_are_the_tickets_too(database: Database) -> None:
    call = after_the_talk(database)
    call.presses("9")
    assert (ticket(database).language, ticket(database).wakes_duty) == ("en", WakesDuty.CONFIRMED)
    call.presses("0")
    assert ticket(database).wakes_duty is WakesDuty.NEVER


def test_a_number_that_cannot_be_read_is_not_taken_for_a_withheld_one(database: Database) -> None:
    call = DrivenCall(database, caller="+4710")
    call.arrives()
    call.presses("1")
    assert ticket(database).contact.number == call.stored.caller
