"""Whatever is asked, the API answers in JSON and never breaks."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create_app
from app.settings import WebSettings
from tests.api.v1.api_client import Api
from tests.support.sample_desk import DESK, DUTY

SMALL = settings(max_examples=25, deadline=None)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "line": st.sampled_from([DUTY, "20000901", ""]) | JSON,
        "from": st.sampled_from(["withheld", "+4749009001"]) | JSON,
        "at": st.sampled_from(["2026-11-21T23:10", "2026-10-25T02:30"]) | JSON,
        "keys": st.sampled_from(["1", "1001#,1,1", ["1", "-"]]) | JSON,
        "ringing": st.sampled_from(["answered", "unanswered"]) | JSON,
        "wording": st.sampled_from(["keys", "spoken"]) | JSON,
        "language": JSON,
        "more": JSON,
    },
)


def is_told(answer: Any) -> bool:
    """The answer is JSON; a refusal has its words."""
    body = answer.get_json()
    if answer.status_code == 200:
        return True
    return answer.status_code in (400, 404, 405, 413, 422) and set(body) == {"message", "detail"}


@SMALL
@given(asked=FIELDS)
def test_any_question_about_a_call_is_answered_or_refused(shared_api: Api, asked: Any) -> None:
    body = json.dumps(asked)
    assert is_told(shared_api.ask("POST", "/explain", data=body, content_type="application/json"))


@SMALL
@given(body=st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(shared_api: Api, body: bytes) -> None:
    assert is_told(shared_api.ask("POST", "/explain", data=body))


@SMALL
@given(
    path=st.sampled_from(["/tickets", "/calls", f"/desks/{DESK}/duty"]),
    query=st.dictionaries(
        st.sampled_from(["at", "limit", "before", "desk", "call_sid", "x"]),
        st.text(max_size=30) | st.integers().map(str),
    ),
)
def test_any_query_is_answered_or_refused(
    shared_api: Api, path: str, query: dict[str, str]
) -> None:
    assert is_told(shared_api.get(path, query_string=query))


HOSTILE = (
    "/tickets/99999999999999999999",
    "/tickets/-1",
    "/tickets/x",
    "/tickets?call_sid=%00",
    "/tickets?before=9223372036854775808",
    "/tickets?desk=%00",
    "/calls/%00",
    "/calls/" + "x" * 300,
    "/calls?before=" + "x" * 300,
    "/calls?before=MjAyNiBDQQ",
    "/desks/%00/duty",
    "/desks/%F0%9F%98%80/duty",
    "/nothing",
    f"/desks/{DESK}/duty?at=1850-01-01",
)


def test_hostile_addresses_meet_words_on_both_databases(api: Api) -> None:
    for path in HOSTILE:
        answer = api.get(path)
        assert answer.status_code in (200, 404, 422), path
        assert is_told(answer), path


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("at", "soon", "is not a date and time"),
        ("keys", "x", "is not an answer"),
        ("keys", "1," * 200, "at most 100"),
        ("ringing", "maybe", "answered"),
        ("line", "", "at least 1"),
        ("line", "\0", "a character that cannot stand there"),
        ("language", "sv", "'nb', 'nn' or 'en'"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    shared_api: Api, field: str, value: str, words: str
) -> None:
    asked = {"line": DUTY, "from": "withheld", "at": "2026-11-21T23:10", field: value}
    answer = shared_api.ask("POST", "/explain", json=asked)
    assert answer.status_code == 422
    assert words in str(answer.get_json()["detail"]["json"][field])


def test_a_body_nested_without_end_is_refused(shared_api: Api) -> None:
    deep = "[" * 30_000
    answer = shared_api.ask("POST", "/explain", data=deep, content_type="application/json")
    assert answer.status_code == 400


def test_a_body_that_is_too_large_is_refused(shared_api: Api) -> None:
    answer = shared_api.ask("POST", "/explain", data=b" " * 70_000, content_type="application/json")
    assert answer.status_code == 413


def test_while_the_database_is_away_it_says_so_and_when_to_ask_again() -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    app = create_app(WebSettings(secret_key="of the tests", database_url=away))
    try:
        headers = {"Authorization": "Bearer vakt_any"}
        answer = app.test_client().get("/api/v1/desks", headers=headers)
        assert answer.status_code == 503
        assert answer.get_json()["message"] == "The database is away."
        assert answer.headers["Retry-After"] == "5"
    finally:
        app.extensions["vakt"].close()
