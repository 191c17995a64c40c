"""POST /tickets: a program of the desk's opens a ticket without a call."""

from hashlib import sha256
from typing import Any

import pytest

from app import clock
from app.actions.callouts.call_outs import begin_due_call_outs
from tests.api.v1.api_client import Api
from tests.support.sample_desk import DESK

BODY: dict[str, Any] = {
    "desk": DESK,
    "priority": "critical",
    "subject": "The journal does not answer",
    "customer": "9001",
    "contact": {"number": "49 00 90 77", "name": "Kari Nordmann", "email": "kari@skogli.example"},
    "by": "Teamleiar",
    "note": "reported in the chat",
}


def opens(api: Api, body: Any, key: str | None = "k-1", **how: Any) -> Any:
    headers = {"Authorization": f"Bearer {api.token}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return api.app.test_client().post("/api/v1/tickets", headers=headers, json=body, **how)


@pytest.fixture
def program(api: Api) -> Api:
    return api.with_token(DESK, may_write=True)


@pytest.fixture
def one_program(sqlite_api: Api) -> Api:
    return sqlite_api.with_token(DESK, may_write=True)


@pytest.fixture(scope="module")
def shared_program(shared_api: Api) -> Api:
    return shared_api.with_token(DESK, may_write=True)


def tickets(api: Api) -> list[Any]:
    found = api.get("/tickets").get_json()
    assert isinstance(found, list)
    return found


def test_it_is_opened_once_and_the_duty_is_called_about_it(program: Api) -> None:
    first = opens(program, BODY)
    assert first.status_code == 201
    assert first.headers["Location"].endswith("/api/v1/tickets/1001")
    ticket = first.get_json()
    assert (ticket["number"], ticket["source"], ticket["status"]) == (1001, "staff", "open")
    assert ticket["contact"] == {
        "number": "+4749009077", "name": "Kari Nordmann", "email": "kari@skogli.example",
    }  # fmt: skip
    assert (ticket["caller"], ticket["call_sid"], ticket["calls"]) == ("+4749009077", None, 0)
    assert (ticket["customer"], ticket["agreement"]) == ("9001", "standard")
    assert ticket["unacknowledged"] is True
    assert ticket["next_call_out_at"]

    again = opens(program, BODY)
    assert (again.status_code, again.get_json()["number"]) == (200, 1001)
    assert len(tickets(program)) == 1
    [event] = program.get("/tickets/1001/events").get_json()
    assert event["text"] == "Teamleiar opened the case: reported in the chat."
    assert event["facts"]["via"] == "token a program"

    begin_due_call_outs(program.database, clock.now())
    program.ask("POST", "/tickets/1001/acknowledge", json={"by": "Teamleiar"})
    assert program.get("/tickets/1001").get_json()["next_call_out_at"] is None
    late = opens(program, BODY)
    assert (late.status_code, late.get_json()["acknowledged_by"]) == (200, "Teamleiar")


def test_the_smallest_request_and_without_a_name_the_token_has_done_it(one_program: Api) -> None:
    small = {"desk": DESK, "priority": "low", "subject": "Ny skjerm"}
    ticket = opens(one_program, small).get_json()
    assert ticket["contact"] == {"number": None, "name": None, "email": None}
    assert (ticket["customer"], ticket["next_call_out_at"]) == (None, None)
    [event] = one_program.get("/tickets/1001/events").get_json()
    assert event["who"] == "a program"


def test_a_key_that_was_used_for_another_request_is_refused(one_program: Api) -> None:
    opens(one_program, BODY)
    other = opens(one_program, {**BODY, "subject": "Something else"})
    assert other.status_code == 422
    assert other.get_json()["detail"]["headers"]["Idempotency-Key"] == [
        "the key belongs to another request, which opened case 1001"
    ]
    somebody_else = one_program.with_token(DESK, may_write=True)
    assert opens(somebody_else, BODY).get_json()["number"] == 1002, "keys are each token's own"


@pytest.mark.parametrize("key", [None, "", "x" * 201, "a b", "bø"])
def test_without_a_key_that_can_be_used_nothing_is_opened(
    shared_program: Api, key: str | None
) -> None:
    before = tickets(shared_program)
    refused = opens(shared_program, BODY, key)
    assert refused.status_code == 422
    assert list(refused.get_json()["detail"]["headers"]) == ["Idempotency-Key"]
    assert tickets(shared_program) == before


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"desk": "nowhere"}, "desk", "no such desk"),
        ({"desk": "berg"}, "desk", "no such desk"),
        ({"customer": "4711"}, "customer", "no customer with number 4711"),
        ({"contact": {"number": "12"}}, "contact.number", "not a possible"),
        ({"contact": {"number": "+47 490 02"}}, "contact.number", "not a possible"),
        ({"contact": {"email": "kari"}}, "contact.email", "not an email address"),
        ({"contact": {"phone": "49009077"}}, "contact.phone", "is not known here"),
        ({"contact": "49009077"}, "contact", "must be"),
        ({"priority": "urgent"}, "priority", "must be"),
        ({"subject": "x" * 121}, "subject", "at most 120"),
        ({"subject": ""}, "subject", "at least 1"),
        ({"subject": " ... "}, "subject", "in a few words"),
        ({"subject": "a\u202eb"}, "subject", "cannot be read or heard"),
        ({"subject": "a\nb"}, "subject", "cannot stand there"),
        ({"subject": None}, "subject", "must be a text"),
        ({"subject": ["a"]}, "subject", "must be a text"),
        ({"by": "x" * 201}, "by", "at most 200"),
        ({"note": "x" * 501}, "note", "at most 500"),
        ({"source": "call"}, "source", "is not known here"),
        ({"number": 7}, "number", "is not known here"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_nothing_is_opened(
    shared_program: Api, changes: dict[str, Any], field: str, says: str
) -> None:
    before, key = tickets(shared_program), sha256(repr(changes).encode()).hexdigest()
    refused = opens(shared_program, {**BODY, **changes}, key)
    assert refused.status_code == 422
    detail = refused.get_json()["detail"]["json"]
    assert says in " ".join(detail[field])
    assert tickets(shared_program) == before
    assert opens(shared_program, BODY, key).status_code == 201, "and its key is free"


@pytest.mark.parametrize("body", [[], "x", 7, None, {}])
def test_a_body_that_is_no_ticket_is_refused(shared_program: Api, body: Any) -> None:
    before = tickets(shared_program)
    assert opens(shared_program, body).status_code in (400, 422)
    assert tickets(shared_program) == before


def test_a_token_that_may_only_read_opens_nothing(sqlite_api: Api) -> None:
    reader = sqlite_api.with_token(DESK)
    refused = opens(reader, BODY)
    assert refused.status_code == 403
    assert "--write" in refused.get_json()["message"]
    assert tickets(sqlite_api) == []


def test_the_description_tells_of_the_key_and_of_every_field(shared_api: Api) -> None:
    described = shared_api.get("/openapi.json").get_json()["paths"]["/api/v1/tickets"]["post"]
    [key] = [each for each in described["parameters"] if each["in"] == "header"]
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert set(described["responses"]) >= {"201", "200", "403", "422"}
