"""Tickets that belong together: linked, merged, copied, and never in a circle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.numbers import parse_number
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.links import (
    INVERSE,
    MOST_LINKS,
    LinkKind,
    MergeAsked,
    TicketLink,
    copied,
    link,
    looks_alike,
    merge,
)
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import AddComment, Outcome
from app.domain.tickets.ticket import Closed, Contact, Source, Ticket, Work
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Requirement
from tests.support.shipped_desks import desk_of, shipped

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DESK = desk_of(shipped("brukarstotte"))
KARI = Actor(ActorKind.PERSON, "Kari", "1")


def ticket(number: int, subject: str = "", customer: str | None = None, days: int = 0) -> Ticket:
    opened = AT + timedelta(days=days)
    work = Work("open")
    return Ticket(
        "brukarstotte", Source.STAFF, Priority.LOW, opened, number, subject=subject,
        customer=customer, agreement="standard", work=work,
    )  # fmt: skip


@pytest.mark.parametrize("kind", LinkKind)
def test_each_of_two_says_what_the_other_is(kind: LinkKind) -> None:
    made = link(ticket(1), ticket(2), kind, ())
    assert made == TicketLink(1, kind, 2)
    assert isinstance(made, TicketLink)
    assert made.seen_from(1) == (str(kind), 2)
    assert made.seen_from(2) == (INVERSE[kind], 1)
    assert link(ticket(1), ticket(2), kind, (made,)) == Unchanged()


def test_nothing_is_linked_with_itself_or_with_another_desks() -> None:
    elsewhere = replace(ticket(2), desk="prokom")
    for other in (ticket(1), elsewhere):
        refused = link(ticket(1), other, LinkKind.RELATED, ())
        assert refused == Refused(Refusal.NOT_TO_BE_LINKED, "", None)


numbers = st.integers(1, 6)


@given(st.lists(st.tuples(numbers, numbers), max_size=20))
def test_no_ticket_becomes_a_part_of_itself(pairs: list[tuple[int, int]]) -> None:
    known: tuple[TicketLink, ...] = ()
    for child, parent in pairs:
        made = link(ticket(child), ticket(parent), LinkKind.CHILD_OF, known)
        known = (*known, made) if isinstance(made, TicketLink) else known
    for each in known:
        above, next_ones = set[int](), {each.other}
        while next_ones:
            above |= next_ones
            next_ones = {k.other for k in known if k.ticket in next_ones} - above
        assert each.ticket not in above


def test_a_duplicate_is_closed_and_the_one_that_stays_must_be_open() -> None:
    done = merge(ticket(1), MergeAsked(ticket(2)), DESK, KARI, AT)
    assert isinstance(done, Outcome)
    assert done.ticket.status is Status.CLOSED
    closed = replace(ticket(2), status=Status.CLOSED, closed=Closed("Ola", AT))
    refused = merge(ticket(1), MergeAsked(closed), DESK, KARI, AT)
    assert refused == Refused(Refusal.ALREADY_CLOSED, "Ola", AT)


def test_where_the_customer_must_be_told_as_a_case_is_closed_a_merge_says_it() -> None:
    moves = (
        replace(each, requires=(Requirement.COMMENT,)) if each.id == "close" else each
        for each in DESK.workflow.moves
    )
    strict = replace(DESK, workflow=replace(DESK.workflow, moves=tuple(moves)))
    silent = merge(ticket(1), MergeAsked(ticket(2)), strict, KARI, AT)
    assert silent == Refused(Refusal.NEEDS_COMMENT, "", None)
    said = MergeAsked(ticket(2), "We answer you in case 2.")
    told = merge(ticket(1), said, strict, KARI, AT)
    assert isinstance(told, Outcome)
    assert AddComment(Comment(said.words, Side.DESK), KARI) in told.effects
    internal = merge(ticket(1), said, DESK, KARI, AT)
    assert isinstance(internal, Outcome)
    assert internal.events[-1].facts["note"] == said.words, "the customer need not be told"


def test_a_copy_has_who_and_what_and_nothing_of_what_was_done() -> None:
    whole = replace(
        ticket(1, "The printer", "2001"),
        contact=Contact(parse_number("+4749002001"), "Ola", "ola@skule.example"),
        status=Status.WAITING,
        work=Work("waiting_for_customer", AT),
        responded_at=AT,
    )
    new = copied(whole, KARI)
    assert (new.subject, new.customer, new.contact) == ("The printer", "2001", whole.contact)
    assert new.call_sid is None
    assert copied(whole, KARI, "The other printer").subject == "The other printer"


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        (ticket(2, "printer in ward 2 broken", "2001"), True),
        (ticket(2, "Printer ward 2", "2001"), True),
        (ticket(2, "The journal is slow", "2001"), False),
        (ticket(2, "printer in ward 2 broken", "2002"), False),
        (ticket(2, "printer in ward 2 broken", "2001", days=8), False),
        (replace(ticket(2, "printer in ward 2", "2001"), status=Status.SOLVED), False),
        (ticket(1, "printer in ward 2", "2001"), False),
    ],
)
def test_the_same_case_reported_twice_is_noticed(other: Ticket, is_alike: bool) -> None:
    assert looks_alike(ticket(1, "Printer in ward 2", "2001"), other) is is_alike


def test_two_calls_from_one_telephone_without_words_may_be_the_same() -> None:
    phone = Contact(parse_number("+4749002001"))
    calls = [replace(ticket(number), contact=phone) for number in (1, 2)]
    assert looks_alike(*calls)


def test_neither_of_two_tickets_has_more_links_than_can_be_read() -> None:
    full = tuple(TicketLink(number, LinkKind.RELATED, 2) for number in range(10, 10 + MOST_LINKS))
    refused = Refused(Refusal.NOT_TO_BE_LINKED, "", None)
    assert link(ticket(2), ticket(1), LinkKind.RELATED, full) == refused
    assert link(ticket(1), ticket(2), LinkKind.RELATED, full) == refused
    assert link(ticket(1), ticket(2), LinkKind.RELATED, full[1:]) == TicketLink(
        1, LinkKind.RELATED, 2
    )
