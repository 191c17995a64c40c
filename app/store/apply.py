"""Carries a decision out in rows: the call, its turn and legs, the ticket, the outbox.

Called once per turn, inside the turn's transaction. Nothing leaves the system here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never, overload

from sqlalchemy import Connection

from app.domain.access.actor import Actor, ActorKind
from app.domain.callouts.call_out import CallOutDecision
from app.domain.calls.call import SHORTEST_MESSAGE, Call, Recorded
from app.domain.calls.decision import Decision
from app.domain.calls.follow_up import changes_what_is_next
from app.domain.calls.talk_ends import ended_talks
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.hunts.context import HuntHolder
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
    WatchOutage,
)
from app.domain.hunts.instructions import numbered, numbered_instruction
from app.domain.reasons import Reason
from app.domain.tickets.accepted_call import accept_call
from app.domain.tickets.moves import acknowledge_by_telephone
from app.domain.tickets.opening import opened
from app.domain.tickets.outcome import (
    AddComment,
    InboxEvent,
    NotifyCustomer,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
    WithdrawComment,
)
from app.domain.tickets.ticket import NOT_GIVEN, Ticket
from app.domain.tickets.undo import Undoable
from app.store import tickets
from app.store.call_out_effects import (
    note_call_out_unanswered,
    note_missed_or_answered,
)
from app.store.call_out_rows import add_call_out, change_call_out
from app.store.call_outs import look_at_ticket
from app.store.calls import (
    CallOutTurn,
    Turn,
    add_call,
    add_turn,
    change_call,
    end_talks,
    save_legs,
)
from app.store.comments import NewComment, add_comment, withdraw_comment
from app.store.customer_notifications import notify_customer
from app.store.inbox_notifications import InboxNotification, notify_inbox
from app.store.outage_sms import watch_outage
from app.store.outbox import NewJob, drop_call_job, put_jobs
from app.store.portal_cases import followers_of
from app.store.recordings import fetch_key
from app.store.snapshot import Snapshot
from app.store.tables import JobKind

# A recording is not there the moment the caller hangs up.
RECORDING_READY_AFTER: Final = timedelta(seconds=5)


@overload
def apply(connection: Connection, turn: Turn) -> Decision: ...
@overload
def apply(connection: Connection, turn: CallOutTurn) -> CallOutDecision: ...
def apply(connection: Connection, turn: Turn | CallOutTurn) -> Decision | CallOutDecision:
    """Store everything that a decision says, and return it with the ticket's number filled in.

    What another request has stored meanwhile is an error, at the commit at the latest.
    """
    if isinstance(turn, Turn):
        return _apply_to_call(connection, turn)
    return _apply_to_call_out(connection, turn)


def _apply_to_call(connection: Connection, turn: Turn) -> Decision:
    turn = turn.deciding(_with_ticket_number(connection, turn.decision))
    decision, moment, known = turn.decision, turn.moment, turn.known
    if turn.before is None:
        add_call(connection, decision.call, moment.offset, moment.real)
    elif decision.call != turn.before:
        change_call(connection, turn.before, decision.call, moment.offset)
    _keep_opener_up_to_date(connection, known, decision.call)
    save_legs(connection, known, decision.call, moment.now)
    _end_talks(connection, turn)
    _carry_out_turn(connection, turn)
    if _must_be_looked_at(known, decision) and decision.call.ticket:
        look_at_ticket(connection, decision.call.ticket.number, moment.real)
    return decision


def _must_be_looked_at(before: Call, decision: Decision) -> bool:
    """Tell whether what is next for the ticket changes; a new one is stored with that."""
    opens = any(isinstance(effect, OpenTicket) for effect in decision.effects)
    return not opens and changes_what_is_next(before, decision.call)


def _apply_to_call_out(connection: Connection, turn: CallOutTurn) -> CallOutDecision:
    decision, moment, known = turn.decision, turn.moment, turn.known
    call_out = decision.call_out
    if turn.before is None:
        add_call_out(connection, call_out, moment.offset, moment.real)
    elif call_out != turn.before:
        change_call_out(connection, call_out, moment.offset)
    save_legs(connection, known, call_out, moment.now)
    _end_talks(connection, turn)
    _carry_out_turn(connection, turn)
    if call_out.has_ended and not known.has_ended:
        look_at_ticket(connection, call_out.ticket.number, moment.real)
    return decision


def _end_talks(connection: Connection, turn: Turn | CallOutTurn) -> None:
    holder = turn.decision.holder
    ended = ended_talks(turn.known, holder, turn.request.event)
    end_talks(connection, holder.sid, ended, turn.moment.now)


def _carry_out_turn(connection: Connection, turn: Turn | CallOutTurn) -> None:
    """Store the turn, and do what it asks for."""
    add_turn(connection, turn)
    decision, moment = turn.decision, turn.moment
    jobs: list[NewJob] = []
    for effect in decision.effects:
        jobs += _carry_out(connection, effect, decision.holder, turn.snapshot, moment)
    jobs += _unheard_recording(turn, jobs)
    if jobs:
        put_jobs(connection, jobs, moment.real)


def _unheard_recording(turn: Turn | CallOutTurn, jobs: Sequence[NewJob]) -> list[NewJob]:
    """Have a recording fetched too in which nobody was heard: what measured it may be wrong.

    The network tells of it only once, and may do so before the call is here.
    """
    event, holder = turn.request.event, turn.decision.holder
    if not isinstance(event, Recorded) or event.seconds < SHORTEST_MESSAGE:
        return []  # of silence there is no recording
    fetches = recording_jobs(event.recording, holder.sid, holder.desk, RECORDING_READY_AFTER)
    return [each for each in fetches if each.dedup not in {job.dedup for job in jobs}]


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """How a change of a ticket is stored: how to undo it, what makes its comment one."""

    undoable: Undoable | None = None
    comment_key: str | None = None
    keeps_version: bool = False  # whoever looks at the ticket need not look anew


NO_RECORD: Final = ChangeRecord()


def apply_outcome(
    connection: Connection,
    outcome: Outcome,
    desk: Desk | None,
    moment: Moment,
    record: ChangeRecord = NO_RECORD,
) -> list[NewJob]:
    """Store what a decision about a ticket says; return what shall leave the system."""
    changed = outcome.ticket if record.keeps_version else _changed(outcome)
    tickets.change_ticket(connection, changed, record.undoable)
    if ReviewCallOuts() in outcome.effects:
        look_at_ticket(connection, outcome.ticket.number, moment.real)
    return _follow_up(connection, outcome, desk, moment, record)


def _changed(outcome: Outcome) -> Ticket:
    """Return the ticket in its next version, with who has made it that."""
    work, last = outcome.ticket.work, outcome.events[-1] if outcome.events else None
    by = (last.who, last.at) if last else (work.changed_by, work.changed_at)
    work = replace(work, version=work.version + 1, changed_by=by[0], changed_at=by[1])
    return replace(outcome.ticket, work=work)


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
    connection: Connection,
    outcome: Outcome,
    desk: Desk | None,
    moment: Moment,
    record: ChangeRecord = NO_RECORD,
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
            case NotifyCustomer():
                followers = followers_of(connection, ticket)
                jobs += notify_customer(desk, ticket, moment, followers)
            case AddComment(comment, by):
                written = NewComment(comment, by, moment.now, record.comment_key)
                add_comment(connection, ticket.number, written)
            case WithdrawComment():
                withdraw_comment(connection, ticket.number, moment.now)
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
    connection: Connection, effect: Effect, holder: HuntHolder, snapshot: Snapshot, moment: Moment
) -> list[NewJob]:
    """Carry out one effect; return what shall leave the system."""
    match effect:
        case OpenTicket():
            return _open(connection, effect, holder, snapshot, moment)
        case JoinTicket():
            tickets.join_ticket(connection, effect, holder.sid, moment.now)
            return _notify(InboxEvent.CALLED_AGAIN, holder, snapshot, moment)
        case AcknowledgeTicket() | AttachMessage():
            return _on_ticket(connection, effect, holder, snapshot, moment)
        case SendSms():
            return [_sms(effect, holder, snapshot, moment)]
        case PlaceLeg():
            return [_place(effect, holder)]
        case CancelLeg():
            return stop_leg(connection, effect, holder, moment.real)
        case MissedCallOut() | AnsweredAgain():
            note_missed_or_answered(connection, effect, holder, snapshot.world.desk, moment.now)
        case WatchOutage():
            return watch_outage(connection, effect, holder, snapshot.world.desk, moment.real)
        case CallOutUnanswered():
            note_call_out_unanswered(connection, effect, holder, moment.now)
        case _:
            assert_never(effect)
    return []


def stop_leg(
    connection: Connection, stopped: CancelLeg, holder: HuntHolder, now: datetime
) -> list[NewJob]:
    """Take back a leg that nobody has begun to place; else return the job that stops it."""
    if drop_call_job(connection, holder.sid, stopped.leg, now):
        return []
    return [_cancel(stopped, holder)]


def _notify(
    event: InboxEvent, holder: HuntHolder, snapshot: Snapshot, moment: Moment, recording: str = ""
) -> list[NewJob]:
    """Tell the desk's inbox of its ticket."""
    if holder.ticket is None or not holder.ticket.number:
        return []
    told = InboxNotification(
        event, holder.ticket.number, recording or holder.sid, moment.now, holder.sid, recording
    )
    return notify_inbox(snapshot.world.desk, told)


