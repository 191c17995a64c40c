"""A program connects somebody of the roster with a ticket's customer: the worker rings them first,
they press 1, and the customer's telephone shows the desk's number.
"""

from __future__ import annotations

from typing import Any

import requests
from sqlalchemy import Connection, update

from app import clock
from app.store.tables import CustomerCallRow, JobKind, JobRow, JobState
from exchange.records.calls import Direction
from tests.end_to_end.people import NURSING_HOME, SUPPORT, VAKT_1
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ANSWERS_WITHIN, ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER


def call(product: RunningProduct, number: int, **body: Any) -> requests.Response:
    address = f"{product.url}/api/v1/tickets/{number}/call"
    headers = {"Authorization": f"Bearer {product.api_token}"}
    return requests.post(address, json=body, headers=headers, timeout=ANSWERS_WITHIN)


def test_who_works_on_a_ticket_is_rung_presses_1_and_talks_with_its_customer(
    product: RunningProduct,
) -> None:
    ticket = product.open_ticket(
        "customer-call",
        desk="brukarstotte",
        priority="low",
        subject="Skrivaren står",
        customer="2001",
        contact={"number": NURSING_HOME, "name": "Avdeling 2"},
        by="Teamleiar",
    )["number"]
    mark = len(product.exchange.network.calls.all())
    product.exchange.assign({VAKT_1: "accepts", NURSING_HOME: "sleeper"})
    asked = {"person": "vakt-1", "by": "Vakt 1", "confirmed": True, "key": "once"}
    for _ in range(2):
        assert call(product, ticket, **asked).status_code == 200

    def events() -> list[tuple[str, str]]:
        return [(e["kind"], e["who"]) for e in product.get(f"/tickets/{ticket}/events")[1:]]

    both = {("acknowledged", "Vakt 1"), ("customer_called", "Vakt 1")}
    wait_until(lambda: both <= set(events()), "they have talked")
    assert product.get(f"/tickets/{ticket}")["responded_at"]
    placed = list(reversed(product.exchange.network.calls.all()))[mark:]
    [first] = [each for each in placed if each.direction is Direction.OUTBOUND_API]
    assert (first.called, first.caller) == (VAKT_1, SUPPORT)
    [customer] = product.exchange.network.calls.legs_of(first.sid)
    assert (customer.called, customer.caller) == (NURSING_HOME, SUPPORT)
    assert call(product, ticket, person="nobody", confirmed=True).status_code == 409

    forget_what_was_reported(product, ticket)
    wait_until(
        lambda: events().count(("customer_called", "Vakt 1")) == 2,
        "the worker has asked the network how it went",
    )


def forget_what_was_reported(product: RunningProduct, ticket: int) -> None:
    """As if the database had been away when the network told how it went; the look is due."""
    about = update(CustomerCallRow).where(CustomerCallRow.ticket == ticket)
    told = {
        "status": "in-progress",
        "customer_status": "",
        "connected_at": None,
        "talk_seconds": None,
        "recorded_at": None,
    }
    looks = update(JobRow).where(JobRow.kind == JobKind.CUSTOMER_CALL_STATUS)
    waiting = looks.where(JobRow.state == JobState.WAITING)

    def forget(connection: Connection) -> None:
        connection.execute(about.values(told))
        connection.execute(waiting.values(due_at=clock.now()))

    product.change(forget)
