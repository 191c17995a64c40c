"""A critical ticket does not sleep: the worker calls the duty again until somebody has it."""

from __future__ import annotations

from typing import Any

from exchange.records.calls import CallResource, Direction
from tests.end_to_end.call_record import CallRecord
from tests.end_to_end.people import DUTY, IT_MANAGER, NURSING_HOME, VAKT_1, VAKT_1_HOME, VAKT_2
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import RunningProduct

LEADER, LEADERS_PHONE = "teamleiar@brukarstotte.example", "+4749002901"
ASLEEP = dict.fromkeys((VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER), "no_answer")
HEARS_TAKES_CALLS = {
    "persona": "accepts",
    "answers": ["3@sentence", "1@sentence", "3@sentence"],  # the message, the case, its caller
}


def a_message_at_night(product: RunningProduct) -> CallRecord:
    """Nobody answers on the duty line; the caller leaves a message."""
    told = product.call(DUTY, NURSING_HOME, ["1", "speak 7"], people=ASLEEP)
    assert told.outcome == "message"
    wait_until(lambda: bool(product.rows("recordings", call_sid=told.sid)), "the message is here")
    return told


def ticket(product: RunningProduct, told: CallRecord) -> Any:
    return product.get(f"/tickets/{told.ticket['number']}")


def rung_in_call_outs(product: RunningProduct, mark: int) -> list[CallResource]:
    """The telephones that the worker has rung, in order."""
    calls = list(reversed(product.exchange.network.calls.all()))[mark:]
    return [call for call in calls if call.direction is Direction.OUTBOUND_API]


def test_the_backup_hears_the_message_takes_the_case_and_calls_the_caller(
    product: RunningProduct,
) -> None:
    told = a_message_at_night(product)
    mark = len(product.exchange.network.calls.all())
    product.exchange.assign({VAKT_2: HEARS_TAKES_CALLS, NURSING_HOME: "sleeper"})
    assert ticket(product, told)["unacknowledged"] is True

    product.let_time_pass(told, minutes=2)
    wait_until(lambda: bool(ticket(product, told)["acknowledged_by"]), "somebody takes it")
    taken = ticket(product, told)
    assert (taken["acknowledged_by"], taken["unacknowledged"]) == ("Vakt 2", False)
    assert taken["next_call_out_at"] is None

    rang = rung_in_call_outs(product, mark)
    assert [call.called for call in rang] == [VAKT_1, VAKT_1_HOME, VAKT_2]
    backup = rang[-1]
    product.exchange.wait(backup.sid)
    events = backup.transcript.events()
    heard = [str(e.facts.get("text") or e.facts.get("url") or "") for e in events]
    assert "Ingen har teke sak" in " ".join(heard)
    assert any("/twilio/message/" in each for each in heard), "the caller's own words"
    called = product.exchange.network.calls.legs_of(backup.sid)
    assert [(leg.called, leg.caller) for leg in called] == [(NURSING_HOME, DUTY)]
    wait_until(
        lambda: "caller" in roles(ticket(product, told)), "the callback is a leg of the case"
    )

    [recording] = product.rows("recordings", call_sid=told.sid)
    who = {
        (row["who"], row["channel"])
        for row in product.rows("recording_accesses", recording=recording["sid"])
    }
    assert who == {("Vakt 2", "telephone")}
    call_outs = {
        row["person"] for row in product.rows("outbox", kind="sms", call_sid=a_round(told))
    }
    assert call_outs == {"vakt-1", "vakt-2"}, "each is told once"


def test_when_nobody_takes_it_the_contacts_are_told_by_sms_and_mail(
    product: RunningProduct,
) -> None:
    told = a_message_at_night(product)
    number = told.ticket["number"]
    product.let_time_pass(told, minutes=61)
    wait_until(lambda: bool(product.rows("alarms", subject=str(number))), "the call-outs run out")

    assert ticket(product, told)["unacknowledged"] is True
    assert ticket(product, told)["call_outs_made"] == 1
    wait_until(lambda: f"sak {number}" in last_subject(product), "the mail is there")
    wait_until(
        lambda: (
            last_subject(product) in [m.body for m in product.alarms() if m.to == LEADERS_PHONE]
        ),
        "the SMS says what the mail's subject says",
    )


def test_a_round_whose_worker_is_killed_goes_on(product: RunningProduct) -> None:
    told = a_message_at_night(product)
    mark = len(product.exchange.network.calls.all())
    product.exchange.assign({VAKT_1: "human", VAKT_1_HOME: "busy", VAKT_2: "accepts"})
    product.let_time_pass(told, minutes=2)
    wait_until(lambda: len(rung_in_call_outs(product, mark)) == 1, "the first telephone rings")
    wait_until(lambda: not product.open_jobs(a_round(told)), "the worker knows that it rings")
    product.worker.kill()
    product.exchange.decline(rung_in_call_outs(product, mark)[0].sid)
    product.worker.start()
    product.wait_until_ready()

    wait_until(lambda: bool(ticket(product, told)["acknowledged_by"]), "the call-out goes on")
    assert [call.called for call in rung_in_call_outs(product, mark)] == [
        VAKT_1,
        VAKT_1_HOME,
        VAKT_2,
    ]
    assert ticket(product, told)["call_outs_made"] == 1


def a_round(told: CallRecord, which: int = 1) -> str:
    return f"call-out-{told.ticket['number']}-{which}"


def last_subject(product: RunningProduct) -> str:
    mails = product.mail.to(LEADER)
    return str(mails[-1]["Subject"]) if mails else ""


def roles(found: Any) -> list[str]:
    in_call_outs = [leg for call_out in found["call_outs"] for leg in call_out["legs"]]
    return [leg["role"] for leg in (*in_call_outs, *found["legs"])]