def _on_ticket(
    connection: Connection,
    effect: AcknowledgeTicket | AttachMessage,
    holder: HuntHolder,
    snapshot: Snapshot,
    moment: Moment,
) -> list[NewJob]:
    number = holder.ticket.number if holder.ticket else NOT_GIVEN
    if isinstance(effect, AcknowledgeTicket):
        return _acknowledge(connection, number, effect, holder, snapshot.world.desk, moment)
    jobs = recording_jobs(effect.recording, holder.sid, holder.desk, RECORDING_READY_AFTER)
    if number and tickets.attach_message(connection, number, effect, moment.now):
        return [*jobs, *_notify(InboxEvent.MESSAGE, holder, snapshot, moment, effect.recording)]
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
            fetch_key(recording),
            {"recording": recording},
            desk=desk,
            call_sid=call_sid,
            after=after,
        )
    ]


def _open(
    connection: Connection,
    opens: OpenTicket,
    holder: HuntHolder,
    snapshot: Snapshot,
    moment: Moment,
) -> list[NewJob]:
    if holder.ticket is None or not holder.ticket.number:
        raise ValueError(f"a ticket without a number: {holder.sid}")
    provenance = tickets.Provenance(snapshot.desk_version, moment.offset, moment.real)
    tickets.add_ticket_of_call(connection, holder.ticket, provenance)
    outcome = opened(holder.ticket, opens.new)
    return _follow_up(connection, outcome, snapshot.world.desk, moment)


