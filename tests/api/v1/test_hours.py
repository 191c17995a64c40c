"""Hours of duty in the API: a desk's, for tokens that see it."""

import pytest

from tests.api.v1.api_client import Api
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, NIGHT
from tests.support.stored_call import critical_at_night

PATH = f"/desks/{DESK}/hours"
NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}


@ONE_DATABASE
def test_hours_are_told_with_call_outs_and_how_they_were_counted(api: Api) -> None:
    call = critical_at_night(api.database)
    call.somebody_accepts(1)
    call.steps = 20 * 60
    call.talk_ends()
    told = api.get(PATH, query_string=NOVEMBER).get_json()
    assert (told["from"], told["to"]) == ("2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00")
    first = told["people"][0]
    figures = {each["kind"]: each for each in first["figures"]}
    assert figures["duty"]["hours"] == 30 * 24 - 21 * 8
    assert figures["call_outs"]["count"] == 1
    (out,) = first["call_outs"]
    assert (out["call"], out["confirmed"]) == ("CA1", False)
    assert figures["converted"]["why"]["text"].startswith("home duty × 1/7")
    assert {each["role"] for each in first["duty"]} == {"primary"}
    assert [each["person"] for each in told["year"]["people"]] == ["duty-1", "duty-2"]
    assert NIGHT.isoformat()[:10] == "2026-11-21"


@ONE_DATABASE
def test_reasons_come_in_the_language_that_was_asked_for(api: Api) -> None:
    told = api.get(PATH, query_string={**NOVEMBER, "language": "nn"}).get_json()
    texts = [each["why"]["text"] for each in told["people"][0]["figures"]]
    assert any("heimevakt × 1/7" in text for text in texts)


@ONE_DATABASE
def test_a_token_sees_the_hours_of_its_desks_only(api: Api) -> None:
    assert api.with_token("elsewhere").get(PATH).status_code == 404
    assert api.with_token(DESK).get(PATH, query_string=NOVEMBER).status_code == 200
    assert api.get("/desks/nowhere/hours").status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"), [({"from": "soon"}, "from"), ({"to": "2026-11-31"}, "to")]
)
def test_a_day_that_is_none_is_refused_with_its_field(
    api: Api, asked: dict[str, str], field: str
) -> None:
    refused = api.get(PATH, query_string=asked)
    assert refused.status_code == 422
    assert list(refused.get_json()["detail"]["query"]) == [field]
