"""Tickets in the API: their whole history, and what a token that may write can do with them."""

from typing import Any

import pytest

from app.domain.tickets.events import TicketEventKind
from app.store.tickets import add_event
from tests.api.v1.api_client import Api
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, later
from tests.support.stored_call import critical_at_night


def writer(api: Api, **more: Any) -> Api:
    return api.with_token(may_write=True, **more)


def events(api: Api, language: str = "en") -> list[dict[str, Any]]:
    found = api.get(f"/tickets/1001/events?language={language}").get_json()
    assert isinstance(found, list)
    return found


def test_the_whole_history_is_told_also_who_was_not_told(api: Api) -> None:
    critical_at_night(api.database)

    def not_told(connection: Any) -> None:
        add_event(
            connection, 1001, TicketEventKind.NOTIFICATION_FAILED, later(60), who="duty-1",
            error_code="21614", error="refused with status 400",
        )  # fmt: skip
        add_event(connection, 1001, TicketEventKind.NOTIFICATION_DROPPED, later(70), who="duty-2")
        add_event(
            connection,
            1001,
            TicketEventKind.NOTIFICATION_UNDELIVERED,
            later(80),
            error_code="30003",
        )

    api.database.write(not_told)
    told = events(api)
    assert [event["kind"] for event in told] == [
        "opened", "notification_failed", "notification_dropped", "notification_undelivered",
    ]  # fmt: skip
    assert "duty-1 could not be sent: refused with status 400" in told[1]["text"]
    assert told[1]["facts"]["error_code"] == "21614"
    assert "the caller was sent, but did not arrive (30003)" in told[3]["text"]
    assert "innringeren" in events(api, "nb")[3]["text"]
    listed = api.get("/tickets?not_notified=true").get_json()
    assert [ticket["number"] for ticket in listed] == [1001]
    assert api.get("/tickets?not_notified=false").get_json() == []


def test_a_token_that_may_write_acknowledges_and_closes(api: Api) -> None:
    critical_at_night(api.database)
    program = writer(api)
    taken = program.ask("POST", "/tickets/1001/acknowledge", json={"by": "Teamleiar"})
    assert taken.status_code == 200
    assert taken.get_json()["acknowledged_by"] == "Teamleiar"
    again = program.ask("POST", "/tickets/1001/acknowledge", json={"by": "Teamleiar"})
    assert again.status_code == 200, "asking once more changes nothing"
    other = program.ask("POST", "/tickets/1001/acknowledge", json={})
    assert other.status_code == 409
    assert other.get_json()["detail"]["acknowledged_by"] == "Teamleiar"

    closed = program.ask("POST", "/tickets/1001/close", json={"note": "solved"})
    assert closed.get_json()["status"] == "closed"
    assert closed.get_json()["closed_by"] == "a program"
    assert program.ask("POST", "/tickets/1001/acknowledge", json={}).status_code == 409
    assert [event["kind"] for event in events(api)] == ["opened", "acknowledged", "closed"]
    facts = events(api)[2]["facts"]
    assert (facts["note"], facts["via"]) == ("solved", "token a program")
    assert api.get("/tickets?closed=false").get_json() == []
    assert len(api.get("/tickets?status=closed").get_json()) == 1


@ONE_DATABASE
def test_a_priority_is_changed_with_its_targets(api: Api) -> None:
    critical_at_night(api.database)
    done = writer(api).ask("POST", "/tickets/1001/priority", json={"priority": "low"})
    assert done.get_json()["priority"] == "low"
    assert "from critical to low" in events(api)[-1]["text"].lower()


@ONE_DATABASE
@pytest.mark.parametrize("what", ["acknowledge", "close"])
def test_one_that_may_only_read_is_told_so(api: Api, what: str) -> None:
    critical_at_night(api.database)
    refused = api.ask("POST", f"/tickets/1001/{what}", json={})
    assert refused.status_code == 403
    assert "--write" in refused.get_json()["message"]
    assert [event["kind"] for event in events(api)] == ["opened"]


