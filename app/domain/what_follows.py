"""What happens with a ticket once its call is over: the same rules that will do it are asked.

Facts only; the sentences that tell it to the caller are closing_words.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.alarms import can_be_alerted
from app.domain.call import TicketOfCall
from app.domain.desk import Rounds
from app.domain.duty.duty_hours import next_duty
from app.domain.findings import UNTAKEN_FOR
from app.domain.rounds_due import NextRound, Then, Unaccepted, next_round
from app.domain.sight import Sight
from app.domain.time.hours import next_opening


@dataclass(frozen=True, slots=True)
class SomebodyHasIt:
    """Somebody has taken the ticket: nobody is called about it any more."""


@dataclass(frozen=True, slots=True)
class DutyCalledAgain:
    """The duty is called in rounds until somebody takes it; then perhaps contacts are alerted.

    `begins` is when the duty is there again, where it is not there now. `goes_on`: rounds
    about the ticket have begun before this call.
    """

    until: datetime
    then_contacts: bool
    begins: datetime | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class ContactsAlerted:
    """The desk's contacts are alerted, unless somebody takes it before; None: at once."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactsHaveBeenAlerted:
    """The rounds were over before this call, and the desk's contacts know."""


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """An answer was agreed."""

    by: datetime


@dataclass(frozen=True, slots=True)
class TakenUpAt:
    """It is taken up when the desk opens."""

    opens: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits for somebody at the desk; nobody is called."""


Follows = (
    SomebodyHasIt
    | DutyCalledAgain
    | ContactsAlerted
    | ContactsHaveBeenAlerted
    | AnswerBy
    | TakenUpAt
    | Waits
)


def what_follows(sight: Sight) -> Follows:
    """Say what happens with the call's ticket when the call ends now."""
    ticket = sight.call.ticket
    if ticket is None:
        return at_the_desk(sight)
    if _has_somebody(sight):
        return SomebodyHasIt()
    if not ticket.is_urgent:
        return at_the_desk(sight)
    step = _next(sight, ticket)
    match step.then:
        case Then.BEGIN:
            return _called_again(sight, ticket)
        case Then.LOOK_AGAIN | Then.RING_ON:
            return _called_when_duty_begins(sight, ticket)
        case Then.ALARM:
            return _rounds_are_over(sight, ticket)
        case Then.LEAVE:
            return _at_the_desk_or_contacts(sight, ticket, _asked_first_at(sight, ticket))


def at_the_desk(sight: Sight) -> AnswerBy | TakenUpAt | Waits:
    """Say what was agreed; else, while it is closed, when the desk opens."""
    by, opens = promised(sight), opens_next(sight)
    if by:
        return AnswerBy(by)
    return TakenUpAt(opens) if opens and opens > sight.now else Waits()


def promised(sight: Sight) -> datetime | None:
    """Return by when an answer was agreed; None too where that lies before anybody works."""
    ticket, opens = sight.call.ticket, opens_next(sight)
    if ticket is None or ticket.respond_by is None:
        return None
    is_closed = opens is not None and opens > sight.now
    return None if is_closed and opens and ticket.respond_by < opens else ticket.respond_by


def opens_next(sight: Sight) -> datetime | None:
    """Return when the telephone of the caller's agreement is answered next: now, if it is open."""
    calendar = sight.agreement.telephone_calendar
    return next_opening(sight.desk.calendar(calendar), sight.now) if calendar else None


def _has_somebody(sight: Sight) -> bool:
    """Whoever accepted in this call has it, also where the network never connected them."""
    call = sight.call
    before = call.open_case.accepted_by if _is_joined(sight) and call.open_case else None
    return bool(sight.world.taken_by or call.talked or call.unbridged or before)


def _is_joined(sight: Sight) -> bool:
    return bool(sight.call.ticket and sight.call.ticket.joined)


def _next(sight: Sight, ticket: TicketOfCall) -> NextRound:
    """Ask the rules of the rounds as if the call had ended now.

    Of a joined ticket only its opening is known: the next round is taken for as late as can be.
    """
    now, joined = sight.now, _is_joined(sight)
    call = replace(sight.call, ended_at=now, wants_human=sight.call.wants_human and not joined)
    about = Unaccepted(
        opened_at=_opened_at(sight, ticket),
        calls=(call,),
        moved_at=now,
        last_began_at=now if joined else None,
    )
    step = next_round(about, sight.world, now)
    if step.then is not Then.BEGIN or not joined or not call.for_duty:
        return step
    # The ticket's first call may have come in on the other line.
    return next_round(replace(about, calls=(replace(call, for_duty=False),)), sight.world, now)


def _called_again(sight: Sight, ticket: TicketOfCall) -> Follows:
    until = _rounds_end(sight, ticket)
    return DutyCalledAgain(until, can_be_alerted(sight.desk), goes_on=_is_joined(sight))


def _called_when_duty_begins(sight: Sight, ticket: TicketOfCall) -> Follows:
    """The duty is not there: it is looked for every few minutes as long as rounds may begin."""
    duty, until = sight.desk.duty, _rounds_end(sight, ticket)
    if duty is None:
        return at_the_desk(sight)
    begins = next_duty(duty.hours, sight.desk.telephone_calendars(), sight.now)
    if (
        begins
        and begins + timedelta(minutes=duty.rounds_for(ticket.priority).every_minutes) <= until
    ):
        return DutyCalledAgain(until, can_be_alerted(sight.desk), begins, _is_joined(sight))
    return _at_the_desk_or_contacts(sight, ticket, until)


def _rounds_are_over(sight: Sight, ticket: TicketOfCall) -> Follows:
    if not can_be_alerted(sight.desk):
        return at_the_desk(sight)
    if not _is_joined(sight):
        return ContactsAlerted(None)
    until = _rounds_end(sight, ticket)
    return ContactsHaveBeenAlerted() if until <= sight.now else ContactsAlerted(until)


def _at_the_desk_or_contacts(sight: Sight, ticket: TicketOfCall, at: datetime | None) -> Follows:
    """An urgent ticket that nobody takes is not left alone, also where no duty is called."""
    if not ticket.is_urgent or not can_be_alerted(sight.desk):
        return at_the_desk(sight)
    at = at or _asked_first_at(sight, ticket)
    return ContactsAlerted(at) if at > sight.now else ContactsHaveBeenAlerted()


def _asked_first_at(sight: Sight, ticket: TicketOfCall) -> datetime:
    """When contacts know at the latest: rounds that an earlier call began come before."""
    alone = _opened_at(sight, ticket) + UNTAKEN_FOR
    return max(alone, _rounds_end(sight, ticket)) if _is_joined(sight) else alone


def _rounds_end(sight: Sight, ticket: TicketOfCall) -> datetime:
    duty = sight.desk.duty
    rounds = duty.rounds_for(ticket.priority) if duty else Rounds()
    minutes = rounds.for_minutes if rounds.every_minutes else 0
    return _opened_at(sight, ticket) + timedelta(minutes=minutes)


def _opened_at(sight: Sight, ticket: TicketOfCall) -> datetime:
    return ticket.opened_at or sight.call.started_at
