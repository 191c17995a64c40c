"""Carries a decision out in rows: the call, its turn and legs, the ticket, the outbox.

Called once per turn, inside the turn's transaction. Nothing leaves the system here.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from sqlalchemy import Connection

from app.domain.calls.call import Call
from app.domain.calls.decision import Decision, numbered, numbered_instruction
from app.domain.calls.effects import (
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
from app.store import tickets
from app.store.call_out_effects import (
    note_call_out_unanswered,
    note_missed_or_answered,
    schedule_call_out,
)
from app.store.calls import TurnEvent, add_call, add_turn, change_call, save_legs
from app.store.inbox_notifications import InboxEvent, InboxNotification, notify_inbox
from app.store.outbox import NewJob, drop_call_job, put_jobs
from app.store.snapshot import Snapshot
from app.store.tables import JobKind

# A recording is not there the moment the caller hangs up (telephony.md, Record).
RECORDING_READY_AFTER: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is: for the call, and in the system. They differ in the local exchange."""

    now: datetime
    real: datetime
    is_past: bool = False  # it happened then, and is told only now: the call keeps real time

    @property
    def offset(self) -> timedelta:
        """Return the call's time less real time."""
        return timedelta(0) if self.is_past else self.now - self.real


def apply(
    connection: Connection,
    before: Call,
    turn: TurnEvent,
    decision: Decision,
    snapshot: Snapshot,
    moment: Moment,
    *,
    is_new: bool = False,
) -> Decision:
    """Store everything that a decision says, and return it with the ticket's number filled in.

    SecondArrival when the call is new and somebody else has stored it meanwhile.
    """
    decision = _with_ticket_number(connection, decision)
    if is_new:
        add_call(connection, decision.call, moment.offset, moment.real)
    elif decision.call != before:
        change_call(connection, decision.call, moment.offset)
    add_turn(connection, turn, decision, snapshot, moment.now)
    if decision.call.legs != before.legs:
        save_legs(connection, before, decision.call, moment.now)
    jobs: list[NewJob] = []
    for effect in decision.effects:
        jobs += _carry_out(connection, effect, decision.call, snapshot, moment)
    if jobs:
        put_jobs(connection, jobs, moment.real)
    schedule_call_out(connection, before, decision.call, moment.real)
    return decision


def _with_ticket_number(connection: Connection, decision: Decision) -> Decision:
    ticket = decision.call.ticket
    if ticket is None or ticket.number is not None:
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
            _open(connection, effect, call, snapshot, moment)
            return _notify(InboxEvent.OPENED, call, snapshot, moment)
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
    if call.ticket is None or call.ticket.number is None:
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
    number = call.ticket.number if call.ticket else None
    if isinstance(effect, AcknowledgeTicket):
        if number is not None:
            tickets.acknowledge_ticket(connection, number, effect, moment.now)
        return []
    jobs = recording_jobs(effect.recording, call.sid, call.desk, RECORDING_READY_AFTER)
    if number is not None and tickets.attach_message(connection, number, effect, moment.now):
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
    connection: Connection, opened: OpenTicket, call: Call, snapshot: Snapshot, moment: Moment
) -> None:
    if call.ticket is None or call.ticket.number is None or call.desk is None:
        raise ValueError(f"a ticket without a number or a desk: {call.sid}")
    opening = tickets.NewTicket(
        number=call.ticket.number,
        call=call,
        desk=call.desk,
        desk_version=snapshot.desk_version,
        offset=moment.offset,
        now=moment.now,
    )
    tickets.open_ticket(connection, opened, opening)


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
