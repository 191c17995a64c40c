"""`workflow` and [groups] in a desk's document: named, written out, and what people get wrong."""

import pytest

from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import DiagnosticSeverity
from app.domain.desks.desk import Desk, Group
from app.domain.workflow.built_in import SIMPLE, SUPPORT_WEB
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover, Requirement, WaitsFor
from tests.domain.config import desk_texts
from tests.support.written import english

OWN = """
[workflow.states.new]
counts_as = "open"
waits_for = "desk"
name = { nb = "Ny", en = "New" }
for_customer = { nb = "Vi ser på saken.", en = "We are looking at it." }

[workflow.states.asked]
counts_as = "waiting"
waits_for = "customer"
clock_runs = false
remind_after_working_days = [3, 6]
name = { nb = "Spurt", en = "Asked" }
for_customer = { nb = "Vi venter på deg.", en = "We are waiting for you." }

[workflow.states.done]
counts_as = "closed"
waits_for = "nobody"
name = { nb = "Ferdig", en = "Done" }
for_customer = { nb = "Saken er ferdig.", en = "The case is done." }

[workflow.moves.ask]
from = ["new"]
to = "asked"
by = ["agent"]
requires = ["comment"]
name = { nb = "Spør", en = "Ask" }

[workflow.moves.answer]
from = ["asked"]
to = "new"
by = ["customer"]
on_comment = true
name = { nb = "Svar", en = "Answer" }

[workflow.moves.finish]
from = ["new", "asked"]
to = "done"
by = ["agent", "system"]
after_working_days = 10
name = { nb = "Avslutt", en = "Finish" }
"""


def read(more: str) -> tuple[Desk | None, list[tuple[str, str, int]]]:
    """The desk, and its errors: code, words, line."""
    parts = desk_texts.DESK.split("[[lines]]", 1)
    is_line = more.startswith("workflow =")
    text = f"{parts[0]}{more}\n[[lines]]{parts[1]}" if is_line else f"{desk_texts.DESK}\n{more}\n"
    found = read_desk(text, "desk.toml", "havna")
    errors = [
        (each.code, english(each.message), each.position.line)
        for each in found.diagnostics
        if each.severity is DiagnosticSeverity.ERROR
    ]
    return found.value, errors


def test_a_desk_names_a_shipped_workflow_or_has_the_simple_one() -> None:
    named, _ = read('workflow = "support_web"')
    none, _ = read("")
    assert named
    assert none
    assert (named.workflow, none.workflow) == (SUPPORT_WEB, SIMPLE)


def test_a_table_of_its_own_is_read_with_its_words() -> None:
    desk, errors = read(OWN)
    assert errors == []
    assert desk
    new, asked, done = desk.workflow.states
    assert (new.counts_as, asked.waits_for, done.id) == (Status.OPEN, WaitsFor.CUSTOMER, "done")
    assert (asked.clock_runs, asked.remind_after) == (False, (3, 6))
    assert english(new.name_in("en")) == "New"
    ask, answer, finish = desk.workflow.moves
    assert ask.requires == (Requirement.COMMENT,)
    assert answer.on_comment
    assert (finish.by, finish.after_working_days) == ({Mover.AGENT, Mover.SYSTEM}, 10)


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ('to = "asked"', 'to = "askd"', "unknown_state"),
        ('by = ["customer"]', 'by = ["customr"]', "unknown_word"),
        ('counts_as = "waiting"', 'counts_as = "acknowledged"', "unknown_word"),
        ("[3, 6]", "[6, 3]", "bad_days"),
        ("[3, 6]", '"3"', "bad_days"),
        ("[3, 6]", "[true]", "bad_days"),
        ("after_working_days = 10", "after_working_days = 0", "out_of_bounds"),
        ('from = ["new"]\nto', "from = []\nto", "unreachable"),
        ('by = ["agent"]', "by = []", "nobody_may"),
        ('name = { nb = "Ny", en = "New" }', 'name = { nb = "Ny" }', "missing_language"),
    ],
)
def test_each_mistake_is_named(was: str, now: str, code: str) -> None:
    assert was in OWN
    _, errors = read(OWN.replace(was, now, 1))
    assert code in [each for each, _, _ in errors]


def test_a_state_without_a_way_out_is_told_at_its_line() -> None:
    stuck = OWN.replace('from = ["new", "asked"]', 'from = ["new"]').replace(
        'to = "new"\nby = ["customer"]', 'to = "asked"\nby = ["customer"]'
    )
    _, errors = read(stuck)
    text = f"{desk_texts.DESK}\n{stuck}"
    line = text.splitlines().index("[workflow.states.asked]") + 1
    told = {code: (words, at) for code, words, at in errors}
    assert told["dead_end"] == (
        "from “asked” no way leads to a state that counts as “closed”",
        line,
    )


def test_a_workflow_that_nobody_ships_is_asked_about() -> None:
    _, errors = read('workflow = "suport_web"')
    assert [(code, "support_web" in words) for code, words, _ in errors] == [
        ("unknown_workflow", True)
    ]


def test_groups_have_members_by_their_addresses() -> None:
    desk, errors = read(
        '[groups.second_line]\nname = "Konsulent"\nline = 2\nmembers = ["Kari@havna.example"]'
    )
    assert errors == []
    assert desk
    assert desk.groups == (Group("second_line", "Konsulent", 2, ("kari@havna.example",)),)
    _, errors = read('[groups.a]\nname = "A"\nline = 4\nmembers = ["Kari"]')
    assert {code for code, _, _ in errors} == {"out_of_bounds", "bad_member"}
