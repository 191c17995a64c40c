"""A posted form means what it means to the library."""

from io import BytesIO
from urllib.parse import parse_qsl

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as some

from app.web.form_request import FORM, UNREADABLE, FormRequest, read_fields

# Every sign that means something in a form, escapes that are none, and letters.
SIGNS = some.text(some.sampled_from("&=+%;20BC3æ\u2028 \x00#?"), max_size=40)


@given(SIGNS)
def test_its_fields_are_those_that_python_reads(body: str) -> None:
    expected = parse_qsl(body, keep_blank_values=True, errors=UNREADABLE)
    assert read_fields(body) == expected


@pytest.mark.parametrize("body", [b"", b"a=1&a=2&b", b"To=%2B4720000100&x=a+b", b"\xff=1"])
@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", "text/plain"])
def test_a_request_holds_what_flasks_own_holds(body: bytes, kind: str) -> None:
    app = Flask(__name__, static_folder=None)
    held = []
    for made in (Flask.request_class, FormRequest):
        app.request_class = made
        posted = app.test_request_context(
            method="POST", input_stream=BytesIO(body), content_type=kind, content_length=len(body)
        )
        with posted:
            assert type(request._get_current_object()) is made  # type: ignore[attr-defined]
            held.append(list(request.form.items(multi=True)))
    assert held[0] == held[1]
