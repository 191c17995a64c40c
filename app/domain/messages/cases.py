"""A caller's SMS to a desk: it opens a ticket, and 1 to 4 afterwards say how urgent it is.

What was written goes to the young ticket of the same number, as a second call does. Only a number
alone is an answer; whatever else is written is kept with the ticket. Critical is confirmed, as on
the telephone. By SMS a ticket becomes more urgent, never less: who was woken for it stays so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from app.domain.desks.desk import Priority

ANSWERS_COUNT_FOR: Final = timedelta(hours=24)  # after the ticket was asked about last
READ_IN: Final = timedelta(seconds=5)  # what comes sooner was sent before the question was read

LEVELS: Final = dict(zip("1234", Priority, strict=True))  # as the keys of the telephone
THANKS: Final = frozenset({"", "ok", "takk", "tusen takk", "mange takk", "thanks", "thank you"})
SIGNS: Final = " \t\r\n.,!()#"


class CaseStep(StrEnum):
    """What somebody was asked last about the ticket that they wrote of."""

    PRIORITY = "priority"  # how urgent it is
    CONFIRM = "confirm"  # whether it is really critical
    ANSWERED = "answered"  # nothing more


@dataclass(frozen=True, slots=True)
class Case:
    """The ticket of which a number wrote last, and what it was asked then."""

    ticket: int
    priority: Priority
    is_open: bool
    step: CaseStep
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class NewWords:
    """It is no answer: it opens a ticket, or stands with the young one of this number."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """It says thanks, and needs nobody."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask about the case, once more or the next question."""

    step: CaseStep


@dataclass(frozen=True, slots=True)
class SetLevel:
    """Give the case this priority."""

    priority: Priority


class Kept(StrEnum):
    """Why an answer changes nothing."""

    SAME = "same"  # it has that priority already
    LOWER = "lower"  # it is more urgent
    CLOSED = "closed"
    NO_CASE = "no_case"  # nothing was asked, or too long ago


CaseDecision = NewWords | Thanks | Ask | SetLevel | Kept


def read_level(body: str) -> Priority | None:
    """Read an answer; None where it is something else."""
    return LEVELS.get(body.strip(SIGNS))


def decide_case(body: str, case: Case | None, now: datetime) -> CaseDecision:
    """Say what an SMS of a caller does."""
    level = read_level(body)
    is_asked = case is not None and now - case.asked_at <= ANSWERS_COUNT_FOR
    if level is None:
        if body.strip(SIGNS).lower() not in THANKS:
            return NewWords()
        # Whoever answers OK to whether it is critical may believe that they have confirmed it.
        is_yes = case and is_asked and case.is_open and case.step is CaseStep.CONFIRM
        return Ask(CaseStep.CONFIRM) if is_yes else Thanks()
    if case is None or not is_asked:
        return Kept.NO_CASE
    if not case.is_open:
        return Kept.CLOSED
    match case.step:
        case CaseStep.PRIORITY:
            return _chosen(level, case.priority)
        case CaseStep.CONFIRM if now - case.asked_at < READ_IN:
            return Ask(CaseStep.CONFIRM)
        case CaseStep.CONFIRM:
            return _confirmed(level)
        case CaseStep.ANSWERED:
            return _again(level, case.priority)
        case _:
            assert_never(case.step)


def _chosen(level: Priority, has: Priority) -> CaseDecision:
    """A new ticket has medium, which nobody chose; what the desk has raised since stays so."""
    is_raised = has in (Priority.CRITICAL, Priority.HIGH)
    if is_raised or level is Priority.CRITICAL:
        return _again(level, has)
    return SetLevel(level)


def _confirmed(level: Priority) -> CaseDecision:
    """1 confirms, 2 asks for the level again, as on the telephone; others are no answer."""
    if level is Priority.CRITICAL:
        return SetLevel(level)
    return Ask(CaseStep.PRIORITY if level is Priority.HIGH else CaseStep.CONFIRM)


def _again(level: Priority, has: Priority) -> CaseDecision:
    order = list(Priority)  # the most urgent first
    if level is has:
        return Kept.SAME
    if order.index(level) > order.index(has):
        return Kept.LOWER
    return Ask(CaseStep.CONFIRM) if level is Priority.CRITICAL else SetLevel(level)
