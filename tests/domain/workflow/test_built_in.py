"""The three shipped workflows hold together, and follow the sources from which they come."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.texts.text_parts import LANGUAGES
from app.domain.workflow.built_in import AGENCY, BUILT_IN, SIMPLE, SUPPORT_WEB
from app.domain.workflow.checks import workflow_problems
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover, Requirement, WaitsFor, Workflow
from app.voice_prompts import texts
from tests.support.workflow_chart import moves_table, workflow_chart

DOCS = Path(__file__).parents[3] / "docs/workflow.md"
CUSTOMER = (Mover.CUSTOMER,)


def after(workflow: Workflow, state: str, *moves: str) -> str:
    """Where somebody ends who makes these moves, each possible from where the last one led."""
    for move_id in moves:
        move = workflow.find_move(move_id)
        assert move, move_id
        assert state in move.from_, f"{move_id} from {state}"
        state = move.to
    return state


@pytest.mark.parametrize("name", BUILT_IN)
def test_nothing_is_unreachable_or_a_dead_end(name: str) -> None:
    assert workflow_problems(BUILT_IN[name]) == ()


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_state_and_move_has_its_words_in_each_language(name: str) -> None:
    for language in LANGUAGES:
        for state in BUILT_IN[name].states:
            assert texts().write(state.name_in(language), language)
            assert texts().write(state.sentence_in(language), language).endswith(".")
        for move in BUILT_IN[name].moves:
            assert texts().write(move.name_in(language), language)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_clock_stands_while_the_customer_has_the_next_word(name: str) -> None:
    """X6: waiting for the customer, frozen, proposed and solved; never our own "on hold"."""
    for state in BUILT_IN[name].states:
        is_open = state.counts_as is not Status.CLOSED
        assert state.clock_runs is (state.waits_for is not WaitsFor.CUSTOMER and is_open), state.id


def test_a_proposed_solution_is_accepted_and_closed_or_declined_and_reopened() -> None:
    """A24."""
    assert after(SUPPORT_WEB, "open", "investigate", "work", "propose", "accept") == "closed"
    assert after(SUPPORT_WEB, "solution_proposed", "decline") == "reopened"
    decline = SUPPORT_WEB.find_move("decline")
    assert decline
    assert decline.requires == (Requirement.COMMENT,)


def test_an_answer_of_the_customer_opens_the_case_again() -> None:
    """A25."""
    answer = SUPPORT_WEB.move_on_comment("waiting_for_customer")
    assert answer
    assert answer.to == "open"


def test_a_solved_case_is_the_customers_to_close_or_to_reopen_with_a_comment() -> None:
    """A26, A30: and nobody reopens a closed one (A27)."""
    ids = {each.id for each in SUPPORT_WEB.moves_from("solved", CUSTOMER)}
    assert ids == {"confirm", "reopen"}
    assert SUPPORT_WEB.moves_from("closed", tuple(Mover)) == ()


def test_the_customer_freezes_and_unfreezes() -> None:
    """A28, A29."""
    assert after(SUPPORT_WEB, "investigating", "freeze", "unfreeze") == "open"
    assert [each.id for each in SUPPORT_WEB.moves_from("frozen", CUSTOMER)] == ["unfreeze"]


def test_without_an_answer_a_case_becomes_inactive_and_is_closed_later() -> None:
    """A31: "Inaktiver" and "Aktiver" do what they are called."""
    end = after(SUPPORT_WEB, "open", "ask", "inactivate", "close_inactive")
    assert end == "closed"
    assert after(SUPPORT_WEB, "inactive", "activate") == "open"


def test_a_change_is_published_only_after_the_customer_has_approved_it() -> None:
    """E3, E4."""
    steps = ("ask", "answer", "build", "offer_test", "reject", "offer_test", "approve", "publish")
    assert after(AGENCY, "assessment", *steps) == "published"
    assert [each.id for each in AGENCY.moves if each.to == "published"] == ["publish"]
    assert [each.id for each in AGENCY.moves if each.to == "approved"] == ["approve"]
    assert [each.id for each in AGENCY.moves_from("customer_test", CUSTOMER)] == ["reject"]


def test_a_ticket_from_another_workflow_finds_its_place() -> None:
    simple = BUILT_IN["simple"]
    assert simple.state_of("investigating", Status.IN_PROGRESS).id == "in_progress"
    assert simple.state_of("frozen", Status.WAITING).id == "waiting_for_customer"
    assert simple.state_of("assessment", Status.ACKNOWLEDGED).id == "open"
    assert simple.state_of("published", Status.SOLVED).id == "solved"
    assert AGENCY.state_of("closed", Status.CLOSED).id == "closed"


def test_a_state_that_counts_as_closed_now_or_no_longer_traps_no_ticket() -> None:
    on_hold = replace(SIMPLE.states[3], counts_as=Status.CLOSED)
    changed = replace(SIMPLE, states=(*SIMPLE.states[:3], on_hold, *SIMPLE.states[4:]))
    assert changed.state_of("on_hold", Status.WAITING).id == "waiting_for_customer"
    assert changed.state_of("on_hold", Status.CLOSED).id == "on_hold"
    assert SIMPLE.state_of("on_hold", Status.CLOSED).id == "closed"


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_docs_show_each_workflow_as_its_table_is(name: str) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert workflow_chart(BUILT_IN[name]) in page
    assert moves_table(BUILT_IN[name]) in page
