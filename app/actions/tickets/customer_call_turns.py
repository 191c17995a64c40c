"""What the network tells of a call to a ticket's customer: a key, a status, an end; each once.

Any order, any number of times. That they have talked is the answer to the customer, and how it went
becomes an event of the ticket. What could not be taken when it was told is asked for afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.tickets.call_customer import why_no_call
from app.domain.calls.flows import customer
from app.domain.calls.flows.customer import (
    CONNECTS,
    CUSTOMER_RINGS_SECONDS,
    NOT_PLACED,
    ON_TICKET,
    CustomerCallResult,
    CustomerCallStep,
    RingCustomer,
)
from app.domain.calls.flows.key_question import is_over, statuses_before
from app.domain.calls.turn_request import Moment
from app.domain.copies import replace
from app.domain.health.provider_records import ProviderLeg, ProviderLegs
from app.domain.hunts.instructions import Ask, End
from app.domain.tickets.accepted_call import accept_call
from app.domain.tickets.events import TicketEventKind, event_by
from app.domain.tickets.outcome import Outcome
from app.store import Database
from app.store.apply import ChangeRecord, apply_outcome
from app.store.customer_calls import (
    StoredCustomerCall,
    change_customer_call,
    load_customer_call,
)
from app.store.desks import find_desk
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind
from app.store.tickets import StoredTicket, add_events, lock_ticket

LOOKS_EVERY: Final = timedelta(minutes=5)  # whether the end of a call was told
ASKED_FOR: Final = timedelta(days=1)  # then the network is not asked any more

IN_PROGRESS = "in-progress"
COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class CustomerCallAnswer:
    """What is heard by whoever is rung first, and at which prompt."""

    instruction: Ask | End | RingCustomer
    prompt: int = 0


@dataclass(frozen=True, slots=True)
class CustomerStatus:
    """How the customer's telephone fares; `seconds` of talk, where the network tells them."""

    status: str
    seconds: int | None = None
    is_bridged: bool = True  # False: it ended, and nobody had been connected


NOBODY_KNOWN = CustomerCallAnswer(End())


def customer_call_answered(database: Database, call: int) -> CustomerCallAnswer:
    """Say what whoever has lifted the receiver hears; a call that nobody knows is hung up."""
    with database.read() as connection:
        found = load_customer_call(connection, call)
        if found is None:
            return NOBODY_KNOWN
        conversation = found.call(_spoken_name(connection, found))
    return CustomerCallAnswer(customer.instruction_of(conversation), conversation.prompt)


def press_in_customer_call(
    database: Database, call: int, key: str, prompt: int, now: datetime
) -> CustomerCallAnswer:
    """Answer a key, or none, at a prompt: 1 rings the customer, also when it is told twice."""
    return database.write(partial(_press, call=call, key=key, prompt=prompt, now=now))


def note_own_status(database: Database, call: int, status: str, now: datetime) -> None:
    """Note how the telephone of whoever called fares."""
    database.write(partial(_note_own, call=call, status=status, now=now))


def note_customer_status(
    database: Database, call: int, reported: CustomerStatus, now: datetime
) -> CustomerCallAnswer:
    """Note how the customer's telephone fares; say what is heard when it is over."""
    return database.write(partial(_note_customer, call=call, reported=reported, now=now))


def note_customer_call_placed(connection: Connection, call: int, sid: str, now: datetime) -> None:
    """Note by which sid the network knows the call, and look later whether its end was told."""
    change_customer_call(connection, call, call_sid=sid)
    found = load_customer_call(connection, call)
    if found:
        put_jobs(connection, [_look(found, 1)], now)


def needs_status(database: Database, call: int, now: datetime) -> str | None:
    """Return the sid of a call whose end was not told; None where there is nothing to ask."""
    with database.read() as connection:
        found = load_customer_call(connection, call)
    if found is None or not found.call_sid or found.call().is_end_reported:
        return None
    return found.call_sid if now - found.started_at < ASKED_FOR else None


