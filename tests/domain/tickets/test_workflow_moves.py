"""Whatever customers, agents and timers try with a ticket, its workflow holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Desk, Priority
from app.domain.tickets.clocks import with_deadlines
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.moves import Refusal, Refused, Unchanged, acknowledge
from app.domain.tickets.outcome import AddComment, InboxEvent, NotifyInbox, Outcome
from app.domain.tickets.release import release
from app.domain.tickets.ticket import Source, Ticket, Work
from app.domain.tickets.undo import UNDO_WITHIN, undo, undoable
from app.domain.tickets.workflow_moves import (
    MoveAsked,
    Said,
    add_comment,
    close,
    make_move,
    moves_of,
    state_of,
)
from app.domain.time.intervals import Interval
from app.domain.workflow.built_in import AGENCY, BUILT_IN, SIMPLE, SUPPORT_WEB
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover, Workflow
from tests.support.shipped_desks import desk_of, shipped

PROKOM = desk_of(shipped("prokom"))
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=5)
AGENT = frozenset({Mover.AGENT})
CUSTOMER = frozenset({Mover.CUSTOMER})
APPROVER = frozenset({Mover.CUSTOMER, Mover.APPROVER})
SYSTEM = frozenset({Mover.SYSTEM})


def desk(workflow: Workflow) -> Desk:
    """Prokom, with this workflow."""
    return replace(PROKOM, workflow=workflow)


def opened(workflow: Workflow) -> Ticket:
    work = Work(workflow.first.id)
    return Ticket("prokom", Source.PORTAL, Priority.MEDIUM, AT, 1001, work=work)


def person(name: str) -> Actor:
    return Actor(ActorKind.PERSON, name, f"id-{name}")


def moved(ticket: Ticket, workflow: Workflow, *moves: tuple[str, frozenset[Mover]]) -> Ticket:
    for move, movers in moves:
        asked = MoveAsked(move, movers, "words", "why", 1)
        done = make_move(ticket, asked, desk(workflow), person("Kari"), NOW)
        assert isinstance(done, Outcome), (move, done)
        ticket = done.ticket
    return ticket


def test_the_case_of_the_guide_from_first_look_to_the_customers_yes() -> None:
    ticket = moved(
        opened(SUPPORT_WEB),
        SUPPORT_WEB,
        ("investigate", AGENT),
        ("ask", AGENT),
        ("answer", CUSTOMER),
        ("propose", AGENT),
        ("decline", CUSTOMER),
        ("propose", AGENT),
        ("accept", CUSTOMER),
    )
    assert (ticket.work.state, ticket.status) == ("closed", Status.CLOSED)
    assert ticket.closed_by == "Kari"


def test_an_agent_who_moves_a_ticket_that_nobody_had_has_it_and_a_customer_has_not() -> None:
    assert moved(opened(SUPPORT_WEB), SUPPORT_WEB, ("investigate", AGENT)).acknowledged
    assert not moved(opened(SUPPORT_WEB), SUPPORT_WEB, ("freeze", CUSTOMER)).acknowledged


def test_a_move_that_is_not_made_says_why() -> None:
    ticket = opened(SUPPORT_WEB)

    def refusal(move: str, movers: frozenset[Mover], **said: str) -> Refusal:
        asked = MoveAsked(move, movers, **said)
        done = make_move(ticket, asked, desk(SUPPORT_WEB), person("Kari"), NOW)
        assert isinstance(done, Refused)
        return done.refusal

    assert refusal("accept", CUSTOMER) is Refusal.NO_SUCH_MOVE
    assert refusal("fly", AGENT) is Refusal.NO_SUCH_MOVE
    assert refusal("propose", CUSTOMER, comment="do this") is Refusal.NOT_THEIRS
    assert refusal("inactivate", AGENT) is Refusal.NOT_THEIRS
    assert refusal("ask", AGENT) is Refusal.NEEDS_COMMENT
    assert refusal("hold", AGENT, comment="later") is Refusal.NEEDS_REASON


def test_only_an_approver_approves() -> None:
    ticket = moved(opened(AGENCY), AGENCY, ("build", AGENT), ("offer_test", AGENT))
    asked = MoveAsked("approve", CUSTOMER)
    assert make_move(ticket, asked, desk(AGENCY), person("Ola"), NOW) == Refused(
        Refusal.NOT_THEIRS, "", None
    )
    assert moved(ticket, AGENCY, ("approve", APPROVER)).work.state == "approved"


def test_a_move_may_ask_for_an_estimate() -> None:
    moves = tuple(
        replace(each, requires=("estimate",)) if each.id == "build" else each  # type: ignore[arg-type]
        for each in AGENCY.moves
    )
    gated = replace(AGENCY, moves=moves)
    ticket, by = opened(gated), person("Kari")
    for hours in (None, 0.0):
        asked = MoveAsked("build", AGENT, estimate=hours)
        done = make_move(ticket, asked, desk(gated), by, NOW)
        assert done == Refused(Refusal.NEEDS_ESTIMATE, "", None)
    done = make_move(ticket, MoveAsked("build", AGENT, estimate=3.5), desk(gated), by, NOW)
    assert isinstance(done, Outcome)
    assert done.events[-1].facts["hours"] == 3.5


def test_the_same_move_again_by_the_same_person_is_none() -> None:
    ticket = moved(opened(SUPPORT_WEB), SUPPORT_WEB, ("investigate", AGENT))
    asked = MoveAsked("investigate", AGENT)
    assert make_move(ticket, asked, desk(SUPPORT_WEB), person("Kari"), NOW) == Unchanged()
    other = make_move(ticket, asked, desk(SUPPORT_WEB), person("Ola"), NOW)
    assert isinstance(other, Refused)


def test_the_customers_answer_moves_the_case_and_stands_on_it() -> None:
    ticket = moved(opened(SUPPORT_WEB), SUPPORT_WEB, ("ask", AGENT))
    said = Comment("It says 504.", Side.CUSTOMER)
    done = add_comment(ticket, said, desk(SUPPORT_WEB), person("Ola"), NOW)
    assert isinstance(done, Outcome)
    assert done.ticket.work.state == "open"
    assert AddComment(said, person("Ola")) in done.effects


def test_who_comments_on_a_closed_case_is_told_that_it_is_closed() -> None:
    ticket = moved(opened(SIMPLE), SIMPLE, ("close", AGENT))
    said = Comment("Again!", Side.CUSTOMER)
    done = add_comment(ticket, said, desk(SIMPLE), person("Ola"), NOW)
    assert isinstance(done, Refused)
    assert done.refusal is Refusal.ALREADY_CLOSED
    inside = Comment("Billed.", Side.DESK, Visibility.INTERNAL)
    assert isinstance(add_comment(ticket, inside, desk(SIMPLE), person("Kari"), NOW), Outcome)


def test_the_first_public_answer_takes_the_ticket_and_a_note_does_not() -> None:
    ticket, kari = opened(SIMPLE), person("Kari")
    note = add_comment(
        ticket, Comment("hm", Side.DESK, Visibility.INTERNAL), desk(SIMPLE), kari, NOW
    )
    answer = add_comment(ticket, Comment("Hello", Side.DESK), desk(SIMPLE), kari, NOW)
    assert isinstance(note, Outcome)
    assert isinstance(answer, Outcome)
    assert note.ticket.acknowledged is None
    assert answer.ticket.acknowledged_by == "Kari"


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_desk_closes_a_ticket_of_every_workflow(name: str) -> None:
    said = Said(reason="a false alarm")
    done = close(opened(BUILT_IN[name]), desk(BUILT_IN[name]), person("Kari"), NOW, said)
    assert isinstance(done, Outcome)
    assert [each.kind for each in done.events] == [
        TicketEventKind.ACKNOWLEDGED,
        TicketEventKind.CLOSED,
    ]
    assert done.events[-1].facts["note"] == "a false alarm"
    again = close(done.ticket, desk(BUILT_IN[name]), person("Kari"), NOW)
    other = close(done.ticket, desk(BUILT_IN[name]), person("Ola"), NOW)
    assert again == Unchanged()
    assert other == Refused(Refusal.ALREADY_CLOSED, "Kari", NOW)


def test_a_change_is_undone_by_whoever_made_it_and_only_at_once() -> None:
    before, kari = opened(SUPPORT_WEB), person("Kari")
    asked = MoveAsked("propose", AGENT, "Restart it.")
    done = make_move(before, asked, desk(SUPPORT_WEB), kari, NOW)
    assert isinstance(done, Outcome)
    last = undoable(before, done, kari, NOW)
    back = undo(done.ticket, last, kari, NOW + UNDO_WITHIN)
    assert isinstance(back, Outcome)
    assert back.ticket == before
    too_late = undo(done.ticket, last, kari, NOW + UNDO_WITHIN + timedelta(seconds=1))
    assert too_late == Refused(Refusal.TOO_LATE_TO_UNDO, "", None)
    others = undo(done.ticket, last, person("Ola"), NOW)
    assert isinstance(others, Refused)
    assert others.refusal is Refusal.NOT_THEIRS


# --- any sequence, from any mix of channels -----------------------------------------------

CAPACITIES = [AGENT, CUSTOMER, APPROVER, SYSTEM]
WORDS = st.sampled_from(["", "words"])


class AnyMix(RuleBasedStateMachine):
    """A ticket that everybody does to whatever they want, in any order."""

    @initialize(name=st.sampled_from(sorted(BUILT_IN)))
    def open(self, name: str) -> None:
        self.workflow = BUILT_IN[name]
        self.ticket = opened(self.workflow)
        self.written = 0
        self.kept = 0
        self.minutes = 0

    def _take(self, done: Outcome | Unchanged | Refused, written: bool) -> bool:
        if not isinstance(done, Outcome):
            return False
        self.ticket = done.ticket
        self.written += written
        self.kept += sum(isinstance(each, AddComment) for each in done.effects)
        return True

    def _now(self) -> datetime:
        self.minutes += 1
        return NOW + timedelta(minutes=self.minutes)

    @rule(
        data=st.data(),
        movers=st.sampled_from(CAPACITIES),
        comment=WORDS,
        reason=WORDS,
        who=st.sampled_from("AB"),
    )
    def moves(
        self, data: st.DataObject, movers: frozenset[Mover], comment: str, reason: str, who: str
    ) -> None:
        move = data.draw(st.sampled_from(self.workflow.moves))
        state = state_of(self.ticket, self.workflow)
        asked = MoveAsked(move.id, movers, comment, reason, 1.0)
        before = moves_of(self.ticket, self.workflow, movers)
        done = make_move(self.ticket, asked, desk(self.workflow), person(who), self._now())
        is_made = self._take(done, bool(comment))
        if is_made:
            assert state.id in move.from_
            assert move.may_be_made_by(movers), "only who may"
            assert all(asked.has_said(each) for each in move.requires)
            assert self.ticket.work.state == move.to
        elif move in before:
            assert not all(asked.has_said(each) for each in move.requires), "an offered move works"

    @rule(side=st.sampled_from(Side), visibility=st.sampled_from(Visibility))
    def comments(self, side: Side, visibility: Visibility) -> None:
        shown = Visibility.PUBLIC if side is Side.CUSTOMER else visibility
        said = Comment("words", side, shown)
        done = add_comment(self.ticket, said, desk(self.workflow), person("A"), self._now())
        is_kept = self._take(done, True)
        assert is_kept or self.ticket.status is Status.CLOSED

    @rule(who=st.sampled_from("AB"))
    def takes(self, who: str) -> None:
        self._take(acknowledge(self.ticket, person(who), self._now()), False)

    @rule(who=st.sampled_from("AB"))
    def gives_back(self, who: str) -> None:
        self._take(release(self.ticket, person(who), self._now()), False)

    @invariant()
    def no_comment_is_lost(self) -> None:
        assert self.kept == self.written

    @invariant()
    def the_state_is_one_of_the_table_and_the_status_what_it_counts_as(self) -> None:
        state = self.workflow.find_state(self.ticket.work.state)
        assert state
        is_taken = state.counts_as is Status.OPEN and self.ticket.acknowledged is not None
        expected = Status.ACKNOWLEDGED if is_taken else state.counts_as
        assert self.ticket.status is expected
        assert (self.ticket.closed is not None) is (state.counts_as is Status.CLOSED)


TestAnyMix = AnyMix.TestCase
TestAnyMix.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_the_clock_stands_while_the_customer_is_asked_and_goes_on_with_the_answer() -> None:
    fast = replace(opened(SUPPORT_WEB), agreement="fast")
    ticket = moved(with_deadlines(fast, PROKOM), SUPPORT_WEB, ("ask", AGENT))
    due = ticket.due.respond_by
    assert ticket.paused_since == NOW
    assert ticket.responded_at == NOW, "a public question is an answer"
    said = Comment("It says 504.", Side.CUSTOMER)
    done = add_comment(ticket, said, PROKOM, person("Ola"), NOW + timedelta(hours=1))
    assert isinstance(done, Outcome)
    assert done.ticket.paused_since is None
    assert done.ticket.pauses == (Interval(NOW, NOW + timedelta(hours=1)),)
    assert done.ticket.due.respond_by == due, "it was met"


@pytest.mark.parametrize(
    ("workflow", "move", "by", "words", "told"),
    [
        (SIMPLE, "confirm", CUSTOMER, "", InboxEvent.MOVED),
        (SIMPLE, "reopen", CUSTOMER, "Not yet.", InboxEvent.COMMENTED),
        (AGENCY, "approve", APPROVER, "", InboxEvent.MOVED),
        (SUPPORT_WEB, "freeze", CUSTOMER, "", InboxEvent.MOVED),
        (SIMPLE, "start", AGENT, "", None),
    ],
)
def test_the_desk_is_told_of_each_move_of_the_customer_and_of_none_of_its_own(
    workflow: Workflow, move: str, by: frozenset[Mover], words: str, told: InboxEvent | None
) -> None:
    starts = {"confirm": ("solve",), "reopen": ("solve",), "approve": ("build", "offer_test")}
    ticket = moved(opened(workflow), workflow, *((each, AGENT) for each in starts.get(move, ())))
    done = make_move(ticket, MoveAsked(move, by, words), desk(workflow), person("Ola"), NOW)
    assert isinstance(done, Outcome)
    events = [each.event for each in done.effects if isinstance(each, NotifyInbox)]
    assert events == ([told] if told else [])
