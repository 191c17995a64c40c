"""[[projects]], [[case_types]] and [[questions]]: read, and the mistakes that a person makes."""

import pytest

from app.domain.config.desk_document import read_desk
from app.domain.desks.case_types import USUAL_TYPES, CaseKind, FieldKind
from tests.support.sample_desk import DESK, DESK_TOML

PROJECT = '[[projects]]\nid = "a"\nname = "Arkiv"\n'
TYPE = '[[case_types]]\nid = "feil"\nkind = "fault"\n'
FIELD = '[[case_types.fields]]\nid = "hvem"\nkind = "text"\nlabel = "Hvem?"\n'
CHOICE = '[[case_types.fields.choices]]\nid = "x"\nname = "X"\n'
QUESTION = (
    '[[questions]]\nquestion = { nb = "a?", nn = "b?", en = "c?" }\n'
    'answer = { nb = "a", nn = "b", en = "c" }\n'
)
WHOLE = PROJECT + TYPE + FIELD + QUESTION


def test_what_is_asked_for_is_read() -> None:
    desk = read_desk(f"{DESK_TOML}\n{WHOLE}", "desk.toml", DESK).value
    assert desk
    [fault] = desk.case_types
    [field] = fault.fields
    assert (fault.kind, field.kind, field.is_required) == (CaseKind.FAULT, FieldKind.TEXT, False)
    assert [each.id for each in desk.projects] == ["a"]
    assert len(desk.questions) == 1


def test_a_desk_that_writes_none_has_the_usual_ones() -> None:
    desk = read_desk(DESK_TOML, "desk.toml", DESK).value
    assert desk
    assert desk.case_types == USUAL_TYPES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PROJECT + PROJECT, "id_twice"),
        (TYPE + 'projects = ["b"]\n', "unknown_project"),
        (
            PROJECT + '[[projects]]\nid = "b"\nname = "B"\n' + TYPE + 'projects = ["a"]\n',
            "project_without_type",
        ),
        (TYPE + 'send_to = ["a@b.example"]\n', "send_to_no_idea"),
        (TYPE + 'group = "elev"\n', "unknown_group"),
        (
            '[groups.elev]\nname = "Elev"\n'
            + TYPE.replace('"fault"', '"idea"')
            + 'send_to = ["a@b.example"]\ngroup = "elev"\n',
            "group_of_idea",
        ),
        (TYPE.replace("fault", "idea"), "missing"),
        (TYPE.replace("fault", "idea") + 'send_to = ["nobody"]\n', "bad_email"),
        (TYPE.replace("fault", "fualt"), "unknown_word"),
        (TYPE + FIELD.replace('"text"', '"choice"'), "choice_without_choices"),
        (TYPE + FIELD + CHOICE, "choices_of_no_choice"),
        (TYPE + FIELD + FIELD, "id_twice"),
        (TYPE + FIELD.replace("Hvem?", "x" * 81), "name_too_long"),
        (TYPE + "".join(FIELD.replace("hvem", f"f{n}") for n in range(21)), "too_many_fields"),
        ('[[questions]]\nquestion = "a?"\nanswer = "b"\n', "not_translated"),
        (QUESTION.replace(', nn = "b?"', ""), "missing_language"),
        (TYPE + 'colour = "red"\n', "unknown_key"),
    ],
)
def test_a_mistake_is_told(text: str, code: str) -> None:
    read = read_desk(f"{DESK_TOML}\n{text}", "desk.toml", DESK)
    assert code in [each.code for each in read.diagnostics]
    assert read.value is None