def note_legs(database: Database, call: int, look: int, legs: ProviderLegs, now: datetime) -> None:
    """Note what the network tells when it is asked, and ask again until all is told.

    Of two calls that it tells of one may lag behind: whoever has hung up talks with nobody.
    """

    def note(connection: Connection) -> None:
        own, other = legs.own, legs.other
        lags = other is not None and is_over(own.status) and not is_over(other.status)
        if not lags:
            if other and other.status:
                told = CustomerStatus(other.status, other.seconds)
                _note_customer(connection, call, told, _at(other, now))
            if own.status:
                _note_own(connection, call, own.status, _at(own, now))
        found = load_customer_call(connection, call)
        if found and not found.call().is_end_reported:
            put_jobs(connection, [_look(found, look + 1)], now)

    database.write(note)


def _at(leg: ProviderLeg, now: datetime) -> datetime:
    """Return since when a telephone fares as it does, as far as the network tells it."""
    return (leg.ended_at if is_over(leg.status) else leg.started_at) or now


def note_customer_call_not_placed(connection: Connection, call: int) -> None:
    """Note that nobody was rung, as far as we know."""
    found = load_customer_call(connection, call, lock=True)
    if found and not found.status:
        change_customer_call(connection, call, status=NOT_PLACED)


def _look(found: StoredCustomerCall, look: int) -> NewJob:
    # The network's sid: the numbers of calls that are deleted may be given again.
    facts: dict[str, object] = {"customer_call": found.id, "look": look}
    key = f"customer_call {found.call_sid} status {look}"
    kind, new = JobKind.CUSTOMER_CALL_STATUS, found.new
    return NewJob(kind, key, facts, desk=new.desk, ticket=new.ticket, after=LOOKS_EVERY)


def _note_own(connection: Connection, call: int, status: str, now: datetime) -> None:
    found = load_customer_call(connection, call, lock=True)
    if found and _is_later(found.status, status):
        change_customer_call(connection, call, status=status)
        _settle(connection, call, now)


def _press(
    connection: Connection, call: int, key: str, prompt: int, now: datetime
) -> CustomerCallAnswer:
    found = load_customer_call(connection, call, lock=True)
    if found is None:
        return NOBODY_KNOWN
    before = found.call(_spoken_name(connection, found))
    after = customer.pressed(before, key, prompt)
    presses_1 = before.step is not after.step is CustomerCallStep.CONNECTS
    if presses_1 and not _may_ring_still(connection, found, now):
        after = replace(after, step=CustomerCallStep.REFUSED)
    if after != before:
        change_customer_call(connection, call, step=after.step, misses=after.misses)
    if after.step is not before.step and _is_later(found.status, IN_PROGRESS):
        change_customer_call(connection, call, status=IN_PROGRESS)  # nobody presses before that
    is_key = after.step is CustomerCallStep.CONNECTS and key == CONNECTS
    if is_key and prompt == after.prompt and not after.customer_status:
        return CustomerCallAnswer(_ring_customer(connection, found))
    return CustomerCallAnswer(customer.instruction_of(after), after.prompt)


def _may_ring_still(connection: Connection, found: StoredCustomerCall, now: datetime) -> bool:
    """Tell whether the ticket is still called about: it may have been closed, or its number taken
    out or blocked, since the button was pressed.
    """
    stored, live = (
        lock_ticket(connection, found.new.ticket, None),
        find_desk(connection, found.new.desk),
    )
    if stored is None or live is None:
        return False
    is_same = stored.ticket.contact.number.digits == found.new.customer_number
    return is_same and why_no_call(connection, stored.ticket, live, now) is None


