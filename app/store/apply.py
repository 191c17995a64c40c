"""Carries a decision out in rows: the call, its turn and legs, the ticket, the outbox.

Called once per turn, inside the turn's transaction. Nothing leaves the system here.
"""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Final, assert_never

from sqlalchemy import Connection

from app.domain.access.actor import Actor, ActorKind
from app.domain.callouts.policy import changes_what_is_next
from app.domain.calls.call import Call
from app.domain.calls.decision import Decision, numbered, numbered_instruction
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.hunts.effects import (
    AcknowledgeTicket,
    AnsweredAgain,
    AttachMessage,
    CallOutUnanswered,
    CancelLeg,
    Effect,
    JoinTicket,
    MissedCallOut,
    OpenTicket,
    PlaceLeg,
    SendSms,
)
from app.domain.reasons import Reason
from app.domain.tickets.moves import acknowledge_by_telephone
from app.domain.tickets.opening import opened
from app.domain.tickets.outcome import InboxEvent, NotifyInbox, Outcome, ReviewCallOuts
from app.domain.tickets.ticket import NOT_GIVEN
from app.store import tickets
from app.store.call_out_effects import (
    note_call_out_unanswered,
    note_missed_or_answered,
)
from app.store.call_outs import look_at_ticket
from app.store.calls import Turn, add_call, add_turn, change_call, save_legs
from app.store.inbox_notifications import InboxNotification, notify_inbox
from app.store.outbox import NewJob, drop_call_job, put_jobs
from app.store.snapshot import Snapshot
from app.store.tables import JobKind

# A recording is not there the moment the caller hangs up (telephony.md, Record).
RECORDING_READY_AFTER: Final = timedelta(seconds=5)


def apply(connection: Connection, turn: Turn) -> Decision:
    """Store everything that a decision says, and return it with the ticket's number filled in.

    SecondArrival when the call is new and somebody else has stored it meanwhile.
    """
    turn = replace(turn, decision=_with_ticket_number(connection, turn.decision))
    decision, moment, known = turn.decision, turn.moment, turn.known
    if turn.before is None:
        add_call(connection, decision.call, moment.offset, moment.real)
    elif decision.call != turn.before:
        change_call(connection, turn.before, decision.call, moment.offset)
    add_turn(connection, turn)
    if decision.call.legs != known.legs:
        save_legs(connection, known, decision.call, moment.now)
    _keep_opener_up_to_date(connection, known, decision.call)
    jobs: list[NewJob] = []
    for effect in decision.effects:
        jobs += _carry_out(connection, effect, decision.call, turn.snapshot, moment)
    if jobs:
        put_jobs(connection, jobs, moment.real)
    if _must_be_looked_at(known, decision) and decision.call.ticket:
        look_at_ticket(connection, decision.call.ticket.number, moment.real)
    return decision


def _must_be_looked_at(before: Call, decision: Decision) -> bool:
    """Tell whether what is next for the ticket changes; a new one is stored with that."""
    opens = any(isinstance(effect, OpenTicket) for effect in decision.effects)
    return not opens and changes_what_is_next(before, decision.call)


def apply_outcome(
    connection: Connection, outcome: Outcome, desk: Desk | None, moment: Moment
) -> list[NewJob]:
    """Store what a decision about a ticket says; return what shall leave the system."""
    tickets.change_ticket(connection, outcome.ticket)
    if ReviewCallOuts() in outcome.effects:
        look_at_ticket(connection, outcome.ticket.number, moment.real)
    return _follow_up(connection, outcome, desk, moment)


def apply_opening(
    connection: Connection,
    outcome: Outcome,
    desk: Desk,
    moment: Moment,
    provenance: tickets.Provenance,
) -> list[NewJob] | None:
    """Store a new ticket without a call; None when its opening key has one already."""
    if not tickets.add_ticket(connection, outcome.ticket, provenance):
        return None
    return _follow_up(connection, outcome, desk, moment)


def _follow_up(
    connection: Connection, outcome: Outcome, desk: Desk | None, moment: Moment
) -> list[NewJob]:
    ticket = outcome.ticket
    tickets.add_events(connection, ticket.number, outcome.events)
    jobs: list[NewJob] = []
    for effect in outcome.effects:
        match effect:
            case NotifyInbox(event, was):
                key = f"{moment.now:%Y%m%dT%H%M%S%f}"
                told = InboxNotification(
                    event, ticket.number, key, moment.now, ticket.call_sid, was=was or ""
                )
                jobs += notify_inbox(desk, told)
            case ReviewCallOuts():
                pass  # a new ticket is stored with it; else see apply_outcome
            case _:
                assert_never(effect)
    return jobs


def _keep_opener_up_to_date(connection: Connection, before: Call, call: Call) -> None:
    """The call that opened a ticket may go on: another language, or no duty but a human."""
    was, ticket = before.ticket, call.ticket
    if was is None or ticket is None or call.joined or not ticket.number:
        return
    if (was.wakes_duty, before.language) != (ticket.wakes_duty, call.language):
        tickets.change_opener(connection, replace(ticket, language=call.language))


def _with_ticket_number(connection: Connection, decision: Decision) -> Decision:
    ticket = decision.call.ticket
    if ticket is None or ticket.number:
        return decision
    number = tickets.draw_ticket_number(connection)
    return Decision(
        call=replace(decision.call, ticket=replace(ticket, number=number)),
        instruction=numbered_instruction(decision.instruction, number),
        trace=tuple(_numbered(part, number) for part in decision.trace),
    )


