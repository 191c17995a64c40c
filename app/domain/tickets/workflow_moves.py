"""A ticket moved from state to state of its desk's workflow, and what is written on it. Pure.

Pages, the API, commands and timers ask the same functions: the workflow's table alone says which
move there is from a state, who may make it, and what must be said with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.clocks import pause_clock, respond, resume_clock, status_in
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.moves import (
    Refusal,
    Refused,
    Unchanged,
    acknowledged,
    acknowledged_event,
    is_closed,
)
from app.domain.tickets.outcome import (
    AddComment,
    InboxEvent,
    NotifyCustomer,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
    TicketEffect,
)
from app.domain.tickets.ticket import Closed, Ticket
from app.domain.workflow.built_in import SIMPLE
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import (
    MOVERS_OF_CUSTOMERS,
    Mover,
    Requirement,
    State,
    StateMove,
    Workflow,
)

MISSING: Final[Mapping[Requirement, Refusal]] = {
    Requirement.COMMENT: Refusal.NEEDS_COMMENT,
    Requirement.REASON: Refusal.NEEDS_REASON,
    Requirement.ESTIMATE: Refusal.NEEDS_ESTIMATE,
}


@dataclass(frozen=True, slots=True)
class MoveAsked:
    """Which move, in what capacities somebody makes it, and what they say with it.

    `comment` is for the other side, `reason` for the desk; `estimate` is in hours.
    """

    move: str
    movers: frozenset[Mover]
    comment: str = ""
    reason: str = ""
    estimate: float | None = None

    @property
    def side(self) -> Side:
        """Return on whose side whoever makes it stands."""
        return Side.DESK if self.movers.isdisjoint(MOVERS_OF_CUSTOMERS) else Side.CUSTOMER

    def has_said(self, requirement: Requirement) -> bool:
        """Tell whether what a move requires was said."""
        match requirement:
            case Requirement.COMMENT:
                return bool(self.comment)
            case Requirement.REASON:
                return bool(self.reason)
            case Requirement.ESTIMATE:
                return self.estimate is not None and self.estimate > 0


def workflow_of(desk: Desk | None) -> Workflow:
    """Return the workflow of a desk; the simple one where the desk is no more."""
    return desk.workflow if desk else SIMPLE


def state_of(ticket: Ticket, workflow: Workflow) -> State:
    """Return where a ticket stands in a workflow."""
    return workflow.state_of(ticket.work.state or workflow.first.id, ticket.status)


def moves_of(ticket: Ticket, workflow: Workflow, movers: frozenset[Mover]) -> tuple[StateMove, ...]:
    """Return what somebody in these capacities may do with a ticket now."""
    return workflow.moves_from(state_of(ticket, workflow).id, movers)


def make_move(
    ticket: Ticket, asked: MoveAsked, desk: Desk | None, by: Actor, now: datetime
) -> Outcome | Unchanged | Refused:
    """Move a ticket as its workflow allows; the same move by the same person again is none."""
    workflow = workflow_of(desk)
    state, move = state_of(ticket, workflow), workflow.find_move(asked.move)
    if move is None:
        return Refused(Refusal.NO_SUCH_MOVE, "", None)
    if not move.may_be_made_by(asked.movers):
        return Refused(Refusal.NOT_THEIRS, "", None)
    if state.id not in move.from_:
        return _not_from_here(ticket, state, asked, move, by)
    missing = next((each for each in move.requires if not asked.has_said(each)), None)
    if missing is not None:
        return Refused(MISSING[missing], "", None)
    return _moved(ticket, asked, _Step(state, move, desk), by, now)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said as a ticket is closed: to the customer, and to the desk."""

    comment: str = ""
    reason: str = ""


NOTHING_SAID: Final = Said()


def close(
    ticket: Ticket, desk: Desk | None, by: Actor, now: datetime, said: Said = NOTHING_SAID
) -> Outcome | Unchanged | Refused:
    """Close a ticket, as the desk may: whoever closes one that nobody had has it."""
    workflow = workflow_of(desk)
    state = state_of(ticket, workflow)
    if state.counts_as is Status.CLOSED:
        return Unchanged() if ticket.closed_by == by.name else is_closed(ticket)
    move = workflow.closing_move(state.id)
    if move is None:
        return Refused(Refusal.NO_SUCH_MOVE, "", None)
    asked = MoveAsked(move.id, frozenset({Mover.AGENT}), said.comment, said.reason)
    return make_move(ticket, asked, desk, by, now)


def closing_needs_comment(ticket: Ticket, desk: Desk | None) -> bool:
    """Tell whether the customer must be told something as the desk closes a ticket."""
    workflow = workflow_of(desk)
    move = workflow.closing_move(state_of(ticket, workflow).id)
    return move is not None and Requirement.COMMENT in move.requires


