"""What the API says, field by field, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.store.tables import CallRow, TicketRow
from tests.api.v1.api_client import Api
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left, accepts, nobody_answers
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    SUPPORT,
    later,
)
from tests.support.stored_call import DrivenCall, critical_at_night

AT_NIGHT = "2026-11-21T23:10"
TICKET_FIELDS = {
    "number", "desk", "customer", "agreement", "caller", "priority", "status", "created_at",
    "respond_by", "solve_by", "responded_at", "paused_since", "workaround_at", "agreed_solve_by",
    "escalation_held_at", "escalation_held_until",
    "acknowledged_by", "acknowledged_at", "closed_by", "closed_at",
    "state", "version", "group", "assigned_to", "call_sid", "calls", "source", "subject", "contact",
    "unacknowledged", "call_outs_made", "next_call_out_at", "call_outs", "legs",
}  # fmt: skip


@ONE_DATABASE
def test_desks_are_listed_with_lines_agreements_and_levels(api: Api) -> None:
    [desk] = api.get("/desks").get_json()
    assert (desk["id"], desk["name"]) == (DESK, "Fjordhjelp")
    assert [(line["number"], line["kind"]) for line in desk["lines"]] == [
        (SUPPORT, "support"),
        (DUTY, "duty"),
    ]
    assert desk["agreements"] == [{"id": "standard", "name": "Standard"}]
    assert desk["priorities"] == [
        {"id": "critical", "name": "Kritisk"},
        {"id": "high", "name": "Høy"},
        {"id": "medium", "name": "Middels"},
        {"id": "low", "name": "Lav"},
    ]


@ONE_DATABASE
def test_the_duty_is_listed_in_ringing_order_with_reasons(api: Api) -> None:
    answer = api.get(f"/desks/{DESK}/duty?at={AT_NIGHT}").get_json()
    assert answer["at"] == "2026-11-21T23:10:00+01:00"
    rung = [(each["person"], each["role"], each["phone"]) for each in answer["on_duty"]]
    assert rung == [
        ("duty-1", "primary", DUTY_1),
        ("duty-2", "backup", DUTY_2),
        (None, "last_resort", LAST_RESORT),
    ]
    assert answer["on_duty"][0]["from"] == "2026-11-16T08:00:00+01:00"
    assert answer["on_duty"][0]["to"] == "2026-11-23T08:00:00+01:00"
    assert {"code", "text"} == set(answer["reasons"][0])
    assert answer["reasons"][0]["code"] == "duty_hours"


@ONE_DATABASE
def test_a_ticket_is_given_with_all_its_fields_on_the_desks_wall(api: Api) -> None:
    call = critical_at_night(api.database)
    call.somebody_accepts(1)
    [ticket] = api.get("/tickets?call_sid=CA1").get_json()
    assert set(ticket) == TICKET_FIELDS
    assert ticket["number"] == 1001
    assert (ticket["desk"], ticket["customer"], ticket["caller"]) == (DESK, "9001", CALLER)
    assert (ticket["priority"], ticket["status"]) == ("critical", "acknowledged")
    assert ticket["created_at"] == "2026-11-21T23:10:02+01:00"
    assert ticket["respond_by"] is None, "nothing was ever agreed"
    assert ticket["acknowledged_by"] == "Duty 1"
    assert api.get("/tickets/1001").get_json() == ticket
    assert api.get("/tickets/1002").status_code == 404


def test_a_ticket_that_nobody_takes_is_unanswered_and_shows_its_rounds(api: Api) -> None:
    ended = a_message_is_left(api.database)
    [ticket] = api.get("/tickets?unacknowledged=true").get_json()
    assert (ticket["unacknowledged"], ticket["call_outs_made"]) == (True, 0)
    assert (ticket["call_outs"], ticket["legs"]) == ([], [])
    assert ticket["next_call_out_at"] is not None

    begin_due_call_outs(api.database, ended + timedelta(minutes=1))
    nobody_answers(api.database, ended + timedelta(minutes=2))
    ticket = api.get("/tickets/1001").get_json()
    assert (ticket["unacknowledged"], ticket["call_outs_made"]) == (True, 1)
    [call_out] = ticket["call_outs"]
    assert call_out["number"] == 1
    assert [leg["number"] for leg in call_out["legs"]][:1] == [DUTY_1]
    assert {leg["outcome"] for leg in call_out["legs"]} == {"no_answer"}
    reasons = api.get(f"/desks/{DESK}/duty").get_json()["reasons"]
    missed = {each["text"] for each in reasons if each["code"] == "missed_a_call_out"}
    assert "Duty 2 missed a call-out: rung last" in missed

    begin_due_call_outs(api.database, ended + timedelta(minutes=3))
    begin_due_call_outs(api.database, ended + timedelta(minutes=6))
    accepts(api.database, ended + timedelta(minutes=7), "call-out-1001-2")
    assert api.get("/tickets?unacknowledged=true").get_json() == []
    [ticket] = api.get("/tickets?unacknowledged=false").get_json()
    assert (ticket["unacknowledged"], ticket["next_call_out_at"]) == (False, None)
    second = api.get("/call-outs/call-out-1001-2").get_json()
    assert (second["ticket"], second["number"]) == (1001, 2)
    [about] = api.get("/tickets?call_sid=call-out-1001-2").get_json()
    assert about["number"] == 1001
    assert second["legs"][0]["outcome"] == "accepted"
    assert [line for line in second["told"] if line.startswith("accepted")]
    assert api.get("/calls/call-out-1001-2").status_code == 404
    assert api.get("/call-outs/call-out-1001-9").status_code == 404
    assert [call["sid"] for call in api.get("/calls").get_json()] == ["CA1"]


@ONE_DATABASE
def test_a_call_is_given_with_turns_reasons_legs_outcome_and_ticket(api: Api) -> None:
    call = critical_at_night(api.database)
    call.nobody_answers()
    call.somebody_accepts(2)
    call.hangs_up()
    answer = api.get("/calls/CA1").get_json()
    assert (answer["outcome"], answer["ticket"]) == ("connected", 1001)
    assert [(leg["name"], leg["outcome"]) for leg in answer["legs"]] == [
        ("Duty 1", "no_answer"),
        ("Duty 1", "accepted"),
    ]
    codes = [reason["code"] for reason in answer["reasons"]]
    assert codes[0] == "duty_hours"
    assert {"known_number", "wakes_duty", "on_duty", "accepted"} <= set(codes)
    assert [turn["event"] for turn in answer["turns"]][:3] == ["arrived", "pressed", "ring_ended"]
    assert "press  1" in answer["told"]
    assert answer["told"][-1] == "ends   connected"
    assert api.get("/calls").get_json() == [answer]
    assert api.get("/calls/CA9").status_code == 404


@ONE_DATABASE
def test_a_call_to_nobody_is_for_those_who_may_see_all(api: Api) -> None:
    DrivenCall(api.database, "CA7", line="+4720009999").arrives()
    assert [call["outcome"] for call in api.get("/calls").get_json()] == ["informed"]
    assert api.with_token(DESK).get("/calls").get_json() == []


@pytest.mark.parametrize("path", ["/tickets", "/calls"])
def test_the_link_header_leads_through_the_whole_list_once(api: Api, path: str) -> None:
    for count in range(5):
        caller = f"+474900909{count}"
        critical_at_night(api.database, f"CA{count}", caller=caller, start=later(60 * count))
    seen, next_page, pages = [], f"{path}?limit=2&desk={DESK}", 0
    while next_page:
        answer = api.get(next_page)
        seen += [each.get("sid") or each["call_sid"] for each in answer.get_json()]
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('; rel="next"')
        next_page = link[1:].partition(">")[0].partition("/api/v1")[2]
        pages += 1
    assert seen == ["CA4", "CA3", "CA2", "CA1", "CA0"]
    assert pages == 3


@pytest.mark.parametrize("path", ["/tickets", "/calls"])
@pytest.mark.parametrize(("limit", "leads_on"), [(1, True), (2, False), (200, False)])
def test_the_last_page_leads_nowhere(
    sqlite_api: Api, path: str, limit: int, leads_on: bool
) -> None:
    for count in range(2):
        start = later(60 * count)
        critical_at_night(
            sqlite_api.database, f"CA{count}", caller=f"+474900909{count}", start=start
        )

    answer = sqlite_api.get(f"{path}?limit={limit}")

    assert len(answer.get_json()) == min(limit, 2)
    assert ("Link" in answer.headers) is leads_on


def test_the_largest_page_leads_on_too(sqlite_api: Api) -> None:
    critical_at_night(sqlite_api.database)

    def two_hundred_more(connection: Connection) -> None:
        first = connection.execute(select(TicketRow.__table__)).mappings().one()
        copies = [{**first, "number": 2000 + n, "call_sid": None} for n in range(200)]
        connection.execute(insert(TicketRow), copies)

    sqlite_api.database.write(two_hundred_more)

    answer = sqlite_api.get("/tickets?limit=200")

    assert len(answer.get_json()) == 200
    assert "Link" in answer.headers
    assert len(sqlite_api.get("/tickets?limit=200&before=2000").get_json()) == 1


@pytest.mark.parametrize("host", ["localhost:8000", "evil.example"])
def test_the_link_is_of_our_public_address_whatever_the_host_says(
    sqlite_api: Api, host: str
) -> None:
    for count in range(2):
        critical_at_night(sqlite_api.database, f"CA{count}", start=later(60 * 90 * count))

    answer = sqlite_api.get("/calls?limit=1", base_url=f"http://{host}")

    assert answer.headers["Link"].startswith("<http://localhost:8000/api/v1/calls?limit=1&before=")


@ONE_DATABASE
def test_a_foreseen_call_is_told_in_full_and_stores_nothing(api: Api) -> None:
    asked = {"line": DUTY, "from": CALLER, "at": AT_NIGHT, "keys": "1", "ringing": "unanswered"}
    answer = api.ask("POST", "/explain", json=asked).get_json()
    assert set(answer) == {"told", "outcome", "rings", "ticket", "reasons"}
    assert answer["outcome"] == "ticket"
    assert answer["rings"] == [DUTY_1, "+4720009101", DUTY_2, LAST_RESORT]
    assert set(answer["ticket"]) == TICKET_FIELDS
    assert answer["ticket"]["number"] is None
    assert answer["ticket"]["status"] == "open"
    assert answer["told"][0].startswith("call   Fjordhjelp duty, from +47 49 00 90 01, Sat 21 Nov")
    with api.database.read() as connection:
        for rows in (CallRow, TicketRow):
            assert connection.execute(select(func.count()).select_from(rows)).scalar_one() == 0


def test_answers_can_be_a_list_and_reasons_in_another_language(sqlite_api: Api) -> None:
    asked = {"line": DUTY, "from": CALLER, "at": AT_NIGHT, "keys": ["1"], "language": "nn"}
    answer = sqlite_api.ask("POST", "/explain", json=asked).get_json()
    assert answer["outcome"] == "connected"
    assert answer["ticket"]["acknowledged_by"] == "Duty 1"
    assert "kritisk vekkjer vakta" in [reason["text"] for reason in answer["reasons"]]
