"""Tokens: who has one sees its desks only. Every door with every bad token: tests/hostile."""

from datetime import timedelta
from pathlib import Path

from app import clock
from tests.api.v1.api_client import Api
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, DUTY
from tests.support.stored_call import critical_at_night

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "api.md"


@ONE_DATABASE
def test_a_token_that_has_expired_is_no_token(api: Api) -> None:
    old = api.with_token(expires_at=clock.now() - timedelta(days=1))
    fresh = api.with_token(expires_at=clock.now() + timedelta(days=1))
    assert old.get("/desks").status_code == 401
    assert fresh.get("/desks").status_code == 200


def test_a_token_of_another_desk_sees_nothing_of_this_one(api: Api) -> None:
    critical_at_night(api.database)
    [ticket] = api.get("/tickets").get_json()
    other = api.with_token("another")
    assert other.get("/desks").get_json() == []
    assert other.get("/tickets").get_json() == []
    assert other.get(f"/tickets?desk={DESK}").get_json() == []
    assert other.get("/tickets?call_sid=CA1").get_json() == []
    assert other.get(f"/calls?desk={DESK}").get_json() == []
    for path in (f"/tickets/{ticket['number']}", "/calls/CA1", f"/desks/{DESK}/duty"):
        there = other.get(path)
        nowhere = other.get(path.replace(DESK, "no-desk").replace("1001", "9").replace("CA1", "x"))
        assert there.status_code == nowhere.status_code == 404
        assert there.get_json() == nowhere.get_json()


def test_a_foreseen_call_to_a_hidden_desk_is_like_one_to_nobody(sqlite_api: Api) -> None:
    asked = {"from": "withheld", "at": "2026-11-21T23:10", "keys": "1"}
    other = sqlite_api.with_token("another")
    hidden = other.ask("POST", "/explain", json={"line": DUTY, **asked}).get_json()
    nobody = other.ask("POST", "/explain", json={"line": "+4720009999", **asked}).get_json()
    assert hidden["reasons"] == nobody["reasons"]
    assert hidden["outcome"] == nobody["outcome"] == "informed"


def test_explaining_needs_no_right_to_write(sqlite_api: Api) -> None:
    reader = sqlite_api.with_token(DESK, may_write=False)
    answer = reader.ask("POST", "/explain", json={"line": DUTY, "from": "withheld"})
    assert answer.status_code == 200


def test_the_description_is_for_everybody(sqlite_api: Api) -> None:
    sqlite_api.token = ""
    described = sqlite_api.get("/openapi.json").get_json()
    assert set(described["paths"]) == {
        "/api/v1/call-outs/{sid}",
        "/api/v1/calls",
        "/api/v1/calls/{sid}",
        "/api/v1/desks",
        "/api/v1/desks/{desk}/duty",
        "/api/v1/desks/{desk}/escalation",
        "/api/v1/desks/{desk}/hours",
        "/api/v1/desks/{desk}/outages",
        "/api/v1/desks/{desk}/outages/{outage}/change",
        "/api/v1/desks/{desk}/outages/{outage}/end",
        "/api/v1/desks/{desk}/roster",
        "/api/v1/desks/{desk}/roster/confirmations",
        "/api/v1/desks/{desk}/roster/entries",
        "/api/v1/desks/{desk}/roster/entries/{entry}/withdraw",
        "/api/v1/desks/{desk}/roster/requests",
        "/api/v1/desks/{desk}/roster/requests/{duty_request}/move",
        "/api/v1/desks/{desk}/roster/versions",
        "/api/v1/desks/{desk}/roster/versions/difference",
        "/api/v1/desks/{desk}/targets",
        "/api/v1/explain",
        "/api/v1/overview",
        "/api/v1/recordings/{sid}",
        "/api/v1/tickets",
        "/api/v1/tickets/{number}",
        "/api/v1/tickets/{number}/acknowledge",
        "/api/v1/tickets/{number}/agreed-date",
        "/api/v1/tickets/{number}/assign",
        "/api/v1/tickets/{number}/comments",
        "/api/v1/tickets/{number}/copy",
        "/api/v1/tickets/{number}/links",
        "/api/v1/tickets/{number}/merge",
        "/api/v1/tickets/{number}/moves",
        "/api/v1/tickets/{number}/route",
        "/api/v1/tickets/{number}/undo",
        "/api/v1/tickets/{number}/call",
        "/api/v1/tickets/{number}/close",
        "/api/v1/tickets/{number}/escalation",
        "/api/v1/tickets/{number}/events",
        "/api/v1/tickets/{number}/priority",
        "/api/v1/tickets/{number}/recordings",
        "/api/v1/tickets/{number}/workaround",
    }
    assert described["openapi"].startswith("3.1")


def test_the_page_tells_of_every_route(sqlite_api: Api) -> None:
    page = PAGE.read_text("utf-8")
    described = sqlite_api.get("/openapi.json").get_json()["paths"]
    routes = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in described.items()
        for method in methods
    }
    assert {route for route in routes if f"| `{route}` |" not in page} == set()
