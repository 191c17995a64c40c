"""A ticket that somebody at the desk opens at night: the duty is called until somebody has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, update

from app import clock
from app.store.tables import CallOutRow, TicketRow
from exchange.records.calls import CallResource, Direction
from tests.end_to_end.people import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    SATURDAY_NIGHT,
    SCHOOL,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ON_A_SERVER, UNKNOWN_LINE, RunningProduct

pytestmark = ON_A_SERVER

ASLEEP = dict.fromkeys((VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER), "no_answer")
PRESSES_1_AND_3 = {"persona": "accepts", "answers": ["1", "3"]}
PEOPLE = {**ASLEEP, VAKT_1: "human", VAKT_2: PRESSES_1_AND_3, NURSING_HOME: "sleeper"}
SUBJECT = "Fagsystemet i heimetenesta svarar ikkje"
ASKED: dict[str, Any] = {
    "desk": "brukarstotte",
    "priority": "critical",
    "subject": SUBJECT,
    "customer": "2001",
    "contact": {"number": NURSING_HOME, "name": "Avdeling 2"},
    "by": "Teamleiar",
}


def opens_at_night(product: RunningProduct, key: str) -> int:
    """Somebody opens a critical ticket; the night is an offset to real time.

    What the worker places lives at the moment of the network's newest call.
    """
    product.call(UNKNOWN_LINE, SCHOOL, at=SATURDAY_NIGHT)
    with product.no_worker():
        ticket = product.open_ticket(key, **ASKED)
        passes(product, ticket["number"], timedelta(0))
    return int(ticket["number"])


def passes(product: RunningProduct, number: int, since: timedelta) -> None:
    """So much later is it for the ticket, and somebody looks at it now."""

    def pass_by(connection: Connection) -> None:
        offset = (SATURDAY_NIGHT + since - clock.now()).total_seconds()
        this = update(TicketRow).where(TicketRow.number == number)
        connection.execute(this.values(offset_seconds=offset, created_at=SATURDAY_NIGHT))
        about = update(CallOutRow).where(CallOutRow.ticket == number)
        connection.execute(about.values(offset_seconds=offset))
        waits = this.where(TicketRow.next_call_out_at.is_not(None))
        connection.execute(waits.values(next_call_out_at=clock.now()))

    product.change(pass_by)


def rung(product: RunningProduct, mark: int) -> list[CallResource]:
    calls = list(reversed(product.exchange.network.calls.all()))[mark:]
    return [call for call in calls if call.direction is Direction.OUTBOUND_API]


def declines_when_all_are_notified(product: RunningProduct, number: int, mark: int) -> None:
    """Not before: of a ticket that is taken nobody gets an SMS any more."""
    wait_until(lambda: bool(rung(product, mark)), "the first telephone rings")
    wait_until(lambda: not product.open_jobs(f"call-out-{number}-1"), "the outbox is empty")
    product.exchange.decline(rung(product, mark)[0].sid)


def heard_by(call: CallResource) -> str:
    return " ".join(str(event.facts.get("text") or "") for event in call.transcript.events())


def outcomes(product: RunningProduct, number: int) -> list[str]:
    return [
        leg["outcome"]
        for call_out in product.get(f"/tickets/{number}")["call_outs"]
        for leg in call_out["legs"]
    ]


def test_the_duty_hears_what_it_is_about_presses_1_and_calls_the_contact(
    product: RunningProduct,
) -> None:
    mark, written = len(product.exchange.network.calls.all()), len(product.exchange.messages())
    product.exchange.assign(PEOPLE)
    number = opens_at_night(product, "e2e-1")
    declines_when_all_are_notified(product, number, mark)

    wait_until(lambda: bool(product.get(f"/tickets/{number}")["acknowledged_by"]), "it is taken")
    ticket = product.get(f"/tickets/{number}")
    assert (ticket["acknowledged_by"], ticket["status"]) == ("Vakt 2", "acknowledged")
    assert ticket["next_call_out_at"] is None
    phones = rung(product, mark)
    assert [call.called for call in phones] == [VAKT_1, VAKT_1_HOME, VAKT_2]
    assert {call.caller for call in phones} == {DUTY}
    backup = phones[-1]
    product.exchange.wait(backup.sid)
    heard = heard_by(backup)
    assert "Ingen har teke sak" in heard
    assert SUBJECT in heard
    assert "For å ringje kontakten, trykk 3" in heard
    [called] = product.exchange.network.calls.legs_of(backup.sid)
    assert (called.called, called.caller) == (NURSING_HOME, DUTY)

    sms = {m.to: m.body for m in product.messages(written)}
    assert set(sms) == {VAKT_1, VAKT_2}
    assert f"Ingen har teke sak {number}, kritisk ({NURSING_HOME}): {SUBJECT}" in sms[VAKT_1]
    again = product.open_ticket("e2e-1", **ASKED)
    assert (again["number"], again["acknowledged_by"]) == (number, "Vakt 2")


def test_nobody_takes_it_and_the_contacts_are_told(product: RunningProduct) -> None:
    product.exchange.assign(ASLEEP)
    number = opens_at_night(product, "e2e-2")
    wait_until(lambda: outcomes(product, number) == ["no_answer"] * len(ASLEEP), "all are rung")
    passes(product, number, timedelta(minutes=61))
    wait_until(lambda: bool(product.rows("alarms", subject=str(number))), "the call-outs run out")
    events = product.get(f"/tickets/{number}/events")
    assert [event["kind"] for event in events][:2] == ["opened", "call_out_unanswered"]
    assert product.get(f"/tickets/{number}")["unacknowledged"] is True
