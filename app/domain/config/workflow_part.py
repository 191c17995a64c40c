"""How a desk works on tickets: its workflow, shipped or its own, its groups, canned answers."""

from collections.abc import Collection
from typing import Final, TypeVar

from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import words
from app.domain.desks.desk import CannedAnswer, Group
from app.domain.mail_addresses import is_mail_address
from app.domain.message_refs import MessageRef, ref
from app.domain.workflow.built_in import BUILT_IN, SIMPLE
from app.domain.workflow.checks import WorkflowProblem, workflow_problems
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import (
    Mover,
    Requirement,
    State,
    StateMove,
    WaitsFor,
    Workflow,
)

E = TypeVar("E", Mover, Requirement)

OWN: Final = "own"
# A ticket is acknowledged by somebody, not by where it stands.
COUNTS_AS: Final = tuple(each for each in Status if each is not Status.ACKNOWLEDGED)
LONGEST_WAIT: Final = 250  # working days, about a year
MOST_REMINDERS: Final = 5
LONGEST_STATE_NAME: Final = 60


def workflow(top: TableReader, languages: tuple[str, ...]) -> Workflow:
    """Read `workflow = "support_web"`, or the tables [workflow.states] and [workflow.moves]."""
    if not top.has("workflow"):
        return SIMPLE
    if not isinstance(top.values["workflow"], dict):
        name = top.text("workflow")
        if name and not top.known("workflow", name, BUILT_IN, "workflow"):
            return SIMPLE
        return BUILT_IN.get(name, SIMPLE)
    part = top.table("workflow")
    return _own(part, languages) if part else SIMPLE


def _own(part: TableReader, languages: tuple[str, ...]) -> Workflow:
    states = tuple(_state(each, name, languages) for name, each in part.named_tables("states"))
    ids = tuple(each.id for each in states)
    moves = tuple(_move(each, name, ids, languages) for name, each in part.named_tables("moves"))
    part.close()
    found = Workflow(OWN, states, moves)
    for problem in workflow_problems(found):
        place = _place(problem)
        part.document.error((*part.path, *place), _sentence(problem))
    return found if states else SIMPLE


def _place(problem: WorkflowProblem) -> tuple[str, ...]:
    if problem.move:
        return ("moves", problem.move)
    return ("states", problem.state) if problem.state else ()


def _sentence(problem: WorkflowProblem) -> MessageRef:
    named = (("state", problem.state), ("move", problem.move))
    values = tuple((name, value) for name, value in named if value)
    return MessageRef(f"workflow_fault.{problem.fault}", values)


def _state(part: TableReader, state_id: str, languages: tuple[str, ...]) -> State:
    state = State(
        id=state_id,
        counts_as=part.choice("counts_as", COUNTS_AS),
        waits_for=part.choice("waits_for", WaitsFor),
        clock_runs=part.truth("clock_runs", True),
        remind_after=_days(part, "remind_after_working_days"),
        name=words(part, "name", languages),
        for_customer=words(part, "for_customer", languages),
    )
    _not_too_long(part, state)
    part.close()
    return state


def _not_too_long(part: TableReader, state: State) -> None:
    for _, name in state.name.by_language:
        if len(name) > LONGEST_STATE_NAME:
            long = ref("diagnostic.name_too_long.name", count=len(name), most=LONGEST_STATE_NAME)
            part.error("name", long)


def _days(part: TableReader, key: str) -> tuple[int, ...]:
    """Read a list of working days, each later than the one before."""
    if not part.has(key):
        return ()
    value = part.values[key]
    days = [each for each in value if _is_day(each)] if isinstance(value, list) else []
    is_fine = isinstance(value, list) and len(days) == len(value) <= MOST_REMINDERS
    if not is_fine or sorted(set(days)) != days:
        part.error(key, ref("diagnostic.bad_days", key=key, most=MOST_REMINDERS))
        return ()
    return tuple(days)


def _is_day(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_WAIT


def _move(
    part: TableReader, move_id: str, states: Collection[str], languages: tuple[str, ...]
) -> StateMove:
    from_ = tuple(
        each
        for index, each in enumerate(part.texts("from", needed=True))
        if part.known("from", each, states, "state", index)
    )
    to = part.text("to")
    if to:
        part.known("to", to, states, "state")
    after = part.whole("after_working_days", 1, LONGEST_WAIT, 0)
    move = StateMove(
        id=move_id,
        from_=from_,
        to=to,
        by=frozenset(_each(part, "by", Mover, needed=True)),
        requires=_each(part, "requires", Requirement),
        on_comment=part.truth("on_comment", False),
        after_working_days=after or None,
        name=words(part, "name", languages),
    )
    part.close()
    return move


def _each(part: TableReader, key: str, words_of: type[E], *, needed: bool = False) -> tuple[E, ...]:
    found = (
        part.one_of(key, word, words_of, index)
        for index, word in enumerate(part.texts(key, needed=needed))
    )
    return tuple(each for each in found if each is not None)


def groups(top: TableReader) -> tuple[Group, ...]:
    """Read the groups to which tickets are routed: [groups.second_line]."""
    return tuple(_group(part, group_id) for group_id, part in top.named_tables("groups"))


def answers(top: TableReader, languages: tuple[str, ...]) -> tuple[CannedAnswer, ...]:
    """Read the canned answers: [answers.ask_for_screenshot]."""
    return tuple(
        _answer(part, answer_id, languages) for answer_id, part in top.named_tables("answers")
    )


def _answer(part: TableReader, answer_id: str, languages: tuple[str, ...]) -> CannedAnswer:
    answer = CannedAnswer(answer_id, part.text("name"), words(part, "words", languages))
    part.close()
    return answer


def _group(part: TableReader, group_id: str) -> Group:
    members = part.texts("members")
    for index, each in enumerate(members):
        if not is_mail_address(each):
            part.document.error(
                (*part.path, "members", index), ref("diagnostic.bad_member", address=each)
            )
    group = Group(
        group_id,
        part.text("name"),
        part.whole("line", 1, 3, 1),
        tuple(each.lower() for each in members),
    )
    part.close()
    return group
