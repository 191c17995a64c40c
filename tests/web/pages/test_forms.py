"""A form: what was typed stays, what is wrong is said beside its field and in a summary."""

from __future__ import annotations

import re
from enum import StrEnum
from types import SimpleNamespace

import pytest
from flask import Flask
from pydantic import BaseModel, field_validator
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.domain.message_refs import MessageError, MessageRef, ref
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import environment


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


class Note(BaseModel):
    """A small form with one field of each sort."""

    who: str = Limits(max_length=10)
    side: Side
    days: list[str] = []
    hours: int = Limits(default=8, ge=1, le=24)
    remark: str = ""
    is_sure: bool = False

    @field_validator("remark")
    @classmethod
    def _polite(cls, remark: str) -> str:
        if "!" in remark:
            raise MessageError(ref("form.unusable", field="remark"))
        return remark


DAYS = (Option("mon", ref("weekday.mon")), Option("tue", ref("weekday.tue")))
SIDES = tuple(Option(each, each) for each in Side)
FORM = Form(
    "a_form",
    Note,
    (
        Field("who", autocomplete="name", has_hint=True),
        Field("side", Kind.RADIOS, options=SIDES),
        Field("days", Kind.CHECKBOXES, options=DAYS),
        Field("hours", width="short"),
        Field("remark", Kind.TEXTAREA),
        Field("is_sure", Kind.CHECKBOX),
    ),
)
WHOLE = {"who": "  Vakt 1 ", "side": "left", "hours": "12", "is_sure": "true"}


def sent(**changed: str) -> FilledForm[Note]:
    return FORM.read(MultiDict({**WHOLE, **changed}))


def test_what_is_filled_in_right_becomes_the_model() -> None:
    form = FORM.read(MultiDict([*WHOLE.items(), ("days", "mon"), ("days", "tue")]))

    assert form.errors == {}
    assert form.value == Note(
        who="Vakt 1", side=Side.LEFT, hours=12, days=["mon", "tue"], is_sure=True
    )


def test_what_is_empty_counts_as_not_filled_in() -> None:
    form = sent(who=" ", hours="", side="")

    assert form.value is None
    assert {name: error.key for name, error in form.errors.items()} == {
        "who": "form.missing",
        "side": "form.choose",
    }


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("who", "x" * 11, ref("form.too_long", field=ref("a_form.who"), most=10)),
        ("hours", "twelve", ref("form.no_number", field=ref("a_form.hours"))),
        ("hours", "25", ref("form.too_large", field=ref("a_form.hours"), most=24)),
        ("hours", "0", ref("form.too_small", field=ref("a_form.hours"), least=1)),
        ("side", "up", ref("form.no_choice", field=ref("a_form.side"))),
        ("days", "sun", ref("form.no_choice", field=ref("a_form.days"))),
        ("remark", "a\0b", ref("form.unusable", field=ref("a_form.remark"))),
        ("remark", "No!", ref("form.unusable", field="remark")),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_stays_as_typed(
    field: str, typed: str, error: object
) -> None:
    form = sent(**{field: typed})

    assert form.value is None
    assert form.errors == {field: error}
    assert (form[field].value, form[field].error) == (typed, error)


def test_an_action_may_refuse_a_field_or_the_whole() -> None:
    form = sent()
    form.refuse(ref("form.missing", field="x"), "who")
    form.refuse(ref("form.unusable", field="y"))

    assert form.value is None
    assert form["who"].error == ref("form.missing", field="x")
    assert form.errors_of_all == [ref("form.unusable", field="y")]


def test_options_may_be_known_only_when_the_form_is_shown() -> None:
    later = {"side": (Option("right", "only this"),)}

    assert FORM.read(MultiDict(WHOLE), later).errors.keys() == {"side"}
    assert [option.value for option in FORM.blank(later)["side"].options] == ["right"]


LABEL, HINT, WRONG = ref("page.next"), ref("page.previous"), ref("web.not_found")


def bound(of: Field, *values: str, error: MessageRef | None = WRONG) -> BoundField:
    return BoundField(of, LABEL, HINT if of.has_hint else None, True, of.options, values, error)


def test_the_macros_tie_label_hint_and_error_to_the_field() -> None:
    who = bound(Field("who", autocomplete="name", has_hint=True, width="short"), "<b>")

    written = drawn(who)

    assert '<label class="ds-label" for="field-who">Neste</label>' in written
    assert 'value="&lt;b&gt;"' in written
    assert 'aria-describedby="field-who-hint field-who-error"' in written
    assert 'id="field-who-hint">Forrige<' in written
    assert 'aria-invalid="true"' in written
    assert 'autocomplete="name"' in written
    assert '<a class="ds-link" href="#field-who">Siden finnes ikke</a>' in written


def test_boxes_stand_together_under_one_legend_and_keep_what_was_chosen() -> None:
    written = drawn(bound(Field("days", Kind.CHECKBOXES, options=DAYS), "tue"))

    assert re.search(r'<legend class="ds-label">Neste\s*</legend>', written)
    assert 'value="mon" aria-invalid="true">' in written
    assert 'value="tue" checked' in written
    assert '<a class="ds-link" href="#field-days-1">' in written, "the first of the boxes"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_field_can_be_drawn(kind: Kind) -> None:
    written = drawn(bound(Field("it", kind, options=DAYS), "mon", error=None))

    assert 'name="it"' in written
    assert "error" not in written
    assert ("mon" in written) is (kind not in (Kind.PASSWORD, Kind.FILE, Kind.CHECKBOX))


def drawn(it: BoundField) -> str:
    template = environment().from_string(
        '{% from "macros/fields.html" import field, error_summary %}'
        "{{ error_summary(form) }}{{ field(it) }}"
    )
    form = SimpleNamespace(errors=it.error, bound=[it], errors_of_all=[])
    with Flask(__name__).test_request_context("/"):
        return template.render(form=form, it=it)