def _numbered(part: Effect | Reason, number: int) -> Effect | Reason:
    if isinstance(part, SendSms):
        return replace(part, message=numbered(part.message, number))
    return part


def _carry_out(
    connection: Connection, effect: Effect, call: Call, snapshot: Snapshot, moment: Moment
) -> list[NewJob]:
    """Carry out one effect; return what shall leave the system."""
    match effect:
        case OpenTicket():
            return _open(connection, effect, call, snapshot, moment)
        case JoinTicket():
            tickets.join_ticket(connection, effect, call.sid, moment.now)
            return _notify(InboxEvent.CALLED_AGAIN, call, snapshot, moment)
        case AcknowledgeTicket() | AttachMessage():
            return _on_ticket(connection, effect, call, snapshot, moment)
        case SendSms():
            return [_sms(effect, call, snapshot, moment)]
        case PlaceLeg():
            return [_place(effect, call)]
        case CancelLeg():
            if not drop_call_job(connection, call.sid, effect.leg, moment.real):
                return [_cancel(effect, call)]
        case MissedCallOut() | AnsweredAgain():
            note_missed_or_answered(connection, effect, call, snapshot.world.desk, moment.now)
        case CallOutUnanswered():
            note_call_out_unanswered(connection, effect, call, moment.now)
        case _:
            assert_never(effect)
    return []


def _notify(
    event: InboxEvent, call: Call, snapshot: Snapshot, moment: Moment, recording: str = ""
) -> list[NewJob]:
    """Tell the desk's inbox of its ticket."""
    if call.ticket is None or not call.ticket.number:
        return []
    told = InboxNotification(
        event, call.ticket.number, recording or call.sid, moment.now, call.sid, recording
    )
    return notify_inbox(snapshot.world.desk, told)


def _on_ticket(
    connection: Connection,
    effect: AcknowledgeTicket | AttachMessage,
    call: Call,
    snapshot: Snapshot,
    moment: Moment,
) -> list[NewJob]:
    number = call.ticket.number if call.ticket else NOT_GIVEN
    if isinstance(effect, AcknowledgeTicket):
        return _acknowledge(connection, number, effect, snapshot.world.desk, moment)
    jobs = recording_jobs(effect.recording, call.sid, call.desk, RECORDING_READY_AFTER)
    if number and tickets.attach_message(connection, number, effect, moment.now):
        return [*jobs, *_notify(InboxEvent.MESSAGE, call, snapshot, moment, effect.recording)]
    return jobs  # the inbox is told when the recording is here


def recording_jobs(
    recording: str, call_sid: str, desk: str | None, after: timedelta = timedelta(0)
) -> list[NewJob]:
    """Ask for a recording to be fetched, once."""
    if not recording:
        return []
    return [
        NewJob(
            JobKind.RECORDING_FETCH,
            f"recording:{recording}",
            {"recording": recording},
            desk=desk,
            call_sid=call_sid,
            after=after,
        )
    ]


def _open(
    connection: Connection, opens: OpenTicket, call: Call, snapshot: Snapshot, moment: Moment
) -> list[NewJob]:
    if call.ticket is None or not call.ticket.number:
        raise ValueError(f"a ticket without a number: {call.sid}")
    provenance = tickets.Provenance(snapshot.desk_version, moment.offset, moment.real)
    tickets.add_ticket(connection, call.ticket, provenance)
    outcome = opened(call.ticket, opens.new)
    return _follow_up(connection, outcome, snapshot.world.desk, moment)


def _acknowledge(
    connection: Connection,
    number: int,
    effect: AcknowledgeTicket,
    desk: Desk | None,
    moment: Moment,
) -> list[NewJob]:
    """Note who has the ticket; whoever was first stays so, and that is no error."""
    stored = tickets.lock_ticket(connection, number)
    if stored is None:
        return []
    by = Actor(ActorKind.TELEPHONE, effect.name, effect.person)
    outcome = acknowledge_by_telephone(stored.ticket, by, moment.now, effect.instead_of)
    if not isinstance(outcome, Outcome):
        return []
    return apply_outcome(connection, outcome, desk, moment)


def _sms(sms: SendSms, call: Call, snapshot: Snapshot, moment: Moment) -> NewJob:
    desk = snapshot.world.desk
    payload: dict[str, object] = {
        "to": sms.to,
        "from": call.line,
        "message": asdict(sms.message),
        "at": moment.now,
        "time_zone": desk.time_zone if desk else "UTC",
    }
    return NewJob(
        JobKind.SMS,
        sms.dedup,
        payload,
        desk=call.desk,
        call_sid=call.sid,
        ticket=call.ticket.number if call.ticket else None,
        person=sms.person,
    )


def _place(placed: PlaceLeg, call: Call) -> NewJob:
    payload: dict[str, object] = {
        "to": placed.callee.number,
        "from": call.line,
        "seconds": placed.seconds,
    }
    dedup = f"{call.sid}:leg:{placed.leg}"
    return NewJob(JobKind.CALL, dedup, payload, desk=call.desk, call_sid=call.sid, leg=placed.leg)


def _cancel(cancelled: CancelLeg, call: Call) -> NewJob:
    dedup = f"{call.sid}:leg:{cancelled.leg}:cancel"
    payload: dict[str, object] = {"sid": cancelled.sid}
    return NewJob(
        JobKind.CANCEL, dedup, payload, desk=call.desk, call_sid=call.sid, leg=cancelled.leg
    )
