"""Opening a ticket: the same from every source, and all that is wrong with what somebody asks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Priority
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.new_ticket_input import (
    Invalid,
    Problem,
    TicketAsked,
    read_asked,
)
from app.domain.tickets.opening import NewTicket, asked_for, open_ticket
from app.domain.tickets.outcome import InboxEvent, NotifyInbox, ReviewCallOuts
from app.domain.tickets.ticket import LONGEST_NAME, LONGEST_NOTE, LONGEST_SUBJECT, Source, WakesDuty
from app.domain.workflow.status import Status
from tests.support.shipped_desks import DESKS, desk_of, shipped

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
DESK = desk_of(shipped("brukarstotte"))
CUSTOMER = Customer("2001", "Fjordgløtt sjukeheim", "standard")
BY = Actor(ActorKind.TOKEN, "Teamleiar", via="token portal")
ASKED = TicketAsked("brukarstotte", Priority.CRITICAL, "Journalen svarar ikkje", BY)

news = st.builds(
    NewTicket,
    source=st.sampled_from(Source),
    priority=st.sampled_from(Priority),
    customer=st.none() | st.just("2001"),
    agreement=st.none() | st.sampled_from(["standard", "one that is gone"]),
    wakes_duty=st.sampled_from(WakesDuty),
    call_sid=st.none() | st.just("CA1"),
    by=st.none() | st.just(BY),
)


@given(news, st.sampled_from(DESKS))
def test_whatever_the_source_the_ticket_is_open_agreed_and_told_of(
    new: NewTicket, id_: str
) -> None:
    desk = desk_of(shipped(id_))
    outcome = open_ticket(new, desk, NOW)
    ticket = outcome.ticket
    assert (ticket.status, ticket.acknowledged, ticket.closed) == (Status.OPEN, None, None)
    assert (ticket.source, ticket.priority, ticket.customer) == (
        new.source, new.priority, new.customer,
    )  # fmt: skip
    assert ticket.agreement in {each.id for each in desk.agreements}
    assert ticket.is_urgent is desk.is_urgent(new.priority, ticket.agreement)
    assert desk.line(ticket.line), "the duty is called from a line of the desk's"
    assert [event.kind for event in outcome.events] == [TicketEventKind.OPENED]
    assert (ReviewCallOuts() in outcome.effects) is ticket.is_urgent
    assert NotifyInbox(InboxEvent.OPENED) in outcome.effects
    assert open_ticket(asked_for(ticket), desk, NOW).ticket == ticket


# --- what somebody writes -----------------------------------------------------------------


def test_what_is_written_is_tidied_and_a_critical_one_may_wake_the_duty() -> None:
    written = replace(
        ASKED, subject="  Journalen\tsvarar \n ikkje ", number="490 02 001", name=" Kari  Vik "
    )
    new = read_asked(written, DESK, CUSTOMER)
    assert isinstance(new, NewTicket)
    assert (new.subject, new.contact.name) == ("Journalen svarar ikkje", "Kari Vik")
    assert new.contact.number.digits == "+4749002001"
    assert (new.customer, new.agreement, new.by) == ("2001", "standard", BY)
    assert new.wakes_duty is WakesDuty.CONFIRMED
    low = read_asked(replace(written, priority=Priority.LOW), DESK, None)
    assert isinstance(low, NewTicket)
    assert low.wakes_duty is WakesDuty.BY_AGREEMENT


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"customer": "4711"}, "customer", Problem.UNKNOWN_CUSTOMER),
        ({"subject": ""}, "subject", Problem.MISSING),
        ({"subject": " \u200b … "}, "subject", Problem.MISSING),
        ({"subject": "x" * (LONGEST_SUBJECT + 1)}, "subject", Problem.TOO_LONG),
        ({"subject": "a\u202eb"}, "subject", Problem.UNREADABLE),
        ({"subject": "a\x00b"}, "subject", Problem.UNREADABLE),
        ({"subject": "a\ud800b"}, "subject", Problem.UNREADABLE),
        ({"name": "x" * (LONGEST_NAME + 1)}, "name", Problem.TOO_LONG),
        ({"note": "x" * (LONGEST_NOTE + 1)}, "note", Problem.TOO_LONG),
        ({"number": "12"}, "number", Problem.NO_SUCH_NUMBER),
        ({"number": "+47490020"}, "number", Problem.NO_SUCH_NUMBER),
        ({"number": "+4749002001999"}, "number", Problem.NO_SUCH_NUMBER),
        ({"number": "anonymous"}, "number", Problem.NO_SUCH_NUMBER),
        ({"number": "call me"}, "number", Problem.NO_SUCH_NUMBER),
        ({"email": "kari"}, "email", Problem.NO_EMAIL),
        ({"email": "kari@vik.example, ola@vik.example"}, "email", Problem.NO_EMAIL),
        ({"email": "kari@vik.example\r\nBcc: all@vik.example"}, "email", Problem.NO_EMAIL),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_field(
    changes: dict[str, str], field: str, problem: Problem
) -> None:
    wrong = read_asked(replace(ASKED, **changes), DESK, None)
    assert isinstance(wrong, tuple)
    assert (field, problem) in {(each.field, each.problem) for each in wrong}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = read_asked(replace(ASKED, desk="nowhere", subject="", number="12"), None, None)
    assert isinstance(wrong, tuple)
    assert [each.field for each in wrong] == ["desk", "subject", "number"]
    assert wrong[0] == Invalid("desk", Problem.UNKNOWN_DESK, "nowhere")


@given(
    st.builds(
        TicketAsked,
        desk=st.just("brukarstotte"),
        priority=st.sampled_from(Priority),
        subject=st.text(max_size=200),
        by=st.just(BY),
        customer=st.text(max_size=5),
        number=st.text(max_size=20),
        name=st.text(max_size=20),
        email=st.text(max_size=20),
        note=st.text(max_size=20),
    )
)
def test_whatever_is_written_is_either_clean_or_refused(asked: TicketAsked) -> None:
    new = read_asked(asked, DESK, None)
    if isinstance(new, tuple):
        assert new
        return
    for text in (new.subject, new.contact.name, new.contact.email, new.note):
        assert text.isprintable()
        assert text == text.strip()
    assert 0 < len(new.subject) <= LONGEST_SUBJECT