@ONE_DATABASE
def test_what_a_token_may_not_see_it_does_not_change(api: Api) -> None:
    critical_at_night(api.database)
    elsewhere = api.with_token("berg", may_write=True)
    assert elsewhere.ask("POST", "/tickets/1001/close", json={}).status_code == 404
    own = api.with_token(DESK, may_write=True)
    assert own.ask("POST", "/tickets/1999/close", json={}).status_code == 404
    assert own.ask("POST", "/tickets/1001/close", json={}).status_code == 200


@ONE_DATABASE
@pytest.mark.parametrize(
    "body", [{"by": "x" * 201}, {"by": "a\nb"}, {"note": "a\x00b"}, {"who": "me"}, []]
)
def test_a_body_that_cannot_be_meant_is_refused(api: Api, body: Any) -> None:
    critical_at_night(api.database)
    refused = writer(api).ask("POST", "/tickets/1001/close", json=body)
    assert refused.status_code == 422
    assert [event["kind"] for event in events(api)] == ["opened"]


@ONE_DATABASE
def test_a_program_asks_what_it_may_do_and_does_it(api: Api) -> None:
    critical_at_night(api.database)
    program = writer(api)
    moves = program.get("/tickets/1001/moves?language=nb").get_json()
    asked = next(each for each in moves if each["id"] == "ask")
    assert asked == {
        "id": "ask",
        "name": "Spør kunden",
        "to": "waiting_for_customer",
        "to_name": "Venter på kunden",
        "requires": ["comment"],
    }
    body = {"move": "ask", "comment": "Which ward?", "by": "Kari", "version": 1}
    done = program.ask("POST", "/tickets/1001/moves", json=body)
    assert done.status_code == 200
    told = done.get_json()
    assert (told["state"], told["status"], told["version"]) == (
        "waiting_for_customer",
        "waiting",
        2,
    )
    assert program.ask("POST", "/tickets/1001/moves", json=body).status_code == 200, "the same"
    stale = program.ask("POST", "/tickets/1001/moves", json={"move": "start", "version": 1})
    assert stale.status_code == 409
    assert stale.get_json()["detail"]["version"] == 2
    [comment] = program.get("/tickets/1001/comments").get_json()
    assert (comment["body"], comment["author"], comment["visibility"]) == (
        "Which ward?",
        "Kari",
        "public",
    )


@ONE_DATABASE
@pytest.mark.parametrize(
    ("what", "body", "status", "words"),
    [
        ("moves", {"move": "ask"}, 409, "comment"),
        ("moves", {"move": "confirm"}, 409, "Only others"),
        ("moves", {"move": "fly"}, 409, "cannot be changed"),
        ("moves", {}, 422, ""),
        ("moves", {"move": "solve", "comment": "\x00"}, 422, ""),
        ("comments", {"body": " ", "visibility": "public"}, 422, ""),
        ("comments", {"body": "hm", "visibility": "secret"}, 422, ""),
        ("route", {"group": "nowhere"}, 409, "no such group"),
        ("undo", {}, 409, "too late"),
    ],
)
def test_what_cannot_be_is_refused_with_why(
    api: Api, what: str, body: dict[str, Any], status: int, words: str
) -> None:
    critical_at_night(api.database)
    refused = writer(api).ask("POST", f"/tickets/1001/{what}", json=body)
    assert refused.status_code == status
    assert words in refused.get_json()["message"]
    assert [event["kind"] for event in events(api)] == ["opened"]


@ONE_DATABASE
def test_a_note_for_the_desk_is_assigned_and_undone(api: Api) -> None:
    critical_at_night(api.database)
    program = writer(api)
    note = {"body": "Looks like the proxy.", "visibility": "internal", "key": "a1"}
    for _ in range(2):
        assert program.ask("POST", "/tickets/1001/comments", json=note).status_code == 200
    assert len(program.get("/tickets/1001/comments").get_json()) == 1
    done = program.ask("POST", "/tickets/1001/assign", json={"to": "Kari"})
    assert done.get_json()["assigned_to"] == "Kari"
    undone = program.ask("POST", "/tickets/1001/undo", json={})
    assert undone.get_json()["assigned_to"] is None
    assert [event["kind"] for event in events(api)][1:] == [
        "commented",
        "assigned",
        "change_undone",
    ]
