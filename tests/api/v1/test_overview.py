"""GET /overview: every desk that the token may see, now; 304 while nothing has changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from werkzeug.test import TestResponse

from app import clock
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.domain.access.actor import command_line
from app.domain.roster.entries import EntryKind
from tests.api.v1.api_client import Api, an_api
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    SUPPORT,
    another_desk,
    folder,
)
from tests.support.stored_call import DrivenCall

HOURS = timedelta(hours=1)


def seen(api: Api, **headers: str) -> TestResponse:
    headers |= {"Authorization": f"Bearer {api.token}"}
    return api.app.test_client().get("/api/v1/overview", headers=headers)


def desk(api: Api) -> dict[str, object]:
    (only,) = seen(api).get_json()["desks"]
    return only


def nobody_for_hours(api: Api) -> None:
    """Everybody is away, in an hour that may or may not be one of duty."""
    from_, to = clock.now() - HOURS, clock.now() + 200 * HOURS
    for person in ("duty-1", "duty-2"):
        values = {
            "person": person,
            "from": f"{from_:%Y-%m-%d %H:%M}Z",
            "to": f"{to:%Y-%m-%d %H:%M}Z",
        }
        absence = EntryRequest(DESK, EntryKind.ABSENCE, values, command_line("me"))
        assert isinstance(add_entry(api.database, absence, clock.now()), EntryResult)


@ONE_DATABASE
def test_each_desk_tells_who_answers_and_until_when(api: Api) -> None:
    told = desk(api)
    assert (told["desk"], told["name"], told["severity"]) == (DESK, "Fjordhjelp", "well")
    assert [each["code"] for each in told["troubles"]] == ["well"]
    assert {line["number"] for line in told["lines"]} == {SUPPORT, DUTY}
    for answering in told["answering"]:
        assert answering["rings"]
        until = datetime.fromisoformat(answering["until"])
        assert until > clock.now()
        assert until.utcoffset() in (HOURS, 2 * HOURS)  # on the desk's wall
        assert answering["next"] != answering["rings"]
    first = told["duty"]["on_duty"][0]
    assert (first["person"], first["phone"]) == ("duty-1", DUTY_1)
    assert told["duty"]["confirmed"] is None
    assert told["duty"]["first_gap"] is None


@ONE_DATABASE
def test_a_gap_is_told_with_its_time_in_the_clients_language(api: Api) -> None:
    nobody_for_hours(api)
    (trouble,) = seen(api, **{"Accept-Language": "nn"}).get_json()["desks"][0]["troubles"]
    assert trouble["code"] in ("last_resort_now", "gap_soon")
    assert trouble["text"].startswith("Ingen har vakt")
    gap = trouble["gap"]
    assert datetime.fromisoformat(gap["to"]) > clock.now()
    to = datetime.fromisoformat(gap["to"])
    assert f"{to:%Y-%m-%d %H:%M}" in trouble["text"]


@ONE_DATABASE
def test_a_critical_ticket_that_nobody_has_is_told(api: Api) -> None:
    call = DrivenCall(api.database, line=DUTY, caller=CALLER, start=clock.now())
    call.arrives()
    call.presses("1") if call.stored.step == "duty_menu" else call.presses("1", "1")
    told = desk(api)["tickets"]
    assert told["count"] == 1
    assert told["longest"][0]["priority"] == "critical"


def test_an_answer_is_sent_once_and_again_when_something_has_changed(api: Api) -> None:
    first = unchanged(api)
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = first.headers["ETag"]
    assert seen(api, **{"If-None-Match": etag, "Accept-Language": "nn"}).status_code == 200
    nobody_for_hours(api)
    changed = seen(api, **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def unchanged(api: Api) -> TestResponse:
    """An answer that was asked for again and had not changed: no desk opened or closed between."""
    for _ in range(3):
        answer = seen(api)
        again = seen(api, **{"If-None-Match": answer.headers["ETag"]})
        if again.status_code == 304:
            assert again.get_data() == b""
            assert again.headers["ETag"] == answer.headers["ETag"]
            return answer
    raise AssertionError("an answer that had not changed was sent again")


def test_a_token_sees_its_own_desks_only(migrated_sqlite_url: str) -> None:
    with an_api(migrated_sqlite_url, folder(), another_desk(2)) as api:
        everything, some = seen(api), seen(api.with_token(f"{DESK}-2"))
        assert [each["desk"] for each in everything.get_json()["desks"]] == [DESK, f"{DESK}-2"]
        assert [each["desk"] for each in some.get_json()["desks"]] == [f"{DESK}-2"]
        assert some.headers["ETag"] != everything.headers["ETag"]
        assert DUTY_1 not in some.get_data(as_text=True)


def test_nobody_sees_anything_without_a_token(sqlite_api: Api) -> None:
    assert sqlite_api.app.test_client().get("/api/v1/overview").status_code == 401