def _ring_customer(connection: Connection, found: StoredCustomerCall) -> RingCustomer:
    live = find_desk(connection, found.new.desk)
    return RingCustomer(
        found.new.customer_number,
        found.new.line,
        CUSTOMER_RINGS_SECONDS,
        live.desk.ceilings.talk_minutes if live else 1,
        customer.we_ring(found.new.language),
    )


def _note_customer(
    connection: Connection, call: int, reported: CustomerStatus, now: datetime
) -> CustomerCallAnswer:
    found = load_customer_call(connection, call, lock=True)
    if found is None:
        return NOBODY_KNOWN
    if _is_later(found.customer_status, reported.status):
        change_customer_call(connection, call, customer_status=reported.status)
    is_end = is_over(reported.status)
    if is_end and reported.seconds is not None and found.talk_seconds is None:
        change_customer_call(connection, call, talk_seconds=reported.seconds)
    talks = reported.status == IN_PROGRESS or (reported.status == COMPLETED and reported.is_bridged)
    if talks and found.connected_at is None:
        since = now - timedelta(seconds=reported.seconds or 0)
        change_customer_call(connection, call, connected_at=max(since, found.started_at))
    result = _settle(connection, call, now)
    is_reached = result in (CustomerCallResult.TALKED, CustomerCallResult.TALKS)
    return CustomerCallAnswer(End() if is_reached else customer.not_answered(found.new.language))


def _settle(connection: Connection, call: int, now: datetime) -> CustomerCallResult | None:
    """Note on the ticket what has come of a call: the answer to the customer, and the end; once."""
    found = load_customer_call(connection, call)
    if found is None:
        return None
    result = found.call().result(now)
    stored = lock_ticket(connection, found.new.ticket, None)
    if stored is None:
        return result
    if found.connected_at:
        _note_answer(connection, stored, found, now)
    # Whoever hangs up first may be told of before it is told that the customer had answered.
    is_known = found.connected_at or is_over(found.customer_status)
    if result in ON_TICKET and is_known and found.recorded_at is None:
        change_customer_call(connection, call, recorded_at=now)
        _tell(connection, stored, found, result, now)
    return result


def _note_answer(
    connection: Connection, stored: StoredTicket, found: StoredCustomerCall, now: datetime
) -> None:
    """Whoever has talked with the customer has answered, and has the ticket where nobody had it."""
    if stored.ticket.responded_at and stored.ticket.acknowledged:
        return
    at = (found.connected_at or now) + stored.offset
    outcome = accept_call(stored.ticket, found.new.by, at, None)
    if not isinstance(outcome, Outcome):
        return
    live = find_desk(connection, stored.ticket.desk)
    # Whoever writes on the ticket while they talk need not be told of their own call.
    record = ChangeRecord(keeps_version=True)
    moment = Moment(now + stored.offset, now)
    jobs = apply_outcome(connection, outcome, live.desk if live else None, moment, record)
    if jobs:
        put_jobs(connection, jobs, now)


def _tell(
    connection: Connection,
    stored: StoredTicket,
    found: StoredCustomerCall,
    result: CustomerCallResult,
    now: datetime,
) -> None:
    facts: dict[str, object] = {"outcome": str(result)}
    if result is CustomerCallResult.TALKED:
        talked = now - (found.connected_at or now)
        seconds = found.talk_seconds
        facts["seconds"] = max(int(talked.total_seconds()), 0) if seconds is None else seconds
    event = event_by(
        TicketEventKind.CUSTOMER_CALLED, found.new.by, now + stored.offset, "", **facts
    )
    add_events(connection, found.new.ticket, (event,))


def _is_later(before: str, status: str) -> bool:
    """Tell whether a status comes after the one that is known; an end is never taken back."""
    return before == NOT_PLACED or before in statuses_before(status)


def _spoken_name(connection: Connection, found: StoredCustomerCall) -> str:
    live = find_desk(connection, found.new.desk)
    if live is None:
        return ""
    return live.desk.spoken_name.in_language(found.new.language) or live.desk.name
