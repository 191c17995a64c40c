"""The desks of the overview as pages show them: which names stand where, and what has a label.

The values are domain/overview's, the words the templates'.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.hunts.hunt import Callee
from app.domain.message_refs import MessageRef, Value
from app.domain.overview.answering import Answer
from app.domain.overview.answering_times import Answering
from app.domain.overview.desk_row import DeskRow
from app.domain.roles import Role


@dataclass(frozen=True, slots=True)
class AnsweringShown:
    """Who answers: the first, and who is rung when they do not.

    `first` has several names where all telephones ring at once. Where it is not so for every call,
    `lines` and `agreements` tell for which.
    """

    first: tuple[Value, ...]
    others: tuple[Value, ...]
    until: datetime | None
    then: tuple[Value, ...]
    lines: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()


def answering_shown(row: DeskRow) -> tuple[AnsweringShown, ...]:
    """Show who answers critical calls at a desk; lines that are answered alike together."""
    lines: dict[AnsweringShown, list[str]] = {}
    for told in row.answering:
        of_all_lines = _shown(row, told)
        lines.setdefault(of_all_lines, []).extend(line.public_number for line in told.lines)
    return tuple(
        shown if len(numbers) == len(row.desk.lines) else replace(shown, lines=tuple(numbers))
        for shown, numbers in lines.items()
    )


def numbers_of(row: DeskRow) -> tuple[tuple[Value, str], ...]:
    """Return everybody who is rung, each with a number, in order."""
    callees = (callee for each in row.answering for callee in each.now.callees)
    return tuple(dict.fromkeys((_name(callee), callee.number) for callee in callees))


def _shown(row: DeskRow, told: Answering) -> AnsweringShown:
    first = _first(row, told.now)
    is_for_all = len(told.agreements) == len(row.desk.agreements)
    return AnsweringShown(
        first,
        tuple(name for name in _names(told.now.callees) if name not in first),
        told.until,
        _first(row, told.then) if told.then else (),
        agreements=() if is_for_all else tuple(each.name for each in told.agreements),
    )


def _first(row: DeskRow, answer: Answer) -> tuple[Value, ...]:
    at_once = row.desk.first_line.at_once and answer.first_line
    return _names(answer.first_line if at_once else answer.callees[:1])


def _names(callees: Iterable[Callee]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(_name(callee) for callee in callees))


def _name(callee: Callee) -> Value:
    """A last resort that is nobody's number is told as what it is: numbers stand elsewhere."""
    is_nobodys = callee.role is Role.LAST_RESORT and callee.person == callee.number
    return MessageRef("role.last_resort") if is_nobodys else callee.name
