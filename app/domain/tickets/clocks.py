"""A ticket's two clocks, until the answer and until the solution: when they stand and are met.

Pure. What was agreed and when it is due is targets.py; which states stop the clocks says the
desk's workflow.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.targets import TargetKind, deadlines, target_rule
from app.domain.tickets.ticket import Ticket
from app.domain.time.intervals import Interval, union
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import State


def pause_clock(ticket: Ticket, now: datetime) -> Ticket:
    """Let the clocks stand from now on; nothing changes where they stand already."""
    return ticket if ticket.paused_since else replace(ticket, paused_since=now)


def resume_clock(ticket: Ticket, desk: Desk | None, now: datetime) -> Ticket:
    """Let the clocks go on; the open deadlines are later by the open time that has passed.

    `desk` is None where the desk is no more: its deadlines stay as they are then.
    """
    if ticket.paused_since is None:
        return ticket
    pauses = union(ticket.pauses, (Interval(ticket.paused_since, now),))
    resumed = replace(ticket, paused_since=None, pauses=pauses)
    return resumed if desk is None or pauses == ticket.pauses else with_deadlines(resumed, desk)


def respond(ticket: Ticket, by: Actor, now: datetime) -> Outcome:
    """Note that a human has answered the customer; only the first answer counts.

    For public comments, calls that were accepted and whatever else reaches the customer. What
    is sent automatically never is an answer, nor is acknowledging the ticket.
    """
    if ticket.responded_at:
        return Outcome(ticket)
    event = event_by(TicketEventKind.RESPONDED, by, now)
    return Outcome(replace(ticket, responded_at=now), (event,))


def is_met(ticket: Ticket, kind: TargetKind) -> bool:
    """Tell whether a target is met, in time or late: its clock does not run any more."""
    return met_at(ticket, kind) is not None


def met_at(ticket: Ticket, kind: TargetKind) -> datetime | None:
    """Return when the customer was answered, or had a solution; None while they wait for it.

    A temporary solution counts for the levels whose target says so.
    """
    match kind:
        case TargetKind.RESPONSE:
            return ticket.responded_at
        case TargetKind.SOLUTION:
            closed = solved_at(ticket) if ticket.closed else None
            stops = ticket.workaround_at if ticket.due.workaround_stops else None
            return min((at for at in (closed, stops) if at), default=None)
        case _:
            assert_never(kind)


def solved_at(ticket: Ticket) -> datetime | None:
    """Return since when a ticket that counts as solved or closed is solved; None for others.

    What was solved or closed while its clocks stood was solved when they stopped.
    """
    done = ticket.closed_at
    if done is None and ticket.status is Status.SOLVED:
        done = ticket.work.since
    return min(done, ticket.paused_since or done) if done else None


def may_agree_date(desk: Desk, ticket: Ticket) -> bool:
    """Tell whether a date agreed with the customer may replace the target of the solution."""
    rule = target_rule(desk, agreement_of(desk, ticket.agreement).id, ticket.priority)
    return rule is not None and rule.may_agree_date


def with_deadlines(ticket: Ticket, desk: Desk) -> Ticket:
    """Return the ticket with its open deadlines as the desk has them now.

    The deadline of an answer that was given stays what it was, and so does a date that was
    agreed, where the ticket's level still lets one be agreed.
    """
    agreement = agreement_of(desk, ticket.agreement).id
    due = deadlines(desk, agreement, ticket.priority, ticket.opened_at, ticket.pauses)
    respond_by = ticket.due.respond_by if ticket.responded_at else due.respond_by
    agreed = ticket.agreed_solve_by if may_agree_date(desk, ticket) else None
    solve_by = agreed or due.solve_by
    due = replace(due, respond_by=respond_by, solve_by=solve_by)
    return replace(ticket, agreed_solve_by=agreed, due=due)


class WhyChanged(StrEnum):
    """Why the deadlines of an open ticket were set anew."""

    DOCUMENT = "document"  # the desk's: targets, or the hours in which they count
    AGREEMENT = "agreement"  # the customer's


def recompute(ticket: Ticket, desk: Desk, agreement: str | None, now: datetime) -> Outcome:
    """Set the open deadlines anew by the desk as it is, under the customer's present agreement.

    `agreement` None leaves the ticket's own. An event tells each deadline that moved, and why. The
    state and the clocks follow the desk's workflow, from now on.
    """
    has_changed = agreement is not None and agreement != ticket.agreement
    under = replace(ticket, agreement=agreement) if has_changed else ticket
    standing = stand_in_workflow(under, desk, now)
    after = with_deadlines(standing.ticket, desk)
    why = WhyChanged.AGREEMENT if has_changed else WhyChanged.DOCUMENT
    moved = (kind for kind in TargetKind if after.due.of(kind) != ticket.due.of(kind))
    events = (_moved(kind, ticket, after, why, now) for kind in moved)
    return Outcome(after, (*standing.events, *events))


def stand_in_workflow(ticket: Ticket, desk: Desk, now: datetime) -> Outcome:
    """Let a ticket stand where its desk's workflow, which was changed under it, has it.

    In the state of the same name, or the first that counts as the same; with clocks that stand or
    run as that state says. Nothing that passed before is counted anew.
    """
    work, workflow = ticket.work, desk.workflow
    was = work.state or workflow.first.id
    state = workflow.state_of(was, ticket.status)
    status = status_in(state, ticket)
    events: tuple[TicketEvent, ...] = ()
    moved = ticket
    if (state.id, status) != (was, ticket.status):
        moved = replace(ticket, status=status, work=replace(work, state=state.id, since=now))
        facts = {"was": was, "state": state.id}
        events = (TicketEvent(now, TicketEventKind.WORKFLOW_CHANGED, facts=facts),)
    if state.clock_runs and moved.paused_since:
        started = TicketEvent(now, TicketEventKind.CLOCKS_STARTED, facts={"state": state.id})
        return Outcome(resume_clock(moved, desk, now), (*events, started))
    if not state.clock_runs and moved.paused_since is None:
        stopped = TicketEvent(now, TicketEventKind.CLOCKS_STOPPED, facts={"state": state.id})
        return Outcome(pause_clock(moved, now), (*events, stopped))
    return Outcome(moved, events)


def status_in(state: State, ticket: Ticket) -> Status:
    """Return what a ticket counts as in a state: an open one that somebody has is acknowledged."""
    is_taken = state.counts_as is Status.OPEN and ticket.acknowledged is not None
    return Status.ACKNOWLEDGED if is_taken else state.counts_as


def _moved(
    kind: TargetKind, was: Ticket, after: Ticket, why: WhyChanged, now: datetime
) -> TicketEvent:
    facts = {"target": str(kind), "was": was.due.of(kind), "due": after.due.of(kind)}
    return TicketEvent(now, TicketEventKind.TARGETS_CHANGED, facts={**facts, "why": str(why)})