def _acknowledge(
    connection: Connection,
    number: int,
    effect: AcknowledgeTicket,
    holder: HuntHolder,
    desk: Desk | None,
    moment: Moment,
) -> list[NewJob]:
    """Note who has the ticket; whoever was first stays so, and that is no error.

    Accepting the caller's call answers them too; in a call-out nobody waits on the line.
    """
    stored = tickets.lock_ticket(connection, number)
    if stored is None:
        return []
    by = Actor(ActorKind.TELEPHONE, effect.name, effect.person)
    accept = accept_call if isinstance(holder, Call) else acknowledge_by_telephone
    outcome = accept(stored.ticket, by, moment.now, effect.instead_of)
    if not isinstance(outcome, Outcome):
        return []
    return apply_outcome(connection, outcome, desk, moment)


def _sms(sms: SendSms, holder: HuntHolder, snapshot: Snapshot, moment: Moment) -> NewJob:
    desk = snapshot.world.desk
    payload: dict[str, object] = {
        "to": sms.to,
        "from": holder.line,
        "message": asdict(sms.message),
        "at": moment.now,
        "time_zone": desk.time_zone if desk else "UTC",
    }
    return NewJob(
        JobKind.SMS,
        sms.dedup,
        payload,
        desk=holder.desk,
        call_sid=holder.sid,
        ticket=holder.ticket.number if holder.ticket else None,
        person=sms.person,
    )


def _place(placed: PlaceLeg, holder: HuntHolder) -> NewJob:
    payload: dict[str, object] = {
        "to": placed.callee.number,
        "from": holder.line,
        "seconds": placed.seconds,
    }
    dedup = f"{holder.sid}:leg:{placed.leg}"
    return NewJob(
        JobKind.CALL, dedup, payload, desk=holder.desk, call_sid=holder.sid, leg=placed.leg
    )


def _cancel(cancelled: CancelLeg, holder: HuntHolder) -> NewJob:
    dedup = f"{holder.sid}:leg:{cancelled.leg}:cancel"
    payload: dict[str, object] = {"sid": cancelled.sid}
    return NewJob(
        JobKind.CANCEL, dedup, payload, desk=holder.desk, call_sid=holder.sid, leg=cancelled.leg
    )
