"""Targets in the API: escalation previewed and held, dates agreed, workarounds; with a reason."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import clock
from tests.api.v1.api_client import Api, an_api
from tests.support.sample_desk import DESK
from tests.support.target_desk import a_folder


@pytest.fixture
def program(migrated_sqlite_url: str) -> Iterator[Api]:
    with an_api(migrated_sqlite_url, a_folder()) as api:
        yield api.with_token(may_write=True)


def opened(program: Api, priority: str) -> int:
    body = {"desk": DESK, "priority": priority, "subject": "Journalen svarer ikke"}
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": priority}
    answer = program.app.test_client().post("/api/v1/tickets", headers=headers, json=body)
    assert answer.status_code == 201
    return int(answer.get_json()["number"])


def test_the_escalation_is_foreseen_and_held_with_a_reason(program: Api) -> None:
    foreseen = program.get(f"/desks/{DESK}/escalation?opened=2026-11-18T10:00").get_json()
    assert foreseen == [
        {
            "priority": "high", "target": "response", "level": 1, "role": "Teamleiar",
            "deadline": "2026-11-18T12:00:00+01:00", "elapsed_at": "2026-11-18T12:00:00+01:00",
            "overrun_at": "2026-11-18T14:00:00+01:00", "reached_at": "2026-11-18T12:00:00+01:00",
            "forewarning": False, "told": "Teamleiar", "told_at": "2026-11-18T12:00:00+01:00",
            "notified_at": None,
        }
    ]  # fmt: skip
    assert program.get(f"/desks/{DESK}/escalation?priority=low").get_json() == []
    assert program.ask("GET", f"/desks/{DESK}/escalation?opened=never").status_code == 422

    escalation = f"/tickets/{opened(program, 'high')}/escalation"
    assert [each["level"] for each in program.get(escalation).get_json()] == [1]
    bodies: list[dict[str, Any]] = [{}, {"held": True}, {"held": True, "note": "  "}]
    assert [program.ask("POST", escalation, json=b).status_code for b in bodies] == [422] * 3
    for _ in range(2):  # a double click
        held = program.ask("POST", escalation, json={"held": True, "note": "kunden vet det"})
        assert held.get_json()["escalation_held_at"]
    released = program.ask("POST", escalation, json={"held": False, "note": "ikke lenger"})
    assert released.get_json()["escalation_held_at"] is None
    day = f"{clock.now().year + 1}-01-02T12:00"
    until = {"held": True, "note": "ferie", "until": day}
    held = program.ask("POST", escalation, json=until).get_json()
    assert held["escalation_held_until"] == f"{day}:00+01:00"
    past = program.ask("POST", escalation, json=until | {"until": "2020-01-01T12:00"})
    assert past.status_code == 409


def test_a_date_is_agreed_where_the_desk_lets_it(program: Api) -> None:
    day = f"{clock.now().year + 1}-01-02T12:00"  # no date may be years away
    date = {"solve_by": day, "note": "etter ferien"}
    high = program.ask("POST", f"/tickets/{opened(program, 'high')}/agreed-date", json=date)
    assert (high.status_code, high.get_json()["detail"]["agreed_solve_by"]) == (409, None)
    low = f"/tickets/{opened(program, 'low')}/agreed-date"
    agreed = program.ask("POST", low, json=date).get_json()
    assert agreed["solve_by"] == agreed["agreed_solve_by"] == f"{day}:00+01:00"
    for _ in range(2):
        back = program.ask("POST", low, json={"solve_by": None, "note": "før likevel"}).get_json()
        assert back["agreed_solve_by"] is None
        assert back["solve_by"]
    for unreadable in ("i morgen", ""):  # a program's empty field takes no date back
        refused = program.ask("POST", low, json={"solve_by": unreadable, "note": "x"})
        assert refused.status_code == 422


def test_a_workaround_is_noted_and_withdrawn(program: Api) -> None:
    workaround = f"/tickets/{opened(program, 'high')}/workaround"
    in_place = program.ask("POST", workaround, json={"in_place": True, "note": "papir"})
    assert in_place.get_json()["workaround_at"]
    gone = program.ask("POST", workaround, json={"in_place": False, "note": "holdt ikke"})
    assert gone.get_json()["workaround_at"] is None


def test_how_targets_were_kept_is_told_by_month_and_agreement(program: Api) -> None:
    opened(program, "high")
    figures = f"/desks/{DESK}/targets"
    answer = program.ask("GET", f"{figures}?months=2").get_json()
    [solution] = [each for each in answer if each["target"] == "solution"]
    assert (solution["tickets"], sum(solution["results"].values())) == (1, 1)
    for wrong in ("month=2026-13", "months=0", "months=25"):
        assert program.ask("GET", f"{figures}?{wrong}").status_code == 422
    assert program.ask("GET", "/desks/nowhere/targets").status_code == 404
