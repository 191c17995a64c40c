"""A workflow: states, and the moves that lead from one to another, with who may make each.

Frozen facts. The three that are shipped are built_in.py; a desk's own is read by
config/workflow_part.py; what a move does to a ticket is tickets/workflow_moves.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.texts.localized_text import NO_WORDS, LocalizedText
from app.domain.texts.message import MessageRef
from app.domain.workflow.status import Status


class Mover(StrEnum):
    """In what capacity somebody makes a move."""

    CUSTOMER = "customer"
    APPROVER = "approver"  # somebody of the customer's who may approve
    AGENT = "agent"
    SYSTEM = "system"  # the product itself, when its time has come


class Requirement(StrEnum):
    """What must be said with a move."""

    COMMENT = "comment"  # public: the other side reads it
    REASON = "reason"  # internal: the desk reads it
    ESTIMATE = "estimate"  # hours of work


class WaitsFor(StrEnum):
    """Whose turn it is in a state."""

    DESK = "desk"
    CUSTOMER = "customer"
    OTHERS = "others"  # a supplier, a new release
    NOBODY = "nobody"


# By what agents and customers say it; each is in the word of the other side too.
MOVERS_OF_CUSTOMERS: Final = frozenset({Mover.CUSTOMER, Mover.APPROVER})


@dataclass(frozen=True, slots=True)
class State:
    """Where a ticket can stand. Without words of the desk's own it has the product's.

    `remind_after`: after so many working days of waiting, each in turn, the customer is reminded.
    """

    id: str
    counts_as: Status
    waits_for: WaitsFor
    clock_runs: bool = True
    remind_after: tuple[int, ...] = ()
    name: LocalizedText = NO_WORDS
    for_customer: LocalizedText = NO_WORDS  # one sentence

    def name_in(self, language: str) -> MessageRef:
        """Return what the state is called."""
        return _words(self.name, language, f"workflow_state.{self.id}")

    def sentence_in(self, language: str) -> MessageRef:
        """Return what the state means, as the customer is told."""
        return _words(self.for_customer, language, f"workflow_state_for_customer.{self.id}")


@dataclass(frozen=True, slots=True)
class StateMove:
    """A way from one or more states to another.

    `on_comment`: a comment of the customer makes it by itself. `after_working_days`: the product
    makes it by itself after so long in the state, without a sign of the customer.
    """

    id: str
    from_: tuple[str, ...]
    to: str
    by: frozenset[Mover]
    requires: tuple[Requirement, ...] = ()
    on_comment: bool = False
    after_working_days: int | None = None
    name: LocalizedText = NO_WORDS

    def may_be_made_by(self, movers: Collection[Mover]) -> bool:
        """Tell whether somebody in one of these capacities may make it."""
        return not self.by.isdisjoint(movers)

    def name_in(self, language: str) -> MessageRef:
        """Return what the button says."""
        return _words(self.name, language, f"workflow_move.{self.id}")


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states of a desk's tickets, the first one first, and the moves between them."""

    id: str
    states: tuple[State, ...]
    moves: tuple[StateMove, ...]

    @property
    def first(self) -> State:
        """Return the state in which a ticket is opened."""
        return self.states[0]

    def find_state(self, state_id: str) -> State | None:
        """Return a state, or None where there is none such."""
        return next((each for each in self.states if each.id == state_id), None)

    def state_of(self, state_id: str, status: Status) -> State:
        """Return the state of a ticket, also where it was given by another workflow.

        Then it is the first that counts as the same, or else the first one of all: a ticket
        that is not closed stays with the desk, and a closed one stays closed. So too where the
        desk's table was changed, and the state by that id counts as closed now, or no longer.
        """
        named = self.find_state(state_id)
        if named and (named.counts_as is Status.CLOSED) == (status is Status.CLOSED):
            return named
        as_before = Status.OPEN if status is Status.ACKNOWLEDGED else status
        alike = (each for each in self.states if each.counts_as is as_before)
        return next(alike, None) or self.first

    def moves_from(self, state_id: str, movers: Collection[Mover]) -> tuple[StateMove, ...]:
        """Return what may be done from a state, in the order of the table."""
        return tuple(
            each for each in self.moves if state_id in each.from_ and each.may_be_made_by(movers)
        )

    def find_move(self, move_id: str) -> StateMove | None:
        """Return a move, or None where there is none such."""
        return next((each for each in self.moves if each.id == move_id), None)

    def move_on_comment(self, state_id: str) -> StateMove | None:
        """Return the move that a comment of the customer makes from a state, or None."""
        from_here = (each for each in self.moves if state_id in each.from_)
        return next((each for each in from_here if each.on_comment), None)

    def closing_move(self, state_id: str) -> StateMove | None:
        """Return the move by which the desk closes a ticket from a state, or None."""
        closed = {each.id for each in self.states if each.counts_as is Status.CLOSED}
        by_agent = self.moves_from(state_id, (Mover.AGENT,))
        return next((each for each in by_agent if each.to in closed), None)


def _words(own: LocalizedText, language: str, key: str) -> MessageRef:
    """Return the desk's own words, also in another language where it has no others, or ours."""
    found = own.in_language(language) or next((words for _, words in own.by_language), None)
    return MessageRef("desk_words", (("words", found),)) if found else MessageRef(key)
