"""Cover and swaps over the API, by a program that answers for people as a coordinator does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from app.store.tables import DeskRow
from tests.api.v1.api_client import Api, an_api, new_token
from tests.support.duty_requests import NOW, a_folder
from tests.support.held_clock import set_clock
from tests.support.sample_desk import DESK

REQUESTS = f"/desks/{DESK}/roster/requests"
SHIFT = {"person": "duty-1", "from": "2026-12-28T08:00", "to": "2027-01-04T08:00"}


@pytest.fixture
def api(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    set_clock(monkeypatch, NOW)
    with an_api(migrated_sqlite_url, a_folder(start="2026-12-14")) as api:
        yield Api(api.app, api.database, new_token(api.database, may_write=True))


def test_cover_is_asked_answered_for_somebody_and_undone(api: Api) -> None:
    made = api.ask("POST", REQUESTS, json={"shift": SHIFT, "people": ["duty-2", "duty-3"]})
    assert made.status_code == 200, made.text
    [request] = made.get_json()
    assert request["state"] == "open"
    assert request["shift"] == {**SHIFT, "role": "primary", "from": "2026-12-28T08:00:00+01:00",
                                "to": "2027-01-04T08:00:00+01:00"}  # fmt: skip
    assert api.get(REQUESTS).get_json() == [request]
    path = f"{REQUESTS}/{request['id']}/move"
    done = api.ask("POST", path, json={"move": "yes", "person": "duty-3"}).get_json()
    assert (done["state"], len(done["entries"])) == ("agreed", 1)
    late = api.ask("POST", path, json={"move": "yes", "person": "duty-2"})
    assert (late.status_code, "Duty 3" in late.get_json()["message"]) == (409, True)
    assert api.ask("POST", path, json={"move": "undo"}).get_json()["state"] == "undone"
    assert api.get(REQUESTS).get_json() == []
    assert len(api.get(f"{REQUESTS}?all=true").get_json()) == 1


def test_a_swap_is_offered_for_one_shift_each(api: Api) -> None:
    theirs = {"person": "duty-2", "from": "2027-01-04T08:00", "to": "2027-01-11T08:00"}
    made = api.ask("POST", REQUESTS, json={"shift": SHIFT, "wanted": theirs, "reason": "Kurs"})
    [request] = made.get_json()
    assert (request["kind"], request["wanted"]["person"]) == ("swap", "duty-2")


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        (REQUESTS, {"shift": SHIFT, "people": []}, 422),
        (REQUESTS, {"shift": SHIFT, "people": ["nobody"]}, 422),
        (REQUESTS, {"shift": SHIFT, "people": ["duty-1"]}, 422),
        (REQUESTS, {"shift": {**SHIFT, "from": "tomorrow"}, "people": ["duty-2"]}, 422),
        (REQUESTS, {"shift": {**SHIFT, "person": "duty-2"}, "people": ["duty-1"]}, 422),
        (REQUESTS, {"shift": {**SHIFT, "to": "2027-06-01T08:00"}, "wanted": SHIFT}, 422),
        (f"{REQUESTS}/77/move", {"move": "yes", "person": "duty-2"}, 404),
        ("/desks/nowhere/roster/requests", {"shift": SHIFT, "people": ["duty-2"]}, 404),
    ],
)
def test_what_cannot_be_done_is_said(api: Api, path: str, sent: object, status: int) -> None:
    no = api.ask("POST", path, json=sent)
    assert (no.status_code, bool(no.get_json()["message"])) == (status, True)


def test_nobody_is_asked_twice_or_for_their_own_shift(api: Api) -> None:
    twice = {"shift": SHIFT, "people": ["duty-2", "duty-1", "duty-2"]}
    [request] = api.ask("POST", REQUESTS, json=twice).get_json()
    assert [each["person"] for each in request["answers"]] == ["duty-2"]


def test_a_time_that_is_too_long_is_refused_before_its_shifts_are_counted(api: Api) -> None:
    ever = {"shift": {**SHIFT, "to": "2098-01-01T08:00"}, "people": ["duty-2"]}
    no = api.ask("POST", REQUESTS, json=ever)
    assert (no.status_code, "400" in no.get_json()["message"]) == (422, True)


def test_a_desk_without_a_roster_has_no_request_to_move(api: Api) -> None:
    without = update(DeskRow).values(roster=None)
    api.database.write(lambda connection: connection.execute(without).rowcount)
    no = api.ask("POST", f"{REQUESTS}/1/move", json={"move": "undo"})
    assert (no.status_code, bool(no.get_json()["message"])) == (422, True)


def test_a_token_that_may_not_see_the_desk_is_told_of_none(api: Api) -> None:
    assert api.with_token("other").get(REQUESTS).status_code == 404
    reader = api.with_token(DESK)
    assert reader.ask("POST", REQUESTS, json={"shift": SHIFT}).status_code == 403
