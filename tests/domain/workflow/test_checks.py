"""A workflow that somebody wrote: each mistake is found, by where it stands."""

from dataclasses import replace

import pytest

from app.domain.workflow.built_in import SIMPLE
from app.domain.workflow.checks import WorkflowFault, WorkflowProblem, workflow_problems
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover, Requirement, State, StateMove, WaitsFor, Workflow

AGENT = frozenset({Mover.AGENT})
SYSTEM = frozenset({Mover.SYSTEM})
OPEN = State("open", Status.OPEN, WaitsFor.DESK)
CLOSED = State("closed", Status.CLOSED, WaitsFor.NOBODY)
WAITING = State("waiting", Status.WAITING, WaitsFor.CUSTOMER)
CLOSE = StateMove("close", ("open",), "closed", AGENT)
WAIT = StateMove("wait", ("open",), "waiting", AGENT)


def found(*parts: State | StateMove) -> list[WorkflowProblem]:
    states = tuple(each for each in parts if isinstance(each, State))
    moves = tuple(each for each in parts if isinstance(each, StateMove))
    return list(workflow_problems(Workflow("own", states, moves)))


def test_the_smallest_workflow_is_two_states_and_a_move() -> None:
    assert found(OPEN, CLOSED, CLOSE) == []
    assert found() == [WorkflowProblem(WorkflowFault.NO_STATES)]


def test_a_state_to_which_nothing_leads_is_named() -> None:
    assert found(OPEN, CLOSED, WAITING, CLOSE) == [
        WorkflowProblem(WorkflowFault.UNREACHABLE, "waiting")
    ]


def test_a_state_without_a_way_out_is_named() -> None:
    assert found(OPEN, CLOSED, WAITING, CLOSE, WAIT) == [
        WorkflowProblem(WorkflowFault.DEAD_END, "waiting")
    ]


def test_the_desk_must_be_able_to_close_whatever_the_customer_does() -> None:
    by_customer = StateMove("confirm", ("waiting",), "closed", frozenset({Mover.CUSTOMER}))
    assert found(OPEN, CLOSED, WAITING, CLOSE, WAIT, by_customer) == [
        WorkflowProblem(WorkflowFault.DESK_CANNOT_CLOSE, "waiting")
    ]


@pytest.mark.parametrize(
    ("move", "fault"),
    [
        (replace(CLOSE, id="m", by=frozenset()), WorkflowFault.NOBODY_MAY),
        (StateMove("m", ("closed",), "open", AGENT), WorkflowFault.LEAVES_CLOSED),
        (StateMove("m", ("open",), "open", AGENT), WorkflowFault.LEADS_NOWHERE),
        (replace(CLOSE, id="m", by=SYSTEM), WorkflowFault.NEVER_MADE),
        (replace(CLOSE, id="m", after_working_days=3), WorkflowFault.NOT_BY_ITSELF),
        (
            StateMove(
                "m", ("open",), "closed", SYSTEM, (Requirement.REASON,), after_working_days=3
            ),
            WorkflowFault.SYSTEM_CANNOT_SAY,
        ),
    ],
)
def test_a_move_that_cannot_be_is_named(move: StateMove, fault: WorkflowFault) -> None:
    assert found(OPEN, CLOSED, CLOSE, move) == [WorkflowProblem(fault, move="m")]


def test_a_comment_may_make_one_move_only() -> None:
    twice = tuple(
        StateMove(name, ("open",), "closed", frozenset({Mover.CUSTOMER}), on_comment=True)
        for name in ("one", "two")
    )
    assert found(OPEN, CLOSED, CLOSE, *twice) == [
        WorkflowProblem(WorkflowFault.COMMENT_MAKES_TWO, "open", "two")
    ]


def test_tickets_are_opened_in_an_open_state_and_can_end() -> None:
    assert WorkflowProblem(WorkflowFault.FIRST_IS_NOT_OPEN, "waiting") in found(
        WAITING, OPEN, CLOSED, CLOSE
    )
    assert WorkflowProblem(WorkflowFault.NONE_IS_CLOSED) in found(OPEN)


def test_taking_a_move_away_is_noticed_where_it_was_the_only_way() -> None:
    for move in SIMPLE.moves:
        rest = replace(SIMPLE, moves=tuple(each for each in SIMPLE.moves if each is not move))
        names = {each.state for each in workflow_problems(rest)}
        only_way = [m for m in SIMPLE.moves if m.to == move.to] == [move]
        assert (move.to in names) is only_way or move.id == "close", move.id
