"""The judge finds what a storm must never do; each story breaks one rule and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from exchange.records.transcript import Event, Kind
from tests.tools.storm.heard import Heard, Network, Phone, Sms
from tests.tools.storm.judge import judge, sms_sent_twice
from tests.tools.storm.rows import Rows

CALL, LEG, RECORDING = "CA1", "CA2", "RE1"
CALLER, DUTY = "+4749080001", "+4749007701"
NIGHT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
OPENED, THANKS = "Saksnummer 1, 0, 4, 2.", "Takk, beskjeden er mottatt."
SENT = "Nattdesk: Den kritiske saka di er registrert med nummer 1042. Blir det verre, ring 20 00."


def event(kind: Kind, **facts: Any) -> Event:
    return Event(kind, 1.0, NIGHT, facts)


def hears(text: str) -> Event:
    return event(Kind.HEARS, text=text)


def a_call(*events: Event) -> Heard:
    return Heard(CALL, "critical", CALLER, "+4720000710", ("1",), "completed", events)


TALKED = a_call(
    hears(OPENED),
    event(Kind.RINGS, leg=LEG, number=DUTY),
    event(Kind.WHISPER_HEARS, leg=LEG, text="Sak 1, 0, 4, 2."),
    event(Kind.LEG_PRESSES, leg=LEG, keys="1"),
    event(Kind.TALKS, leg=LEG, seconds=20, ended_by="caller"),
    event(Kind.HANGS_UP, by="caller"),
)
LEFT_A_MESSAGE = a_call(
    hears(OPENED),
    event(Kind.RECORDS, recording=RECORDING, status="completed", seconds=6.0),
    hears(THANKS),
)
PHONE = Phone(LEG, CALL, DUTY, ("Sak 1, 0, 4, 2.",), ("1",))
CALL_ROW = {
    "sid": CALL,
    "ended_at": NIGHT,
    "talking": None,
    "outcome": "connected",
    "ticket": 1042,
    "step": "goodbye",
}
TICKET = {
    "number": 1042,
    "call_sid": CALL,
    "caller": CALLER,
    "priority": "critical",
    "acknowledged_by": "Vakt 1",
    "next_call_out_at": None,
}
LEG_ROW = {"call_sid": CALL, "sid": LEG, "outcome": "accepted"}
JOB = {
    "id": 1,
    "kind": "sms",
    "dedup": "CA1:caller",
    "state": "sent",
    "attempts": 1,
    "provider_sid": "SM1",
    "call_sid": CALL,
    "payload": f'{{"to": "{CALLER}"}}',
}
KEPT = {"sid": RECORDING, "call_sid": CALL, "ticket": 1042}

HEARD = Network((TALKED,), (PHONE,), (Sms("SM1", CALLER, SENT),), frozenset())
ROWS = Rows(calls=(CALL_ROW,), tickets=(TICKET,), legs=(LEG_ROW,), outbox=(JOB,))
MESSAGE = replace(HEARD, calls=(LEFT_A_MESSAGE,))
UNANSWERED = TICKET | {"acknowledged_by": None, "next_call_out_at": NIGHT}
MESSAGE_ROWS = replace(
    ROWS,
    calls=(CALL_ROW | {"outcome": "message"},),
    tickets=(UNANSWERED,),
    recordings=(KEPT,),
)


def rules(network: Network, rows: Rows) -> set[str]:
    return {violation.rule for violation in judge(network, rows)}


def test_a_call_that_was_connected_and_one_that_left_a_message_break_no_rule() -> None:
    assert judge(HEARD, ROWS) == ()
    assert judge(MESSAGE, MESSAGE_ROWS) == ()


Change = Callable[[Network, Rows], tuple[Network, Rows]]


def heard(*events: Event) -> Change:
    """The caller heard something else."""
    return lambda network, rows: (replace(network, calls=(a_call(*events),)), rows)


def stored(**tables: Any) -> Change:
    """The rows say something else."""
    return lambda network, rows: (network, replace(rows, **tables))


WRONG: dict[str, tuple[bool, Change, set[str]]] = {
    "silence": (True, heard(), {"every_caller_ended_well"}),
    "the network's own error": (
        True,
        heard(hears(OPENED), event(Kind.APPLICATION_ERROR)),
        {"every_caller_ended_well", "nobody_hears_the_networks_error"},
    ),
    "hung up on in the menu": (
        True,
        heard(hears("Vi ringjer vakta.")),
        {"every_caller_ended_well"},
    ),
    "the call hangs": (
        False,
        stored(calls=(CALL_ROW | {"ended_at": None},)),
        {"every_call_is_stored_and_over"},
    ),
    "they are still talking, say the rows": (
        False,
        stored(calls=(CALL_ROW | {"talking": DUTY},)),
        {"every_call_is_stored_and_over"},
    ),
    "they talked, and nobody has noted it": (
        False,
        stored(calls=(CALL_ROW | {"outcome": "ticket"},)),
        {"a_talk_is_a_connected_call"},
    ),
    "the ticket is lost": (
        False,
        stored(tickets=()),
        {
            "every_number_said_is_the_callers_own",
            "no_ticket_is_lost",
            "every_sms_and_whisper_names_the_right_ticket",
        },
    ),
    "the number is somebody else's": (
        False,
        stored(tickets=(TICKET | {"caller": "+4749080009"},)),
        {
            "every_number_said_is_the_callers_own",
            "no_ticket_is_lost",
            "every_sms_and_whisper_names_the_right_ticket",
        },
    ),
    "two tickets": (
        False,
        stored(tickets=(TICKET, UNANSWERED | {"number": 1043})),
        {"no_call_has_two_tickets"},
    ),
    "nobody is called about a critical ticket": (
        True,
        stored(tickets=(UNANSWERED | {"next_call_out_at": None},)),
        {"every_critical_ticket_is_accepted_or_alarmed"},
    ),
    "accepted by nobody": (
        True,
        stored(tickets=(TICKET,), legs=()),
        {"who_accepted_has_pressed_1"},
    ),
    "the message is not kept": (
        True,
        stored(recordings=()),
        {"every_message_is_kept_with_its_ticket"},
    ),
    "the message lies on no ticket": (
        True,
        stored(recordings=(KEPT | {"ticket": None},)),
        {"every_message_is_kept_with_its_ticket"},
    ),
    "an SMS that says it was sent, and was not": (
        False,
        stored(outbox=(JOB, JOB | {"id": 2, "provider_sid": "SM9"})),
        {"every_sms_that_left_is_known"},
    ),
    "the outbox is not empty": (
        False,
        stored(outbox=(JOB, JOB | {"id": 2, "state": "waiting", "provider_sid": None})),
        {"nothing_waits"},
    ),
    "the journal is not empty": (False, stored(waiting=("call CA1",)), {"nothing_waits"}),
    "a traceback": (False, stored(faults=("broken",)), {"the_product_found_no_fault_in_itself"}),
}


@pytest.mark.parametrize("story", WRONG)
def test_what_must_not_happen_is_found(story: str) -> None:
    is_message, change, broken = WRONG[story]
    network, rows = (MESSAGE, MESSAGE_ROWS) if is_message else (HEARD, ROWS)

    assert rules(*change(network, rows)) == broken


def test_who_was_promised_an_sms_must_get_it() -> None:
    promised = heard(hears("Du får saksnummeret på SMS."), *TALKED.events[1:])
    network, rows = promised(HEARD, ROWS)

    assert rules(network, rows) == set()
    assert rules(replace(network, messages=()), replace(rows, outbox=())) == {
        "who_was_promised_an_sms_got_it"
    }


def test_a_whisper_with_another_callers_ticket_is_found() -> None:
    strange = replace(PHONE, whispers=("Sak 1, 0, 4, 1.",))

    assert rules(replace(HEARD, phones=(strange,)), ROWS) == {
        "every_sms_and_whisper_names_the_right_ticket"
    }


def test_an_alarmed_contact_is_as_good_as_a_round() -> None:
    told = Sms("SM2", "+4749007901", "Nattdesk: sak 1042 er ikkje svart på.")
    known = JOB | {"id": 2, "provider_sid": "SM2", "call_sid": None}
    rows = replace(
        MESSAGE_ROWS,
        tickets=(UNANSWERED | {"next_call_out_at": None},),
        outbox=(JOB, known),
    )

    assert rules(replace(MESSAGE, messages=(*MESSAGE.messages, told)), rows) == set()


def test_an_sms_that_left_twice_is_counted_and_is_no_fault() -> None:
    again = replace(HEARD, messages=(*HEARD.messages, Sms("SM7", CALLER, SENT)))

    assert judge(again, ROWS) == ()
    assert sms_sent_twice(again, ROWS) == 1
