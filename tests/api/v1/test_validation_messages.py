"""What is wrong with a question is said in our words, not in the library's."""

import pytest

from tests.api.v1.api_client import Api
from tests.support.sample_desk import DESK


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/tickets?limit=0", "must be at least 1"),
        ("/tickets?limit=201", "must be at most 200"),
        ("/tickets?limit=1_0", "“1_0” is not a whole number"),
        ("/tickets?limit=１", "is not a whole number"),
        ("/tickets?unacknowledged=perhaps", "must be true or false"),
        ("/tickets?desk=" + "x" * 65, "must have at most 64 characters"),
        (f"/desks/{DESK}/duty?at=2026-11-21", "is a date without a time"),
        (f"/desks/{DESK}/duty?at=2027-03-28T02:30", "02:30 on 2027-03-28 does not exist"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(
    sqlite_api: Api, path: str, said: str
) -> None:
    answer = sqlite_api.get(path)

    told = str(answer.get_json()["detail"])
    assert answer.status_code == 422
    assert said in told
    assert "Input should" not in told


def test_a_body_is_told_why_field_by_field(sqlite_api: Api) -> None:
    body = {"from": 7, "ringing": "perhaps", "more": 1}

    answer = sqlite_api.ask("POST", "/explain", json=body)

    assert answer.status_code == 422
    assert answer.get_json()["detail"]["json"] == {
        "line": ["is missing"],
        "from": ["must be a text"],
        "ringing": ["must be 'answered' or 'unanswered'"],
        "more": ["is not known here"],
    }