def add_comment(
    ticket: Ticket, comment: Comment, desk: Desk | None, by: Actor, now: datetime
) -> Outcome | Refused:
    """Write on a ticket. A customer's answer moves it where the workflow says so.

    A closed one is the customer's no more: what is new is a new case that refers to it.
    """
    workflow = workflow_of(desk)
    state = state_of(ticket, workflow)
    is_customers = comment.side is Side.CUSTOMER
    if is_customers and state.counts_as is Status.CLOSED:
        return is_closed(ticket)
    move = workflow.move_on_comment(state.id) if is_customers else None
    if move and move.may_be_made_by((Mover.CUSTOMER,)):
        asked = MoveAsked(move.id, frozenset({Mover.CUSTOMER}), comment=comment.body)
        return _moved(ticket, asked, _Step(state, move, desk), by, now)
    taken = ticket
    events: tuple[TicketEvent, ...] = ()
    effects: tuple[TicketEffect, ...] = (AddComment(comment, by),)
    is_answer = not is_customers and comment.visibility is Visibility.PUBLIC
    if is_answer and ticket.acknowledged is None:
        taken, events = acknowledged(ticket, by, now), (acknowledged_event(by, now),)
        effects = (*effects, ReviewCallOuts())
    if is_answer:
        taken = respond(taken, by, now).ticket
        effects = (*effects, NotifyCustomer())
    if is_customers:
        effects = (*effects, NotifyInbox(InboxEvent.COMMENTED))
    return Outcome(taken, (*events, _commented(comment, by, now)), effects)


@dataclass(frozen=True, slots=True)
class _Step:
    """From which state a ticket is moved, by which move, at which desk."""

    state: State
    move: StateMove
    desk: Desk | None

    @property
    def to(self) -> State:
        workflow = workflow_of(self.desk)
        return workflow.find_state(self.move.to) or workflow.first


def _moved(ticket: Ticket, asked: MoveAsked, step: _Step, by: Actor, now: datetime) -> Outcome:
    state, to = step.state, step.to
    events: tuple[TicketEvent, ...] = ()
    moved = ticket
    if Mover.AGENT in asked.movers and ticket.acknowledged is None:
        moved = acknowledged(ticket, by, now)
        events = (acknowledged_event(by, now),)
    work = replace(moved.work, state=to.id, since=now, moved_by=by.id or by.name)
    moved = replace(moved, work=work, status=status_in(to, moved), closed=_closed(to, by, now))
    moved = resume_clock(moved, step.desk, now) if to.clock_runs else pause_clock(moved, now)
    facts: dict[str, object] = {"move": step.move.id, "was": state.id, "state": to.id}
    if asked.estimate is not None:
        facts["hours"] = asked.estimate
    is_end = to.counts_as is Status.CLOSED
    kind = TicketEventKind.CLOSED if is_end else TicketEventKind.MOVED
    events = (*events, event_by(kind, by, now, asked.reason, **facts))
    effects: tuple[TicketEffect, ...] = (ReviewCallOuts(),)
    if asked.comment:
        comment = Comment(asked.comment, asked.side)
        events = (*events, _commented(comment, by, now))
        effects = (*effects, AddComment(comment, by))
        moved = moved if asked.side is Side.CUSTOMER else respond(moved, by, now).ticket
    if asked.side is Side.DESK:
        effects = (*effects, NotifyCustomer())
    else:
        told = InboxEvent.COMMENTED if asked.comment else InboxEvent.MOVED
        effects = (*effects, NotifyInbox(told))
    return Outcome(moved, events, effects)


def _closed(state: State, by: Actor, now: datetime) -> Closed | None:
    return Closed(by.name, now) if state.counts_as is Status.CLOSED else None


def _commented(comment: Comment, by: Actor, now: datetime) -> TicketEvent:
    facts = {"visibility": str(comment.visibility), "side": str(comment.side)}
    return event_by(TicketEventKind.COMMENTED, by, now, **facts)


def _not_from_here(
    ticket: Ticket, state: State, asked: MoveAsked, move: StateMove, by: Actor
) -> Unchanged | Refused:
    """Say that it is so already, by them and without new words, or why it cannot be."""
    is_there = state.id == move.to
    has_words = bool(asked.comment or asked.reason)
    if is_there and not has_words and ticket.work.moved_by == (by.id or by.name):
        return Unchanged()
    if state.counts_as is Status.CLOSED:
        return is_closed(ticket)
    work = ticket.work
    who, when = (work.changed_by, work.changed_at) if is_there else ("", None)
    return Refused(Refusal.NO_SUCH_MOVE, who, when)
