"""Roster entries in the API: added once, listed, withdrawn, and refused as a file would be."""

from typing import Any

import pytest

from tests.api.v1.api_client import Api
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK
from tests.support.stored_call import critical_at_night

PATH = f"/desks/{DESK}/roster/entries"
SWAP = {
    "kind": "override",
    "person": "duty-2",
    "role": "primary",
    "from": "2026-11-01T08:00",
    "to": "2098-12-24T08:00",
    "reason": "Ferie",
}


def writer(api: Api, **more: Any) -> Api:
    return api.with_token(may_write=True, **more)


@ONE_DATABASE
def test_an_entry_is_added_heard_and_withdrawn(api: Api) -> None:
    program = writer(api)
    added = program.ask("POST", PATH, json=SWAP).get_json()
    assert (added["done"], added["revision"]) == (True, 1)
    assert added["message"] == "Entry 1 added."
    entry = added["entry"]
    assert entry["author"]["kind"] == "token"
    assert entry["author"]["name"] == "a program"
    assert (entry["from"], entry["reason"]) == ("2026-11-01T08:00:00+01:00", "Ferie")
    assert added["effect"]["changed"]

    call = critical_at_night(api.database)
    assert call.stored.legs[0].callee.person == "duty-2"
    (turn, *_) = api.get("/calls/CA1").get_json()["turns"]
    assert turn["roster_revision"] == 1

    gone = program.ask("POST", f"{PATH}/{entry['id']}/withdraw").get_json()
    assert gone["entry"]["withdrawn_by"]["name"] == "a program"
    assert critical_at_night(api.database, "CA2").stored.legs[0].callee.person == "duty-1"


@ONE_DATABASE
def test_a_request_that_comes_again_is_answered_with_the_entry_that_is_there(api: Api) -> None:
    program = writer(api)
    first = program.ask("POST", PATH, json=SWAP).get_json()
    again = program.ask("POST", PATH, json=SWAP).get_json()
    assert (again["done"], again["entry"]) == (False, first["entry"])
    withdraw = f"{PATH}/{first['entry']['id']}/withdraw"
    once, twice = (program.ask("POST", withdraw).get_json() for _ in range(2))
    assert (once["done"], twice["done"]) == (True, False)
    assert twice["entry"] == once["entry"]


@ONE_DATABASE
def test_entries_are_listed_as_they_are_and_as_they_were(api: Api) -> None:
    program = writer(api)
    entry = program.ask("POST", PATH, json=SWAP).get_json()["entry"]
    program.ask("POST", f"{PATH}/{entry['id']}/withdraw")
    assert api.get(PATH).get_json() == {"roster": DESK, "revision": 2, "entries": []}
    assert len(api.get(f"{PATH}?scope=all").get_json()["entries"]) == 1
    assert [each["id"] for each in api.get(f"{PATH}?revision=1").get_json()["entries"]] == [1]


def test_a_dry_run_tells_the_gap_and_adds_nothing(api: Api) -> None:
    program = writer(api)
    absence = {key: SWAP[key] for key in ("from", "to")} | {"kind": "absence"}
    program.ask("POST", PATH, json=absence | {"person": "duty-2"})
    asked = absence | {"person": "duty-1", "dry_run": True}
    told = program.ask("POST", f"{PATH}?language=nn", json=asked).get_json()
    assert (told["done"], told["entry"]) == (False, None)
    assert [gap["desk"] for gap in told["effect"]["uncovered"]]
    assert told["message"] == "Dette er ei prøve. Ingenting er lagt til."
    assert len(api.get(PATH).get_json()["entries"]) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person": "duty-7"}, "there is no person “duty-7”"),
        ({"to": "2026-10-01T08:00"}, "it ends before it starts"),
        ({"from": "2026-02-30T08:00"}, "2026-02-30"),
        ({"role": None}, "give “role”"),
        ({"kind": "absence"}, "“role” is not known"),
    ],
)
def test_what_a_file_would_be_refused_for_is_refused(
    sqlite_api: Api, changed: dict[str, Any], words: str
) -> None:
    answer = writer(sqlite_api).ask("POST", PATH, json=SWAP | changed)
    assert answer.status_code == 422
    assert words in str(answer.get_json()["detail"])
    assert sqlite_api.get(PATH).get_json()["revision"] == 0


def test_only_a_token_that_may_write_changes_anything_and_only_at_its_desks(
    sqlite_api: Api,
) -> None:
    assert sqlite_api.ask("POST", PATH, json=SWAP).status_code == 403
    assert sqlite_api.ask("POST", f"{PATH}/1/withdraw").status_code == 403
    other = sqlite_api.with_token("elsewhere", may_write=True)
    assert other.ask("POST", PATH, json=SWAP).status_code == 404
    assert other.get(PATH).status_code == 404


def test_an_entry_that_is_not_there_is_not_found(sqlite_api: Api) -> None:
    answer = writer(sqlite_api).ask("POST", f"{PATH}/7/withdraw")
    assert answer.status_code == 404
    assert answer.get_json()["message"] == f"The roster of “{DESK}” has no entry 7."
