"""The words of a refusal follow the client's language; codes and fields are the same in all."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app.actions.callouts.call_outs import begin_due_call_outs
from tests.api.v1.api_client import Api
from tests.support.call_out_steps import CALL_OUT_1, a_message_is_left, nobody_answers
from tests.support.sample_desk import DESK

REFUSED = {
    ("GET", "/calls/CA0"): (
        404,
        "Samtalen finnes ikke.",
        "Samtalen finst ikkje.",
        "There is no such call.",
    ),
    ("GET", "/desks/nowhere/duty"): (
        404,
        "Tjenesten finnes ikke.",
        "Tenesta finst ikkje.",
        "There is no such desk.",
    ),
    ("GET", "/tickets/7"): (
        404,
        "Saken finnes ikke.",
        "Saka finst ikkje.",
        "There is no such ticket.",
    ),
    ("GET", "/recordings/RE0"): (
        404,
        "Opptaket finnes ikke.",
        "Opptaket finst ikkje.",
        "There is no such recording.",
    ),
    ("GET", "/nothing"): (404, "Ikke funnet.", "Ikkje funne.", "Not found."),
    ("PUT", "/tickets"): (
        405,
        "Metoden er ikke tillatt her.",
        "Metoden er ikkje tillaten her.",
        "The method is not allowed here.",
    ),
    ("GET", f"/desks/{DESK}/duty?at=soon"): (
        422,
        "Tidspunktet kan ikke leses.",
        "Tidspunktet kan ikkje lesast.",
        "The moment cannot be read.",
    ),
}
FIELDS = {
    "nb": {"line": ["mangler"], "ringing": ["må være 'answered' eller 'unanswered'"]},
    "nn": {"line": ["manglar"], "ringing": ["må vere 'answered' eller 'unanswered'"]},
    "en": {"line": ["is missing"], "ringing": ["must be 'answered' or 'unanswered'"]},
}


def refusals() -> Iterator[tuple[str, str, str, int, str]]:
    for (method, path), (status, *texts) in REFUSED.items():
        for language, text in zip(("nb", "nn", "en"), texts, strict=True):
            yield method, path, language, status, str(text)


def ask(api: Api, method: str, path: str, accepted: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {api.token}", "Accept-Language": accepted}
    return api.app.test_client().open(f"/api/v1{path}", method=method, headers=headers)


@pytest.mark.parametrize(("method", "path", "language", "status", "text"), list(refusals()))
def test_a_refusal_is_written_in_the_language_that_is_accepted(
    shared_api: Api, method: str, path: str, language: str, status: int, text: str
) -> None:
    answer = ask(shared_api, method, path, language)

    assert (answer.status_code, answer.get_json()["message"]) == (status, text)
    assert "Accept-Language" in answer.vary


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_what_is_wrong_with_a_field_follows_the_language_too(
    shared_api: Api, language: str
) -> None:
    answer = shared_api.app.test_client().post(
        "/api/v1/explain",
        headers={"Authorization": f"Bearer {shared_api.token}", "Accept-Language": language},
        json={"from": "49009077", "ringing": "perhaps"},
    )

    assert answer.get_json()["detail"]["json"] == FIELDS[language]


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("no", "Saken finnes ikke."),
        ("nb-NO, en;q=0.5", "Saken finnes ikke."),
        ("de, nn;q=0.8, en;q=0.9", "There is no such ticket."),
        ("de", "There is no such ticket."),
        ("", "There is no such ticket."),
    ],
)
def test_the_first_accepted_language_that_we_have_is_used(
    shared_api: Api, accepted: str, text: str
) -> None:
    answer = ask(shared_api, "GET", "/tickets/7", accepted)

    assert answer.get_json()["message"] == text


def test_a_language_in_the_query_wins_over_the_header(shared_api: Api) -> None:
    answer = ask(shared_api, "GET", "/tickets/7/events?language=nn", "nb")

    assert answer.get_json()["message"] == "Saka finst ikkje."


def test_a_token_is_asked_for_in_the_language_too(shared_api: Api) -> None:
    asked = {"Accept-Language": "nn"}
    answer = shared_api.app.test_client().get("/api/v1/desks", headers=asked)

    assert answer.status_code == 401
    assert answer.get_json()["message"].startswith("Det trengst eit token: Authorization: Bearer")


def test_reasons_follow_the_language_and_keep_their_codes(shared_api: Api) -> None:
    at = f"/desks/{DESK}/duty?at=2026-11-25T10:00"
    english, nynorsk = (ask(shared_api, "GET", at, each).get_json() for each in ("en", "nn"))

    codes = [each["code"] for each in english["reasons"]]
    assert codes
    assert codes == [each["code"] for each in nynorsk["reasons"]]
    assert [each["text"] for each in english["reasons"]] != [
        each["text"] for each in nynorsk["reasons"]
    ]


@pytest.mark.parametrize("path", ["/calls/CA1", f"/call-outs/{CALL_OUT_1}"])
def test_the_reasons_and_the_transcript_of_a_call_follow_the_language(
    sqlite_api: Api, path: str
) -> None:
    ended = a_message_is_left(sqlite_api.database)
    begin_due_call_outs(sqlite_api.database, ended + timedelta(minutes=1))
    nobody_answers(sqlite_api.database, ended + timedelta(minutes=2))

    english, nynorsk = (ask(sqlite_api, "GET", path, each).get_json() for each in ("en", "nn"))
    for part in ("told", "reasons"):
        assert len(english[part]) == len(nynorsk[part]) > 0
        assert english[part] != nynorsk[part]
    codes = [each["code"] for each in english["reasons"]]
    assert codes == [each["code"] for each in nynorsk["reasons"]]
    assert ask(sqlite_api, "GET", f"{path}?language=nn", "en").get_json() == nynorsk
    assert ask(sqlite_api, "GET", f"{path}?language=sv", "en").status_code == 422


def test_calls_are_listed_in_the_language_that_the_query_asks_for(sqlite_api: Api) -> None:
    a_message_is_left(sqlite_api.database)

    [listed] = ask(sqlite_api, "GET", "/calls?language=nn", "en").get_json()
    assert listed == ask(sqlite_api, "GET", "/calls/CA1", "nn").get_json()
    assert listed != ask(sqlite_api, "GET", "/calls/CA1", "en").get_json()
