"""What is wrong with a workflow that somebody wrote: nothing may be unreachable or a dead end."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover, State, StateMove, Workflow


class WorkflowFault(StrEnum):
    """What can be wrong."""

    NO_STATES = "no_states"
    FIRST_IS_NOT_OPEN = "first_is_not_open"
    NONE_IS_CLOSED = "none_is_closed"
    UNREACHABLE = "unreachable"
    DEAD_END = "dead_end"
    NOBODY_MAY = "nobody_may"
    LEAVES_CLOSED = "leaves_closed"
    LEADS_NOWHERE = "leads_nowhere"
    SYSTEM_CANNOT_SAY = "system_cannot_say"
    NOT_BY_ITSELF = "not_by_itself"
    NEVER_MADE = "never_made"
    COMMENT_MAKES_TWO = "comment_makes_two"
    DESK_CANNOT_CLOSE = "desk_cannot_close"


@dataclass(frozen=True, slots=True)
class WorkflowProblem:
    """What is wrong, and with which state or move; with neither, with the whole."""

    fault: WorkflowFault
    state: str = ""
    move: str = ""


def workflow_problems(workflow: Workflow) -> tuple[WorkflowProblem, ...]:
    """Return everything that is wrong with a workflow, in the order of its table.

    A move from or to a state that is not there is a mistake of the document, noted where it is
    read; it counts as no move here.
    """
    if not workflow.states:
        return (WorkflowProblem(WorkflowFault.NO_STATES),)
    return (*_of_whole(workflow), *_of_states(workflow), *_of_moves(workflow))


def _of_whole(workflow: Workflow) -> Iterator[WorkflowProblem]:
    if workflow.first.counts_as is not Status.OPEN:
        yield WorkflowProblem(WorkflowFault.FIRST_IS_NOT_OPEN, workflow.first.id)
    if not any(_is_closed(each) for each in workflow.states):
        yield WorkflowProblem(WorkflowFault.NONE_IS_CLOSED)


def _of_states(workflow: Workflow) -> Iterator[WorkflowProblem]:
    forward = {(a, each.to) for each in workflow.moves if each.by for a in each.from_}
    reached = _reached({workflow.first.id}, forward)
    closed = {each.id for each in workflow.states if _is_closed(each)}
    ending = _reached(closed, {(to, from_) for from_, to in forward})
    for state in workflow.states:
        if state.id not in reached:
            yield WorkflowProblem(WorkflowFault.UNREACHABLE, state.id)
        elif closed and state.id not in ending:
            yield WorkflowProblem(WorkflowFault.DEAD_END, state.id)
        elif closed and not _is_closed(state) and workflow.closing_move(state.id) is None:
            yield WorkflowProblem(WorkflowFault.DESK_CANNOT_CLOSE, state.id)
        on_comment = [m for m in workflow.moves if m.on_comment and state.id in m.from_]
        if len(on_comment) > 1:
            yield WorkflowProblem(WorkflowFault.COMMENT_MAKES_TWO, state.id, on_comment[1].id)


def _of_moves(workflow: Workflow) -> Iterator[WorkflowProblem]:
    closed = {each.id for each in workflow.states if _is_closed(each)}
    for move in workflow.moves:
        for fault in _faults(move, closed):
            yield WorkflowProblem(fault, move=move.id)


def _faults(move: StateMove, closed: set[str]) -> Iterator[WorkflowFault]:
    is_systems = Mover.SYSTEM in move.by
    is_by_itself = move.after_working_days is not None
    if not move.by:
        yield WorkflowFault.NOBODY_MAY
    if not closed.isdisjoint(move.from_):
        yield WorkflowFault.LEAVES_CLOSED
    if move.to in move.from_:
        yield WorkflowFault.LEADS_NOWHERE
    if is_systems and move.requires:
        yield WorkflowFault.SYSTEM_CANNOT_SAY
    if is_by_itself and not is_systems:
        yield WorkflowFault.NOT_BY_ITSELF
    if is_systems and not is_by_itself:
        yield WorkflowFault.NEVER_MADE


def _is_closed(state: State) -> bool:
    return state.counts_as is Status.CLOSED


def _reached(start: Collection[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    """Return every state that can be reached from one of these, they included."""
    found, ways = set(start), tuple(ways)
    while more := {to for from_, to in ways if from_ in found} - found:
        found |= more
    return found
